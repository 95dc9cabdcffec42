"""A worker goes on whatever becomes of its database or of other workers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tactful.bootstrap import Engine
from tactful.kernel.clock import Clock, SystemClock
from tactful.store.database import Database
from tactful.store.running import jobs
from tactful.worker.runner import work

pytestmark = pytest.mark.anyio

FINISHED = "SELECT coalesce(max(id), 0) FROM ticks WHERE finished_at IS NOT NULL"


@pytest.fixture
def clock() -> Clock:
    """Schedules go by the machine's own clock."""
    return SystemClock()


@contextmanager
def away(database: Database) -> Iterator[None]:
    """Cut every connection of the database and take no new ones, for the length of a block."""
    name = str(conninfo_to_dict(database.owner_url)["dbname"])
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(make_conninfo(database.owner_url, dbname="postgres"), autocommit=True) as owner:
        owner.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        yield
        owner.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def ask(database: Database, query: str, *values: Any) -> Any:
    """The single value of a query, on a connection of its own: others may have been cut."""
    with psycopg.connect(database.url("service_role"), autocommit=True) as connection:
        row = connection.execute(query, values).fetchone()
        return row and row[0]


async def ticked(database: Database, *, after: int = 0, seconds: float = 150) -> int:
    """Wait for a tick that finished after that one; its number."""
    async with asyncio.timeout(seconds):
        while (last := ask(database, FINISHED)) <= after:
            await asyncio.sleep(0.1)
    return int(last)


@asynccontextmanager
async def at_work(engine: Engine) -> AsyncIterator["asyncio.Task[None]"]:
    """A worker for the length of a block, stopped in order."""
    stop = asyncio.Event()
    running = asyncio.create_task(work(engine, stop))
    yield running
    stop.set()
    await asyncio.wait_for(running, 60)


async def test_a_worker_ticks_until_it_is_told_to_stop(engine: Engine, closed_database: Database) -> None:
    async with at_work(engine):
        assert await ticked(closed_database) > 0


@contextmanager
def lost_by_the_queue_alone() -> Iterator[None]:
    """What the queue was just writing down is lost with its connection, and it tells the loop so; nobody else does."""
    lost: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: lost.append(context))
    yield
    assert all(isinstance(one.get("exception"), ConnectorException) for one in lost)


async def test_a_worker_goes_on_ticking_when_its_database_comes_back(engine: Engine, closed_database: Database) -> None:
    with lost_by_the_queue_alone():
        async with at_work(engine) as worker:
            before = await ticked(closed_database)
            with away(closed_database):
                await asyncio.sleep(2)
            await ticked(closed_database, after=before)
            assert not worker.done()


async def test_a_worker_that_fell_starts_again_where_somebody_takes_its_end_for_a_timeout(
    engine: Engine, closed_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a pool of connections does whose database comes back at that very moment."""

    async def recover(app: Any, *, silence: float, tries: int) -> int:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        return 0

    monkeypatch.setattr(jobs, "recover", recover)
    with lost_by_the_queue_alone():
        async with at_work(engine):
            before = await ticked(closed_database)
            with away(closed_database):
                await asyncio.sleep(2)
            await ticked(closed_database, after=before)


STALLED = """
WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id)
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)
SELECT 'default', 'tactful.tick', 'tactful.tick', 'tactful.tick', jsonb_build_object('timestamp', %s::bigint),
       'doing', id FROM dead
"""


async def test_a_job_whose_worker_was_killed_is_done_and_keeps_nobody_waiting(
    engine: Engine, closed_database: Database
) -> None:
    with closed_database.batch() as connection:
        connection.execute(STALLED, (int(SystemClock().now().timestamp()) - 3600,))
    async with at_work(engine):
        await ticked(closed_database)
        async with asyncio.timeout(100):
            while ask(closed_database, "SELECT count(*) FROM procrastinate_jobs WHERE lock IS NOT NULL"):
                await asyncio.sleep(0.1)
