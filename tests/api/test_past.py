"""Whether an instant is past is a matter of who names it, never of what the facts say."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Event
from tactful.store.described import people
from tactful.store.settings import POOL_SIZE

DAY = timedelta(days=1)


async def rows(engine: Engine, query: str) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute(query)).fetchall()


@pytest.fixture
async def now(engine: Engine) -> datetime:
    """A week of visits of two people, and one fact of a third whose clock runs ahead."""
    now = engine.clock.now()
    past = [Event(f"{who}-{day}", who, "visit", now - day * DAY) for who in ("ana", "ben") for day in range(1, 8)]
    await engine.accept("acme", [*past, Event("ahead", "eva", "visit", now + timedelta(hours=20))])
    return now


async def test_a_fact_ahead_of_the_clock_makes_no_tick_past(engine: Engine, now: datetime) -> None:
    await engine.tick()
    await engine.tick()
    assert [row["scope"] for row in await rows(engine, "SELECT scope FROM ticks")] == ["due", "due"]
    assert [row["people"] for row in await rows(engine, "SELECT people FROM ticks ORDER BY id")] == [3, 0]


async def test_asking_about_somebody_ahead_of_the_clock_still_settles_when_to_look_next(
    engine: Engine, now: datetime
) -> None:
    await engine.ask("acme", "eva")
    [state] = await rows(
        engine,
        """SELECT next_due_at FROM person_state s JOIN people p ON p.id = s.person_id WHERE p.external_id = 'eva'""",
    )
    assert state["next_due_at"] > now + timedelta(minutes=1)


async def test_a_decision_about_somebody_who_had_done_nothing_yet_can_still_be_explained(engine: Engine) -> None:
    async with engine.database.service() as connection:
        await people.write(connection, "acme", [people.Person("uma")], now=engine.clock.now())
    asked = await engine.ask("acme", "uma")
    await engine.accept("acme", [Event("first", "uma", "visit", engine.clock.now())])
    told = await engine.explain_decision("acme", asked.decisions["decision_id"][0])
    assert told["words"][0] == "Nothing was chosen."


async def test_a_tick_at_an_instant_of_the_past_asks_about_everybody_as_of_then(engine: Engine, now: datetime) -> None:
    await engine.tick()
    then = now - 3 * DAY - timedelta(hours=2)
    due = "SELECT person_id, next_due_at FROM person_state ORDER BY person_id"
    before = await rows(engine, due)
    await engine.tick(then)
    await engine.ask("acme", "ana", then)
    [_, tick, _] = await rows(engine, "SELECT scope, people FROM ticks ORDER BY id")
    assert (tick["scope"], tick["people"]) == ("all", 2), "nothing was known of eva"
    assert await rows(engine, due) == before, "the past schedules nothing"
    told = await rows(engine, f"SELECT facts FROM decisions WHERE at = '{then.isoformat()}' AND person_id = 1")
    assert {row["facts"]["current_streak"] for row in told} == {4}


async def test_nothing_is_carried_out_ahead_of_time(engine: Engine, now: datetime) -> None:
    soon = now + timedelta(hours=20)
    for ahead in (engine.tick(soon, everybody=True), engine.ask("acme", "ana", soon)):
        with pytest.raises(BadInput, match="at lies ahead") as told:
            await ahead
        assert told.value.fields == ["at"]
    assert await rows(engine, "SELECT 1 FROM ticks") == []
    assert (await engine.rehearse(soon))["people"] == 3


@pytest.mark.parametrize("changes", [{POOL_SIZE.name: 2}])
async def test_however_often_the_present_was_asked_the_past_is_told_as_it_was(engine: Engine, now: datetime) -> None:
    then = now - 4 * DAY

    async def asked(person: str, at: datetime | None = None) -> list[dict[str, Any]]:
        return [await engine.explain("acme", person, at=at), await engine.check_timing("acme", person, at=at)]

    await engine.timing_profile("acme", "ana")
    before = await asked("ana", then)
    # So often that every connection knows these questions by heart, with the tables they were about.
    for _ in range(12):
        await asyncio.gather(*(asked(person) for person in ("ana", "ben", "eva")))
    assert await asked("ana", then) == before
