"""What happens by itself, and when. Each job is safe to run twice and on several workers at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from croniter import croniter

from tactful.bootstrap import Engine
from tactful.kernel.errors import NotReady
from tactful.kernel.settings import Setting, Settings
from tactful.store.decided.ticks import Tick
from tactful.store.running import housekeeping, jobs
from tactful.store.sensed import presence
from tactful.store.settings import (
    BELIEF_DAYS,
    ENGAGEMENT_DAYS,
    EVENT_DAYS,
    EVENT_KEY_DAYS,
    INTERVENTION_DAYS,
    JOB_DAYS,
    LEDGER_DAYS,
    MESSAGE_DAYS,
    RESUME_MINUTES,
    SIGNAL_DAYS,
)
from tactful.worker import sending
from tactful.worker.counting import counted
from tactful.worker.settings import (
    ERRANDS,
    FORGET,
    LONGEST_WAIT,
    OPERATORS,
    OUTSIDE,
    PATTERN_MINUTES,
    PATTERNS,
    PLATEAUS,
    RECKON,
    REGRESSIONS,
    RESET,
    RISK,
    TICK,
    TICK_MINUTES,
    TIMING,
    TRAIN,
    TRAINING_DAY,
    TRIES,
    VISITS,
    WEBHOOKS,
    WORDS,
    every,
)

T = TypeVar("T")

log = logging.getLogger(__name__)


async def tick(engine: Engine, at: datetime) -> None:
    """Decide about everybody whose moment has come."""
    await _tell(engine, await engine.tick(_moment(engine, at)))


async def daily_risk(engine: Engine, at: datetime) -> None:
    """Work out everybody's risk afresh. raises: NotReady while another tick runs; the pass waits for its end."""
    done = await engine.tick(_moment(engine, at), daily=True)
    if done is None:
        raise NotReady("Another tick is running; the daily pass is tried again.")
    await _tell(engine, done)


async def plateaus(engine: Engine, at: datetime) -> None:
    """Find who is stuck on a skill. raises: NotReady while another process is at it."""
    await _pass(engine, "plateaus", at)


async def regressions(engine: Engine, at: datetime) -> None:
    """Find what people are about to forget. raises: NotReady while another process is at it."""
    await _pass(engine, "regressions", at)


async def timing(engine: Engine, at: datetime) -> None:
    """Learn at which hours people are at their best. raises: NotReady while another process is at it."""
    await _pass(engine, "timing", at)


async def patterns(engine: Engine, at: datetime) -> None:
    """Work out what has become of those who did something. raises: NotReady while another process is at it."""
    await _pass(engine, "patterns", at)


async def _pass(engine: Engine, name: str, at: datetime) -> None:
    done = await engine.carry_out(name, _moment(engine, at))
    if done is None:
        raise NotReady("This pass is running elsewhere; it is looked at again.")
    log.info("Pass %s of %s: looked at %d people.", done.name, done.at.isoformat(), done.people)


async def train(engine: Engine, at: datetime) -> None:
    """Learn from what came of people, and let serve what proved better."""
    for told in await engine.train(_moment(engine, at), by="schedule"):
        log.info("Organisation %s, %s: %s", told["organisation"] or "(all)", told["capability"], told["reason"])


async def daily_reset(engine: Engine, at: datetime) -> None:
    """Clear counters of days that are over everywhere."""
    await asyncio.to_thread(_batch, engine, housekeeping.daily_reset, at=at)


async def close_visits(engine: Engine, at: datetime) -> None:
    """Close visits that fell silent; each becomes an event."""
    closed = presence.CLOSE
    while closed >= presence.CLOSE:
        async with engine.database.service() as connection:
            closed = await presence.close_stale(connection, at, settings=engine.settings)


async def post_webhooks(engine: Engine, at: datetime) -> None:
    """Post what is due; a tick wakes this too, as soon as it raised an alert."""
    await engine.post_webhooks()


async def wake_channels(engine: Engine, at: datetime) -> None:
    """Have what is due outside the product sent; whatever plans it wakes its channel at once, too."""
    await engine.wake_channels()


async def write_ahead(engine: Engine, at: datetime) -> None:
    """Have words written for live sessions, where a language model is set."""
    await engine.write_ahead()


async def reckon(engine: Engine, at: datetime) -> None:
    """Sum up the days that are over, work out what takes long of many people, and end tests that have an answer."""
    await engine.reckon(_moment(engine, at))
    for each in await engine.judge_experiments(_moment(engine, at)):
        log.info("Organisation %s: the test %s ended (%s).", each["organisation"], each["name"], each["because"])


async def carry_out_errands(engine: Engine, at: datetime) -> None:
    """Do long work that operators asked for."""
    if done := await engine.carry_out_errands():
        log.info("Errands: did %d that operators asked for.", done)


async def check_operator_alerts(engine: Engine, at: datetime) -> None:
    """Look whether anything is wrong with the whole, and tell operators of it."""
    done = await engine.check_operator_alerts(_moment(engine, at))
    if done is not None and any(done.values()):
        log.info("Alerts to operators: %s.", ", ".join(f"{many} {name}" for name, many in done.items()))


async def forget(engine: Engine, at: datetime) -> None:
    """Drop what retention no longer keeps."""
    settings = engine.settings
    keep = housekeeping.Retention(
        keys=settings[EVENT_KEY_DAYS],
        ledger=settings[LEDGER_DAYS],
        jobs=settings[JOB_DAYS],
        events=settings[EVENT_DAYS],
        beliefs=settings[BELIEF_DAYS],
        signals=settings[SIGNAL_DAYS],
        messages=settings[MESSAGE_DAYS],
        engagements=settings[ENGAGEMENT_DAYS],
        interventions=settings[INTERVENTION_DAYS],
    )
    while await asyncio.to_thread(_batch, engine, housekeeping.forget_words, at=at, keep=keep):
        continue
    for table, name in await asyncio.to_thread(_batch, engine, housekeeping.old_partitions, at=at, keep=keep):
        await asyncio.to_thread(_batch, engine, housekeeping.drop, table=table, name=name)
    for table, before in await asyncio.to_thread(_batch, engine, housekeeping.old_chunks, at=at, keep=keep):
        await asyncio.to_thread(_batch, engine, housekeeping.drop_chunks, table=table, before=before)
    await asyncio.to_thread(_batch, engine, housekeeping.forget, at=at, keep=keep)
    while await asyncio.to_thread(_batch, engine, housekeeping.forget_beliefs, at=at, keep=keep):
        continue
    await asyncio.to_thread(_batch, engine, housekeeping.count_partitioned)


async def _tell(engine: Engine, done: Tick | None) -> None:
    """A line for the log about a tick of ours."""
    if done is not None:
        told = await engine.tick_summary(done.id)
        words = "Tick of %s (%s): looked at %d people, reached %d."
        log.info(words, done.at.isoformat(), done.scope, told["people"], told["reached"])


def _moment(engine: Engine, at: datetime) -> datetime:
    """The instant a tick is about: its scheduled one, or now when that is long past."""
    now = engine.clock.now()
    return now if now - at > timedelta(minutes=engine.settings[RESUME_MINUTES]) else at


def _batch(engine: Engine, work: Callable[..., T], **arguments: Any) -> T:
    with engine.database.batch() as connection:
        return work(connection, **arguments)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing that happens by itself. again: tried again when it fails, because its next moment is far away.

    otherwise: when it happens where its cron line is empty.
    """

    run: Callable[[Engine, datetime], Awaitable[None]]
    cron: Setting[str]
    again: bool = False
    otherwise: Callable[[Settings], str] | None = None

    def line(self, settings: Settings) -> str:
        """Its cron line."""
        return settings[self.cron] or (self.otherwise(settings) if self.otherwise else "")

    @property
    def name(self) -> str:
        """What the queue calls it."""
        return f"tactful.{self.run.__name__}"


JOBS = (
    Job(tick, TICK, otherwise=lambda settings: every(settings[TICK_MINUTES])),
    # Between two ticks, so that they do not begin together.
    Job(patterns, PATTERNS, otherwise=lambda settings: every(settings[PATTERN_MINUTES], first=3)),
    Job(daily_risk, RISK, again=True),
    Job(plateaus, PLATEAUS, again=True),
    Job(regressions, REGRESSIONS, again=True),
    Job(timing, TIMING, again=True),
    Job(daily_reset, RESET, again=True),
    Job(close_visits, VISITS),
    Job(post_webhooks, WEBHOOKS),
    Job(wake_channels, OUTSIDE),
    Job(write_ahead, WORDS),
    Job(train, TRAIN, again=True, otherwise=lambda settings: f"15 3 * * {settings[TRAINING_DAY]}"),
    Job(reckon, RECKON, again=True),
    Job(carry_out_errands, ERRANDS),
    Job(check_operator_alerts, OPERATORS),
    Job(forget, FORGET, again=True),
)


def application(engine: Engine) -> Any:
    """The job application with every periodic job registered under its cron line."""
    app = jobs.queue(engine.database)
    for job in JOBS:
        _register(app, engine, job)
    sending.register(app, engine)
    return app


def _register(app: Any, engine: Engine, job: Job) -> None:
    cron = job.line(engine.settings)

    # The moment a job is about is the one it was scheduled for, so two workers mean the same tick.
    async def run(timestamp: int) -> None:
        at = datetime.fromtimestamp(timestamp, UTC)
        if overtaken(cron, at, engine.clock.now()):
            log.info("%s of %s comes after the next one; it is passed over.", job.name, at.isoformat())
        else:
            async with counted(engine, job.name):
                await job.run(engine, at)

    # No locks: what must not run twice at once sees to it itself, and a lock outlives a worker that was killed.
    again = jobs.Again(tries=engine.settings[TRIES], longest=engine.settings[LONGEST_WAIT])
    task = app.task(name=job.name, pass_context=False, retry=again if job.again else False)(run)
    app.periodic(cron=cron, periodic_id=job.name)(task)


def overtaken(cron: str, at: datetime, now: datetime) -> bool:
    """Whether the schedule has had another moment since `at`.

    >>> five = datetime(2026, 1, 1, 8, 5, tzinfo=UTC)
    >>> overtaken("*/5 * * * *", five, five + timedelta(minutes=4))
    False
    >>> overtaken("*/5 * * * *", five, five + timedelta(minutes=5))
    True
    """
    following: datetime = croniter(cron, at).get_next(datetime)
    return following <= now
