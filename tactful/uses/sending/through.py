"""Sending through one channel until nothing is due: as fast as its provider takes it, and no faster."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tactful.decide import Rules
from tactful.kernel.errors import Refusal
from tactful.kernel.ports import Promise, Pushed
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.decided import deliveries
from tactful.store.decided.deliveries import Outcome
from tactful.store.decided.interventions import SENDING
from tactful.store.running import jobs
from tactful.store.running.pacing import Pacing
from tactful.uses.sending.result import attempt, note
from tactful.uses.sending.settings import DOUBTFUL_WAVE, LEASE, TRIES, WAVE
from tactful.uses.sending.wave import Wave, prepare

# Waves of one channel in one process: while one is noted another is on its way.
ABREAST = 2
# What is not worth keeping a job for: whoever has to wait longer comes back [s].
PATIENCE = 5.0
# Rests of a provider that is not there, doubled each time [s].
FIRST_REST, LONGEST_REST = 2.0, 300.0


@dataclass(frozen=True, slots=True)
class Ways:
    """All that sending needs beside the channel. now: the clock."""

    database: Database
    rules: Rules
    settings: Settings
    pacing: Pacing
    now: Callable[[], datetime]


async def send_due(ways: Ways, channel: Pushed) -> int:
    """Send what is due through a channel; answers how many were taken by the other side.

    What is due later, or has to wait for the provider, wakes a worker again by itself.
    """
    await asyncio.to_thread(_take_up, ways, channel)
    sent = await asyncio.gather(*(_one_after_another(ways, channel) for _ in range(ABREAST)))
    await asyncio.to_thread(_come_back, ways, channel.name, max(rest for _, rest in sent))
    return sum(taken for taken, _ in sent)


async def _one_after_another(ways: Ways, channel: Pushed) -> tuple[int, float]:
    """How many were taken, and how long the provider has to be left alone now [s]."""
    sent, failures = 0, 0
    size = ways.settings[WAVE if channel.promise is Promise.IDEMPOTENT else DOUBTFUL_WAVE]
    while True:
        free, wait = await ways.pacing.take(channel.name, size, channel.pace)
        if not free:
            if wait > PATIENCE:
                return sent, wait
            await asyncio.sleep(wait)
            continue
        wave = await asyncio.to_thread(
            prepare, ways.database, ways.rules, ways.settings, channel.name, at=ways.now(), size=free
        )
        if not wave.taken:
            return sent, 0.0
        outcomes = await _send(ways, channel, wave)
        sent += sum(each.reference is not None for each in outcomes)
        failures = failures + 1 if _away(outcomes) else 0
        rest = max(_asked(outcomes), min(FIRST_REST * 2 ** (failures - 1), LONGEST_REST) if failures else 0.0)
        if rest:
            await ways.pacing.rest(channel.name, rest)
            if rest > PATIENCE:
                return sent, rest


async def _send(ways: Ways, channel: Pushed, wave: Wave) -> Sequence[Outcome]:
    outcomes = await asyncio.gather(*(attempt(channel, parcel, ways.now()) for parcel in wave.parcels))
    if outcomes:
        tries = ways.settings[TRIES]
        await asyncio.to_thread(note, ways.database, ways.rules, outcomes, at=ways.now(), tries=tries)
    return outcomes


def _away(outcomes: Sequence[Outcome]) -> bool:
    """Whether the provider, not this or that message, is the trouble."""
    return bool(outcomes) and all(each.refusal is Refusal.RETRY for each in outcomes)


def _asked(outcomes: Sequence[Outcome]) -> float:
    return max((each.after or 0.0 for each in outcomes), default=0.0)


def _take_up(ways: Ways, channel: Pushed) -> None:
    before = ways.now() - timedelta(seconds=ways.settings[LEASE])
    with ways.database.batch() as connection:
        deliveries.stranded(connection, channel.name, before=before, again=channel.promise is Promise.IDEMPOTENT)


def _come_back(ways: Ways, channel: str, rest: float) -> None:
    now = ways.now()
    with ways.database.batch() as connection:
        due = deliveries.due_next(connection, channel)
        if due is not None:
            jobs.wake(
                connection, SENDING, at=now, channel=channel, later=max(due, now + timedelta(seconds=max(rest, 1.0)))
            )
