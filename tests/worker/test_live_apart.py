"""One live session that cannot be written keeps no other from going on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tactful.bootstrap import Engine
from tactful.facts.audiences import LiveSession
from tactful.kernel.clock import SetClock
from tactful.store.database import Database
from tests.api.conftest import engine_settings
from tests.worker.listening import Room, holding, listened

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
async def engine(closed_database: Database, redis_url: str) -> AsyncIterator[Engine]:
    """An engine whose clock stands at noon."""
    async with Engine(engine_settings(closed_database, redis_url), clock=SetClock(NOON)) as engine:
        await engine.valkey.flushdb()
        yield engine


@pytest.fixture
async def room(engine: Engine) -> Room:
    """A session, and beside it another one that nobody has come to."""
    assert isinstance(engine.clock, SetClock)
    room = Room(engine, engine.clock, viewers=20)
    await room.begin()
    await engine.add_live_session("acme", LiveSession("empty", "conference"))
    await engine.start_live_session("acme", "empty")
    return room


def refuse(engine: Engine, table: str, session: str) -> None:
    """Let a table take nothing of a session any more, as a broken value would."""
    with psycopg.connect(engine.database.owner_url, autocommit=True) as owner:
        row = owner.execute("SELECT id FROM live_sessions WHERE session_id = %s", (session,)).fetchone()
        assert row is not None
        owner.execute(f"ALTER TABLE {table} ADD CONSTRAINT broken CHECK (live_session_id <> {row[0]}) NOT VALID")


async def bins(engine: Engine) -> dict[str, int]:
    statement = """SELECT s.session_id, count(e.*) AS bins FROM live_sessions s LEFT JOIN engagement e
                       ON e.live_session_id = s.id GROUP BY 1"""
    async with engine.database.service() as connection:
        found: list[Any] = await (await connection.execute(statement)).fetchall()
    return {row["session_id"]: row["bins"] for row in found}


async def test_what_is_heard_of_others_is_written(room: Room, engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    holder = holding(engine)
    await listened(room, 32, holder)
    before = await bins(engine)
    refuse(engine, "engagement", "empty")
    await listened(room, 30, holder)
    after = await bins(engine)
    assert {name: after[name] - before[name] for name in after} == {"keynote": 3, "empty": 0}
    assert "cannot be gone on with" in caplog.text


async def test_others_are_closed(room: Room, engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    holder = holding(engine)
    await listened(room, 40, holder)
    with psycopg.connect(engine.database.owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE live_sessions ADD CONSTRAINT broken CHECK (session_id <> 'empty' OR level IS NULL)")
    for name in ("keynote", "empty"):
        await engine.end_live_session("acme", name)
    engine.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
    holder.second(engine.clock.now(), await engine.live_deciding())
    holder.keep()
    async with engine.database.service() as connection:
        kept = await (
            await connection.execute(
                "SELECT s.session_id, s.level FROM live_snapshots k JOIN live_sessions s ON s.id = k.live_session_id"
            )
        ).fetchall()
    assert [(row["session_id"], row["level"]) for row in kept] == [("empty", None)]
    assert "cannot be closed" in caplog.text
