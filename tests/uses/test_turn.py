"""What was noticed is written once, however it comes together."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.decide.live.rules import rules
from tactful.facts.audiences import LiveSession
from tactful.kernel.clock import SetClock
from tactful.store.database import Database
from tactful.uses.rooms.cases import NOTHING, Deciding
from tactful.uses.rooms.noticed import Noticed
from tactful.uses.rooms.turn import rounds, turn
from tests.api.conftest import engine_settings
from tests.noticing import DROP

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONE = Noticed(live_session_id=1, bin=30, at=NOON, **DROP)


@pytest.fixture
async def engine(closed_database: Database, redis_url: str) -> AsyncIterator[Engine]:
    """An engine whose clock stands at noon."""
    async with Engine(engine_settings(closed_database, redis_url), clock=SetClock(NOON)) as engine:
        yield engine


def later(seconds: int, **more: Any) -> Noticed:
    return replace(ONE, at=NOON + timedelta(seconds=seconds), **more)


def test_what_comes_together_is_written_in_order_and_each_kind_once_at_a_time() -> None:
    other, exit = later(5, live_session_id=2), later(5, kind="MASS_EXIT")
    assert rounds([ONE, other, exit, later(30), later(70)]) == [[ONE, other, exit], [later(30)], [later(70)]]


async def test_the_same_within_a_minute_is_one_thing_and_later_another(engine: Engine) -> None:
    await engine.add_live_session("acme", LiveSession("keynote", "conference"))
    await engine.start_live_session("acme", "keynote")
    deciding = Deciding(rules(engine.settings), NOTHING)
    with engine.database.batch() as connection:
        [row] = connection.execute("SELECT id FROM live_sessions").fetchall()
        told = [later(seconds, live_session_id=row["id"]) for seconds in (70, 60, 0, 0)]
        turn(connection, told, at=NOON + timedelta(seconds=70), deciding=deciding)
        found = connection.execute("SELECT timestamp, id::text AS id FROM anomalies ORDER BY timestamp").fetchall()
        heard = connection.execute("SELECT body FROM outbox WHERE channel = 'agent.anomalies' ORDER BY id").fetchall()
    assert [row["timestamp"] for row in found] == [NOON, NOON + timedelta(seconds=70)]
    assert [row["body"]["id"] for row in heard] == [row["id"] for row in found]
