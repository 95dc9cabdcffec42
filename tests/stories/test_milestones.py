"""Somebody reaches a milestone: it is written down once, they are told once, and it is never taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tactful.bootstrap import rules_of
from tactful.decide.settings import CELEBRATE_DAYS, HOLDOUT
from tactful.facts.milestones import KEPT
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database, Identity
from tactful.store.decided import inbox
from tactful.store.decided.moments import Scope
from tactful.store.sensed import milestones as noticed
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import asking, milestones, story, ticking
from tests.living import dies_in_batch, one, rows
from tests.rooms import NOW, cast, chosen, live_session, opened

RULES = rules_of(Settings({HOLDOUT.name: 0.0}))
# A Wednesday evening.
AT = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
DAY = timedelta(days=1)
PLANNED = "SELECT * FROM intervention_logs WHERE intervention_type = 'milestone_celebration' ORDER BY id"
REACHED = "SELECT * FROM user_milestone_progress ORDER BY user_id, milestone_name"


def come(database: Database, *instants: datetime, person: str = "ana", kind: str = "visit") -> None:
    """Count an event at each of these instants."""
    told = [("acme", Event(f"{person}-{at.isoformat()}", person, kind, at)) for at in instants]
    with database.batch() as connection:
        run(connection, count_rows(told, now=max(instants)))


def reached(database: Database, person: str = "ana") -> dict[str, str]:
    """What somebody reached, by whether they were told."""
    found = rows(database, "SELECT milestone_name, celebration FROM user_milestone_progress m JOIN people p "
                 "ON p.id = m.user_id WHERE external_id = %s", person)  # fmt: skip
    return {row["milestone_name"]: row["celebration"] for row in found}


def names(database: Database, person: str = "ana") -> set[str]:
    return set(reached(database, person))


def test_three_days_in_a_row_are_noticed_by_the_next_tick_and_told_once(closed_database: Database) -> None:
    come(closed_database, AT - 2 * DAY, AT - DAY, AT)
    ticking.tick(closed_database, RULES, at=AT + timedelta(minutes=5))
    assert reached(closed_database) == {"first_step": "waiting", "three_in_a_row": "waiting"}
    (row,) = rows(closed_database, PLANNED)
    assert (row["trigger"], row["state"], row["context"]["milestones"]) == ("milestone_reached", "planned", 2)
    assert (row["context"]["milestone"], row["context"]["milestone_points"]) == ("Three days in a row", 20)
    seen = AT + timedelta(minutes=6)
    asking.hand_over(closed_database, RULES, [("acme", "ana")], seen)
    assert "Three days in a row" in one(closed_database, "SELECT title FROM intervention_logs WHERE state = 'shown'")
    told = rows(closed_database, REACHED)
    assert [(each["celebration"], each["celebrated_at"]) for each in told] == [("celebrated", seen)] * 2
    for days in (1, 2, 3):
        ticking.tick(closed_database, RULES, at=AT + days * DAY, everybody=True)
    assert len(rows(closed_database, PLANNED)) == 1
    words = " ".join(story.at(closed_database, RULES, "acme", "ana", AT + 3 * DAY)["words"])
    assert "Nothing is known that they reached and were not told of." in words


async def test_an_answer_says_that_it_was_seen(database: Database) -> None:
    come(database, AT)
    ticking.tick(database, RULES, at=AT)
    (row,) = rows(database, PLANNED)
    async with database.acting_as(Identity("acme", "ana")) as connection:
        await inbox.answer(connection, row["id"], "engaged", at=AT + DAY, snooze=DAY)
    assert [(each["celebration"], each["celebrated_at"]) for each in rows(database, REACHED)] == [
        ("celebrated", AT + DAY)
    ]


def test_what_nobody_saw_is_told_when_they_come_again(closed_database: Database) -> None:
    come(closed_database, AT)
    for hours in range(0, 24 * 7, 24):
        ticking.tick(closed_database, RULES, at=AT + timedelta(hours=hours), everybody=True)
    states = [row["state"] for row in rows(closed_database, PLANNED)]
    assert states[-1] == "planned"
    assert set(states[:-1]) == {"expired"}
    asking.hand_over(closed_database, RULES, [("acme", "ana")], AT + timedelta(days=6, hours=1))
    assert reached(closed_database) == {"first_step": "celebrated"}


def test_what_was_reached_long_ago_is_not_told_any_more(closed_database: Database) -> None:
    come(closed_database, AT - 40 * DAY, person="old")
    come(closed_database, AT - 20 * DAY, person="late")
    ticking.tick(closed_database, RULES, at=AT, everybody=True)
    assert reached(closed_database, "old") == {"first_step": "silent"}
    assert reached(closed_database, "late") == {"first_step": "waiting"}
    assert rows(closed_database, PLANNED) == []
    longer = rules_of(Settings({HOLDOUT.name: 0.0, CELEBRATE_DAYS.name: 21}))
    ticking.tick(closed_database, longer, at=AT + timedelta(minutes=5), everybody=True)
    assert len(rows(closed_database, PLANNED)) == 1


def test_late_facts_may_reach_one_later_and_nothing_takes_one_back(closed_database: Database) -> None:
    come(closed_database, AT - 2 * DAY, AT)
    ticking.tick(closed_database, RULES, at=AT)
    assert names(closed_database) == {"first_step"}
    come(closed_database, AT - DAY)
    ticking.tick(closed_database, RULES, at=AT + timedelta(minutes=5))
    assert names(closed_database) == {"first_step", "three_in_a_row"}
    with closed_database.batch() as connection:
        connection.execute("UPDATE person_state SET longest_streak = 0, events = 0")
    ticking.tick(closed_database, RULES, at=AT + DAY, everybody=True)
    assert names(closed_database) == {"first_step", "three_in_a_row"}


def test_a_comeback_counts_after_more_than_two_weeks(closed_database: Database) -> None:
    come(closed_database, AT - 14 * DAY, AT, person="soon")
    come(closed_database, AT - 15 * DAY, person="ana")
    come(closed_database, AT)
    ticking.tick(closed_database, RULES, at=AT)
    assert "first_comeback" in names(closed_database)
    assert "first_comeback" not in names(closed_database, "soon")


@pytest.mark.parametrize("on", [True, False])
def test_who_wants_none_gets_none(closed_database: Database, on: bool) -> None:
    come(closed_database, AT)
    with closed_database.batch() as connection:
        connection.execute(
            "INSERT INTO own_settings (organisation_id, area, version, at, actor, body) "
            "SELECT id, 'settings', 1, now(), 'test', jsonb_build_object('sense.milestones', %s::boolean) "
            "FROM organisations",
            (on,),
        )  # fmt: skip
    rules = rules_of(Settings({KEPT.name: not on}))
    ticking.tick(closed_database, rules, at=AT)
    assert names(closed_database) == ({"first_step"} if on else set())


def test_two_who_look_at_the_same_time_write_each_once(closed_database: Database) -> None:
    for number in range(40):
        come(closed_database, AT - 2 * DAY, AT - DAY, AT, person=f"p{number}")

    def look(_: int) -> set[int]:
        with closed_database.batch() as connection:
            return noticed.reach(connection, Scope(), milestones.wishes(RULES), at=AT)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(look, range(4)))
    assert sum(map(len, found)) == 80 // 2
    assert one(closed_database, "SELECT count(*) FROM user_milestone_progress") == 80


def test_a_tick_that_dies_after_noticing_is_gone_on_with_and_tells_once(closed_database: Database) -> None:
    for number in range(6):
        come(closed_database, AT, person=f"p{number}")
    with pytest.raises(ConnectionError):
        ticking.tick(closed_database, dies_in_batch(2, RULES), at=AT, batch=2)
    noticed_by_then = one(closed_database, "SELECT count(*) FROM user_milestone_progress")
    planned_by_then = len(rows(closed_database, PLANNED))
    assert (noticed_by_then, planned_by_then) == (4, 2)
    ticking.tick(closed_database, RULES, at=AT, batch=2)
    assert one(closed_database, "SELECT count(*) FROM user_milestone_progress") == 6
    assert sorted(row["user_id"] for row in rows(closed_database, PLANNED)) == sorted(
        {row["user_id"] for row in rows(closed_database, PLANNED)}
    )
    assert len(rows(closed_database, PLANNED)) == 6


def test_a_past_instant_knows_what_waited_then(closed_database: Database) -> None:
    come(closed_database, AT)
    ticking.tick(closed_database, RULES, at=AT)
    asking.hand_over(closed_database, RULES, [("acme", "ana")], AT + timedelta(hours=1))
    told: dict[str, Any] = story.at(closed_database, RULES, "acme", "ana", AT + timedelta(minutes=30), past=True)
    assert "Nothing is known that they reached" not in " ".join(told["words"])


def test_taking_part_in_live_sessions_is_noticed_by_the_next_tick(closed_database: Database) -> None:
    come(closed_database, NOW - DAY)
    ticking.tick(closed_database, RULES, at=NOW - DAY + timedelta(minutes=5))
    with closed_database.batch() as connection:
        live_session(connection)
    poll = opened(closed_database)
    cast(closed_database, [chosen(poll, "ana", 1), chosen(poll, "nobody-we-know", 1)])
    at = NOW + timedelta(minutes=5)
    ticking.tick(closed_database, RULES, at=at)
    assert reached(closed_database) == {"first_step": "waiting", "first_live_event": "waiting"}
    told = milestones.of(closed_database, RULES, ("acme", "ana"), at)
    assert next(each for each in told["in_progress"] if each["metric_name"] == "live_votes")["left"] == "9 more votes"
