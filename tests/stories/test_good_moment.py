"""Somebody regular in the evening is nudged in the evening, on days without study, and never in quiet hours."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tactful.bootstrap import rules_of
from tactful.compose.render import variants
from tactful.decide import Rules
from tactful.decide.settings import HOLDOUT
from tactful.decide.triggers.settings import SWITCHES
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.uses import asking, story, ticking
from tests.living import one, rows
from tests.timed import DAY, HOUR, MINUTE, TODAY, comings, counted, go, live_in, wall

# One reason at a time: a milestone that was reached would come first.
RULES = rules_of(Settings({HOLDOUT.name: 0.0, SWITCHES["milestone_reached"].name: False}))
ZONE = "Europe/Berlin"
NUDGES = "SELECT * FROM intervention_logs WHERE intervention_type = 'optimal_timing_nudge' ORDER BY id"


def evenings(database: Database, hour: float = 19) -> None:
    """Every other evening for two months, the last one two days ago; and the pass on Sunday."""
    live_in(database, "ana", ZONE)
    counted(database, comings(hour, range(-60, 0, 2), zone=ZONE))
    go(database, wall(TODAY, 0))


def at(hour: float, days: int = 0) -> datetime:
    return wall(TODAY + days * DAY, hour, ZONE)


def tick(database: Database, when: datetime, rules: Rules = RULES) -> list[dict[str, Any]]:
    ticking.tick(database, rules, at=when)
    return rows(database, NUDGES)


def test_the_evening_brings_it_and_the_morning_does_not(closed_database: Database) -> None:
    evenings(closed_database)
    for hour in (8, 9, 11, 13, 15):
        assert tick(closed_database, at(hour)) == []
    # Nobody has to look: their good hour itself makes the moment fall due.
    due = one(closed_database, "SELECT next_due_at FROM person_state")
    assert at(15) < due <= at(19)
    found: list[dict[str, Any]] = []
    for minutes in range(16 * 60, 20 * 60, 5):
        found = found or tick(closed_database, at(minutes / 60))
    (row,) = found
    assert (row["trigger"], row["priority"], row["state"]) == ("good_moment", 4, "planned")
    assert at(16) <= row["triggered_at"] <= at(19.1)
    assert row["expires_at"] == row["triggered_at"] + 2 * HOUR
    asking.hand_over(closed_database, RULES, [("acme", "ana")], row["triggered_at"] + 10 * MINUTE)
    (row,) = rows(closed_database, NUDGES)
    assert row["state"] == "shown"
    assert row["title"] in {each.title for each in variants("optimal_timing_nudge", row["context"])}
    # Once a day.
    for minutes in range(20 * 60, 22 * 60, 5):
        assert len(tick(closed_database, at(minutes / 60))) == 1


def test_who_studied_today_is_left_alone(closed_database: Database) -> None:
    evenings(closed_database)
    counted(closed_database, comings(12, (0,), zone=ZONE))
    for hour in (17, 18, 19, 20):
        assert tick(closed_database, at(hour)) == []
    words = " ".join(story.at(closed_database, RULES, "acme", "ana", at(20))["words"])
    assert "They were last active today; this is for who has done nothing yet today." in words


def test_who_studied_before_they_saw_it_does_not_see_it(closed_database: Database) -> None:
    evenings(closed_database)
    (row,) = tick(closed_database, at(19))
    counted(closed_database, comings(19.1, (0,), zone=ZONE))
    asking.hand_over(closed_database, RULES, [("acme", "ana")], at(19.6))
    (row,) = rows(closed_database, NUDGES)
    assert row["state"] == "withdrawn"
    assert row["withdrawn_because"] == "They were last active today; this is for who has done nothing yet today."


def test_never_in_quiet_hours(closed_database: Database) -> None:
    evenings(closed_database, hour=22.5)
    for minutes in range(22 * 60, 24 * 60, 20):
        assert tick(closed_database, at(minutes / 60)) == []
    words = " ".join(story.at(closed_database, RULES, "acme", "ana", at(22.5))["words"])
    assert "It is 22:30 by their clock, within their quiet hours." in words
    calm = {HOLDOUT.name: 0.0, SWITCHES["milestone_reached"].name: False}
    awake = rules_of(Settings({**calm, "decide.quiet_start": "", "decide.quiet_end": ""}))
    ticking.tick(closed_database, awake, at=at(23.75), everybody=True)
    assert len(rows(closed_database, NUDGES)) == 1


def test_what_was_planned_is_not_shown_once_quiet_hours_have_begun(closed_database: Database) -> None:
    evenings(closed_database, hour=21)
    (row,) = tick(closed_database, at(21.5))
    asking.hand_over(closed_database, RULES, [("acme", "ana")], at(22.1))
    (row,) = rows(closed_database, NUDGES)
    assert row["state"] == "withdrawn"


@pytest.mark.parametrize("known", [0, 9])
def test_too_little_is_known_of_newcomers(closed_database: Database, known: int) -> None:
    live_in(closed_database, "ana", ZONE)
    counted(closed_database, comings(19, range(-known - 1, -1), zone=ZONE) or comings(19, (-1,), zone=ZONE))
    go(closed_database, wall(TODAY, 0))
    assert tick(closed_database, at(19)) == []


def test_who_is_gone_for_long_is_left_to_other_reasons(closed_database: Database) -> None:
    evenings(closed_database)
    assert tick(closed_database, at(19, 20)) == []


def test_nobody_is_nudged_at_anybody_elses_hour(closed_database: Database) -> None:
    evenings(closed_database)
    counted(closed_database, comings(7, range(-30, -1), person="ben"))
    go(closed_database, wall(TODAY, 1))
    ticking.tick(closed_database, RULES, at=at(19), everybody=True)
    whose = one(closed_database, "SELECT external_id FROM intervention_logs i JOIN people p ON p.id = i.user_id "
                "WHERE intervention_type = 'optimal_timing_nudge'")  # fmt: skip
    assert whose == "ana"


def test_their_evening_comes_with_their_clock_on_the_day_it_changes(closed_database: Database) -> None:
    """The clock goes forward on 29 March: what is seven by their clock is five o'clock UTC, no longer six."""
    live_in(closed_database, "ana", ZONE)
    until = (datetime(2026, 3, 29).date() - TODAY).days
    counted(closed_database, comings(19, range(until - 60, until, 2), zone=ZONE))
    go(closed_database, at(0, until))
    good = []
    for hour in range(8, 22):
        words = story.at(closed_database, RULES, "acme", "ana", at(hour, until))["words"]
        good += [hour] if any(each.startswith("Optimal timing nudge was considered.") for each in words) else []
    assert 19 in good
    assert set(good) <= {16, 17, 18, 19, 20, 21}
    assert at(19, until) == at(19, until - 1) + timedelta(hours=23)
