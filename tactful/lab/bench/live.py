"""From noticing to publishing in a thousand live sessions, and how many sessions a process can listen to."""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tactful.bootstrap import Engine, place, read_settings
from tactful.bootstrap.garbage import collect_seldom
from tactful.kernel.chance import mix
from tactful.kernel.clock import SetClock
from tactful.kernel.settings import Settings
from tactful.lab.bench import result
from tactful.lab.bench.detector import one_by_one
from tactful.lab.bench.scratch import scratch
from tactful.store.database import Database
from tactful.store.settings import DATABASE_URL, REDIS_URL, ROLE_SECRET
from tactful.uses.rooms.second import Holder

Times = NDArray[np.float64]

SESSIONS = 1_000
VIEWERS, RATE = 200, 0.05
# Seconds that are listened to before anything is measured, and those that are.
WARM_UP, SECONDS = 150, 240
# Numbers of sessions tried for the most a process can listen to, and the most a second may take [s].
MORE, MOST = (2_000, 4_000, 8_000, 12_000, 16_000, 24_000), 0.5
FEW = 30
START = datetime(2026, 3, 2, 12, tzinfo=UTC)


# Sessions that began long enough ago, and the counts that go with them.
SESSIONS_OF = """
WITH o AS (INSERT INTO organisations (name, seed) VALUES ('bench', 7) RETURNING id),
s AS (INSERT INTO live_sessions (organisation_id, session_id, event_id, mode, state, started_at, prior_level,
                                 prior_spread, seed)
      SELECT o.id, 'session ' || n, 'bench', 'automatic', 'live', %(at)s - make_interval(secs => n %% 10), -3.0, 0.7, n
        FROM o, generate_series(1, %(sessions)s) AS n RETURNING id, organisation_id),
c AS (INSERT INTO live_counts (live_session_id, organisation_id, viewers)
      SELECT id, organisation_id, %(viewers)s FROM s),
a AS (INSERT INTO live_attention (live_session_id, organisation_id) SELECT id, organisation_id FROM s)
SELECT ensure_partition('live_seconds', (%(at)s AT TIME ZONE 'UTC')::date)
"""
# The sums of a second, as counting signals writes them.
HEARD = """
WITH heard AS (
  INSERT INTO live_seconds (live_session_id, organisation_id, at, seq, viewers, chats)
  SELECT c.live_session_id, c.organisation_id, %s, c.seq + 1, c.viewers, w.chats
    FROM unnest(%s::bigint[], %s::int[]) AS w (id, chats) JOIN live_counts c ON c.live_session_id = w.id
  RETURNING live_session_id, seq)
UPDATE live_counts c SET seq = h.seq FROM heard h WHERE c.live_session_id = h.live_session_id
"""
# Every session falls silent for two minutes in each of these times [s], one after the other.
ROUND, SILENT = 600, 120


def run(size: float) -> dict[str, Any]:
    """Time from the detectors' answer to the last message published; and of whole seconds, for ever more sessions."""
    sessions, seconds = max(50, int(SESSIONS * size)), max(60, int(SECONDS * size))
    told, took = listened(sessions, WARM_UP, seconds)
    most = _most(sessions, took) if size >= 1 else sessions
    with _one_core():
        single = one_by_one(max(20, int(200 * size)))
    alone = sessions / single * 1000
    return result(
        "live",
        value=_ms(told, 99),
        unit="ms",
        baseline="the detectors alone, one object for each session",
        baseline_value=alone,
        ratio=_ms(told, 99) / alone,
        higher_is_better=False,
        p50_ms=_ms(told, 50),
        p99_ms=_ms(told, 99),
        sessions=sessions,
        acted_upon=len(told),
        second_p50_ms=_ms(took, 50),
        second_p99_ms=_ms(took, 99),
        max_sessions=most,
        detectors_one_by_one=int(single * MOST),
    )


@contextmanager
def _one_core() -> Iterator[None]:
    """What this process begins to do, on one core where the machine can hold it there; the servers run beside it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _most(sessions: int, took: Times) -> int:
    """The most sessions a second of which, most of the time, takes less than MOST."""
    most = sessions if np.median(took) < MOST else 0
    for more in MORE if most else ():
        _, took = listened(more, FEW, FEW)
        if np.median(took) >= MOST:
            break
        most = more
    return most


def listened(sessions: int, before: int, seconds: int) -> tuple[Times, Times]:
    """[acted upon] From the detectors' answer to all being published [s]; [seconds] what a second took [s]."""
    with scratch() as database, place(read_settings()) as where:
        own = {DATABASE_URL.name: database.owner_url, REDIS_URL.name: where.redis_url,
               ROLE_SECRET.name: where.role_secret}  # fmt: skip
        with _one_core():
            # As every process does that listens.
            collect_seldom()
            return asyncio.run(_seconds(database, read_settings().replace(**own), sessions, before, seconds))


async def _seconds(
    database: Database, settings: Settings, sessions: int, before: int, seconds: int
) -> tuple[Times, Times]:
    clock = SetClock(START)
    async with Engine(settings, clock=clock) as engine:
        ids = _begin(database, sessions)
        holder = engine.holder()
        holder.prepare()
        told: list[float] = []
        took: list[float] = []
        for number in range(before + seconds):
            _hear(database, ids, number, clock)
            holder.hold()
            taken, late = await _second(engine, holder)
            if number >= before:
                took.append(taken)
                told += late
        return np.array(told), np.array(took)


async def _second(engine: Engine, holder: Holder) -> tuple[float, list[float]]:
    deciding = await engine.live_deciding()
    start = time.monotonic()
    done = await asyncio.to_thread(holder.second, engine.clock.now(), deciding)
    await engine.tell(done)
    told = [time.monotonic() - done.noticed_at] if done.entries else []
    await asyncio.to_thread(holder.keep, done.told)
    await engine.tell_engagement(done)
    return time.monotonic() - start, told


def _begin(database: Database, sessions: int) -> NDArray[np.int64]:
    with database.batch() as connection:
        connection.execute(SESSIONS_OF, {"at": START, "sessions": sessions, "viewers": VIEWERS})
    with database.batch() as connection:
        rows = connection.execute("SELECT id FROM live_sessions ORDER BY id").fetchall()
    return np.array([row["id"] for row in rows])


def _hear(database: Database, ids: NDArray[np.int64], number: int, clock: SetClock) -> None:
    """A second passes, in which those that are not silent just now are heard: mostly as is usual."""
    at = clock.now()
    clock.advance(timedelta(seconds=1))
    whose = ids.astype(np.uint64)
    usual = int(2 * VIEWERS * RATE / 10 + 1)
    chats = (mix(whose, number) % np.uint64(usual)).astype(np.int64)
    chats[(number + ids * ROUND // ids.size) % ROUND > ROUND - SILENT] = 0
    loud = chats > 0
    with database.batch() as connection:
        connection.execute(HEARD, (at, ids[loud].tolist(), chats[loud].tolist()))


def _ms(times: Times, percentile: float) -> float:
    return round(float(np.percentile(times, percentile)) * 1000, 2) if times.size else float("nan")
