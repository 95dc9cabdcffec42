"""What was believed of plateaus and of timing, held to what came of it: from events to the answer of monitoring."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tactful.api import auth
from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.decide.settings import QUIET_END, QUIET_START
from tactful.kernel.clock import SetClock
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.described.erasure import erase
from tactful.store.settings import BELIEF_DAYS
from tactful.worker.schedule import forget
from tests.api.conftest import KEY, calling, engine_settings
from tests.living import one

MONITORING = "/api/v1/predictive/monitoring"
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STUCK, BETTER = [f"stuck{n}" for n in range(6)], [f"better{n}" for n in range(4)]


@pytest.fixture
def clock() -> SetClock:
    """What the engine takes for now."""
    return SetClock(NOW)


@pytest.fixture
async def engine(closed_database: Database, redis_url: str, clock: SetClock) -> AsyncIterator[Engine]:
    """An open engine whose clock a test sets; it may reach people at any hour."""
    settings = engine_settings(closed_database, redis_url).replace(**{QUIET_START.name: "", QUIET_END.name: ""})
    async with Engine(settings, clock=clock) as engine:
        await engine.valkey.flushdb()
        yield engine


async def told(engine: Engine, capability: str, *, organisation: str = "acme") -> dict[str, Any]:
    """What monitoring answers to an operator."""
    token = auth.issue(KEY, sub="eva", org=organisation, scope=auth.VIEWER, now=engine.clock.now(), hours=1)
    async with calling(create_app(engine)) as client:
        asked: httpx.Response = await client.get(
            MONITORING, params={"capability": capability}, headers={"Authorization": f"Bearer {token}"}
        )
    assert asked.status_code == 200
    answer: dict[str, Any] = asked.json()
    return answer


def counts(answer: dict[str, Any]) -> tuple[int, int, float | None]:
    return answer["beliefs"], answer["settled"], answer["left"]


async def tried(engine: Engine, person: str, scores: list[float], *, first: datetime, a_day: int = 2) -> None:
    """`a_day` attempts a day from `first` on, one for each of `scores`."""
    times = [first + number // a_day * DAY + timedelta(minutes=number % a_day) for number in range(len(scores))]
    await engine.accept(
        "acme",
        [
            Event(f"{person}-{at}", person, "answer", at, None, "derivatives", "Calculus", {"score": score})
            for at, score in zip(times, scores, strict=True)
        ],
    )


async def learners(engine: Engine) -> None:
    """Some make no progress in ten days, others a lot; one of each gives up."""
    first = NOW - 10 * DAY - HOUR
    for person in (*STUCK, "gone"):
        await tried(engine, person, [0.5] * 20, first=first)
    for person in (*BETTER, "away"):
        await tried(engine, person, [0.1 + number / 40 for number in range(20)], first=first)
    await engine.carry_out("plateaus")


async def test_plateaus_are_held_to_the_next_two_weeks(engine: Engine, clock: SetClock) -> None:
    await learners(engine)
    clock.advance(13 * DAY)
    for person in STUCK:
        await tried(engine, person, [0.5] * 8, first=NOW + DAY)
    for person in BETTER:
        await tried(engine, person, [1.0] * 8, first=NOW + DAY)
    await engine.tick(daily=True)
    assert counts(await told(engine, "plateau")) == (0, 0, None)
    clock.advance(DAY + HOUR)
    await engine.tick(daily=True)
    answer = await told(engine, "plateau")
    assert counts(answer) == (12, 10, 0.6)
    figures = answer["figures"]["cold"]
    assert figures["auc"]["value"] == 1
    assert figures["auc"]["low"] <= 1 <= figures["auc"]["high"]
    # Nothing was learned, so nothing learned is told.
    assert set(answer["figures"]) == set(answer["calibration"]) == {"cold"}
    assert sum(point["people"] for point in answer["calibration"]["cold"]) == 10
    assert sum(level["people"] for level in answer["confidence"]) == 10
    (week,) = answer["over_time"]
    # The Monday of its week.
    assert (week["at"], week["people"], week["actual"]) == ("2026-03-02T00:00:00Z", 10, 0.6)
    assert answer["warnings"] == []
    before = await engine.monitoring("acme", "plateau", at=NOW + 13 * DAY)
    assert (before["beliefs"], before["settled"]) == (0, 0)


async def test_timing_is_held_to_the_next_day(engine: Engine, clock: SetClock) -> None:
    people = [f"p{number}" for number in range(8)]
    for person in people:
        days = [NOW - (10 + number) * DAY for number in range(21)]
        await engine.accept("acme", [Event(f"{person}-{day}", person, "visit", day) for day in days])
    await engine.tick(everybody=True)
    reached = one(engine.database, "SELECT count(*) FROM intervention_logs WHERE state = 'planned'")
    assert reached == len(people)
    clock.advance(DAY - HOUR)
    back = [Event(f"{person}-back", person, "visit", NOW + 5 * HOUR) for person in people[:2]]
    await engine.accept("acme", back)
    await engine.tick(daily=True)
    assert counts(await told(engine, "timing")) == (0, 0, None)
    clock.advance(2 * HOUR)
    assert counts(await told(engine, "timing")) == (8, 0, None)
    await engine.tick(daily=True)
    answer = await told(engine, "timing")
    assert counts(answer) == (8, 8, 0.25)
    assert set(answer["figures"]) == {"cold"}
    assert answer["over_time"][0]["predicted"] == pytest.approx(answer["calibration"]["cold"][0]["predicted"])


async def test_nobody_else_sees_it_and_it_goes_with_the_person_and_in_time(engine: Engine, clock: SetClock) -> None:
    await learners(engine)
    await engine.accept("umbrella", [Event("1", "stuck0", "visit", NOW)])
    clock.advance(15 * DAY)
    await tried(engine, "stuck0", [0.5] * 6, first=NOW + HOUR)
    await engine.tick(daily=True)
    assert counts(await told(engine, "plateau")) == (12, 1, 1.0)
    assert counts(await told(engine, "plateau", organisation="umbrella")) == (0, 0, None)
    with engine.database.batch() as connection:
        erase(connection, "acme", "stuck0")
    assert counts(await told(engine, "plateau")) == (11, 0, None)
    clock.advance((engine.settings[BELIEF_DAYS] - 2) * DAY)
    await forget(engine, clock.now())
    kept = "SELECT count(*) FROM predictions WHERE capability = 'plateau'"
    assert one(engine.database, kept) == 11
    clock.advance(3 * DAY)
    await forget(engine, clock.now())
    assert one(engine.database, kept) == 0
