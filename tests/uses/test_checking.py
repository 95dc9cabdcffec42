"""Is now a good time: for somebody regular in the evening it is in the evening, never in quiet hours, and why."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from tactful.decide import Rules
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.uses import checking
from tactful.uses.checking import Check
from tests.living import RULES, one
from tests.timed import DAY, HOUR, MINUTE, TODAY, comings, counted, live_in, number, responded, told, wall


def ask(database: Database, at: datetime, *, rules: Rules = RULES, person: str = "ana", **more: Any) -> dict[str, Any]:
    return checking.check(database, rules, ("acme", person), Check(at, **more))


def evenings(database: Database, zone: str = "Europe/Berlin", hour: float = 19, until: int = 0) -> None:
    """Two months of evenings, up to yesterday; three quarters of an hour later every other day."""
    live_in(database, "ana", zone)
    counted(database, comings(hour, range(until - 59, until, 2), zone=zone))
    counted(database, comings(hour + 0.75, range(until - 60, until, 2), zone=zone))


def quiet_hours(database: Database, start: time | None, end: time | None) -> None:
    with database.batch() as connection:
        connection.execute(
            """INSERT INTO user_notification_preferences (user_id, organization_id, quiet_hours_start, quiet_hours_end,
                                                          max_notifications_per_day)
               SELECT id, organisation_id, %s, %s, 5 FROM people WHERE external_id = 'ana'""",
            (start, end),
        )


def test_evenings_are_good_for_who_comes_in_the_evening(closed_database: Database) -> None:
    evenings(closed_database)
    morning = ask(closed_database, wall(TODAY, 9, "Europe/Berlin"))
    assert not morning["is_good_time"]
    assert morning["reasoning"].startswith("Another time is better. Last seen 14 hours ago")
    assert wall(TODAY, 16, "Europe/Berlin") <= morning["alternative_time"] <= wall(TODAY, 19, "Europe/Berlin")
    evening = ask(closed_database, wall(TODAY, 18.9, "Europe/Berlin"))
    assert (evening["is_good_time"], evening["alternative_time"]) == (True, None)
    assert evening["reasoning"].startswith("Now is a good time. Last seen 24 hours ago")
    assert evening["score"] > morning["score"]
    assert (evening["probability"], len(evening["reasons"])) == (None, 5)
    assert evening["contributions"]["presence"] > morning["contributions"]["presence"]
    assert evening["confidence"] > 0.5


def test_who_is_here_now_is_present_even_by_beats_alone(closed_database: Database) -> None:
    evenings(closed_database)
    at = wall(TODAY, 14, "Europe/Berlin")
    before = ask(closed_database, at)
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO ambient_presence_states (user_id, organization_id, last_seen_at)
               SELECT id, organisation_id, %s FROM people""",
            (at - timedelta(seconds=20),),
        )
    after = ask(closed_database, at)
    assert after["contributions"]["presence"] > before["contributions"]["presence"]
    assert "Last seen 20" not in before["reasoning"]
    assert "Last seen a moment ago" in after["reasoning"]


def test_it_is_never_good_in_quiet_hours_and_the_other_time_is_not_in_them(closed_database: Database) -> None:
    evenings(closed_database)
    quiet_hours(closed_database, time(17), time(8, 30))
    at = wall(TODAY, 19, "Europe/Berlin")
    told = ask(closed_database, at)
    assert (told["is_good_time"], told["reasoning"]) == (
        False,
        "These are their quiet hours. Their usual hours (18:00 to 22:00) lie in them; "
        "of the others the one proposed is the likeliest.",
    )
    there = told["alternative_time"] + timedelta(hours=1)
    assert time(8, 30) <= there.time() < time(17)


def test_whose_hours_are_quiet_ones_has_a_moment_every_day_and_is_told_why(closed_database: Database) -> None:
    live_in(closed_database, "ana", "UTC")
    counted(closed_database, comings(2, range(-24, 0), length=170))
    usual = "Their usual hours (01:00 to 05:00) lie in their quiet hours; of the others"
    hours = set()
    for day in range(1, 8):
        told = ask(closed_database, wall(TODAY + day * DAY, 0), now=wall(TODAY, 12))
        other = told["alternative_time"]
        assert (other.date() - TODAY).days == day
        hours.add(other.hour)
        then = ask(closed_database, other, now=wall(TODAY, 12))
        assert then["is_good_time"]
        assert then["reasoning"].startswith(f"{usual} this one is the likeliest. Last seen")
        early = ask(closed_database, other + 5 * HOUR, now=wall(TODAY, 12))
        assert early["reasoning"].startswith(f"Another time is better. {usual} the one proposed is the likeliest.")
    assert len(hours) == 1


def test_where_no_other_time_is_known_none_is_called_better(closed_database: Database) -> None:
    live_in(closed_database, "ana", "UTC")
    counted(closed_database, comings(12, (-1,)))
    for at, past in ((wall(TODAY, 19), False), (wall(TODAY - 9 * DAY, 19), True)):
        told = ask(closed_database, at, past=past)
        assert (told["is_good_time"], told["alternative_time"]) == (False, None)
        assert told["reasoning"].startswith("Which times are good is not known yet.")


def test_who_never_said_has_the_quiet_hours_of_the_settings(closed_database: Database) -> None:
    evenings(closed_database, hour=23)
    at = wall(TODAY, 23, "Europe/Berlin")
    assert ask(closed_database, at)["reasoning"].startswith("These are their quiet hours.")
    none = Rules.from_settings(Settings({"decide.quiet_start": "", "decide.quiet_end": ""}))
    assert ask(closed_database, at, rules=none)["is_good_time"]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 5, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 10, 4, tzinfo=UTC)),
    ],
)
def test_on_the_day_the_clock_changes_it_is_their_evening_all_the_same(
    closed_database: Database, zone: str, day: datetime
) -> None:
    evenings(closed_database, zone, until=(day.date() - TODAY).days)
    good = [hour for hour in range(8, 22) if ask(closed_database, wall(day.date(), hour, zone))["is_good_time"]]
    assert 19 in good
    assert not {8, 9, 10, 11, 12, 13} & set(good)
    told = ask(closed_database, wall(day.date(), 8, zone))
    assert wall(day.date(), 15, zone) <= told["alternative_time"] <= wall(day.date(), 19, zone)


def test_a_zone_that_is_told_counts_for_the_clock(closed_database: Database) -> None:
    evenings(closed_database, "UTC")
    at = wall(TODAY, 5)
    assert ask(closed_database, at)["reasoning"] == "These are their quiet hours."
    assert ask(closed_database, at, zone="Asia/Tokyo")["reasoning"] != "These are their quiet hours."


def test_guard_rails_of_a_kind_are_asked_where_one_is_named(closed_database: Database) -> None:
    evenings(closed_database)
    at = wall(TODAY, 19, "Europe/Berlin")
    rules = Rules.from_settings(Settings({"decide.holdout": 0.0}))
    assert ask(closed_database, at, rules=rules, kind="gentle_nudge")["is_good_time"]
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO user_notification_preferences (user_id, organization_id, max_notifications_per_day,
                                                          disabled_intervention_types)
               SELECT id, organisation_id, 5, ARRAY['gentle_nudge'] FROM people"""
        )
    refused = ask(closed_database, at, rules=rules, kind="gentle_nudge")
    assert not refused["is_good_time"]
    assert refused["reasoning"] == refused["reasons"][0]
    assert ask(closed_database, at, rules=rules, kind="skill_refresh")["is_good_time"]


def test_how_they_answer_is_known_the_next_moment(closed_database: Database) -> None:
    evenings(closed_database)
    at = wall(TODAY, 19, "Europe/Berlin")
    assert "It would be the first contact." in ask(closed_database, at)["reasons"]
    told(closed_database, at - 30 * MINUTE)
    responded(closed_database, at - 10 * MINUTE)
    reasons = ask(closed_database, at)["reasons"]
    assert any("usually after 20 minutes" in each for each in reasons)
    assert reasons[0].startswith("Last seen 10 minutes ago")


def test_the_past_is_told_by_what_was_known_then_and_changes_nothing(closed_database: Database) -> None:
    evenings(closed_database)
    then = wall(TODAY - 30 * DAY, 12, "Europe/Berlin")
    before = ask(closed_database, then, past=True)
    assert before["reasoning"].startswith("Another time is better. Last seen 17 hours ago")
    now = ask(closed_database, wall(TODAY, 12, "Europe/Berlin"))
    assert ask(closed_database, then, past=True) == before
    assert now["reasoning"].startswith("Another time is better. Last seen 17 hours ago")
    kept = one(closed_database, "SELECT seen_until FROM contact_party WHERE person_id = %s", number(closed_database))
    assert kept == wall(TODAY - DAY, 19, "Europe/Berlin") + 20 * MINUTE
    counted(closed_database, comings(12.2, (-30,), zone="Europe/Berlin"), now=wall(TODAY, 20))
    assert ask(closed_database, then, past=True) == before


def test_of_who_is_not_known_nothing_is_said(closed_database: Database) -> None:
    assert ask(closed_database, wall(TODAY, 12)) == checking.NOBODY
    live_in(closed_database, "ana", "UTC")
    assert ask(closed_database, wall(TODAY, 12)) == checking.NOBODY


def test_nobody_is_told_by_anybody_elses_hours(closed_database: Database) -> None:
    evenings(closed_database)
    alone = ask(closed_database, wall(TODAY, 15, "Europe/Berlin"))
    counted(closed_database, comings(15, range(-60, 1), person="ben"))
    counted(closed_database, comings(15, range(-60, 1), person="ana"), organisation="umbrella")
    assert ask(closed_database, wall(TODAY, 15, "Europe/Berlin")) == alone
    assert ask(closed_database, wall(TODAY, 15) + HOUR, person="ben")["contributions"] != alone["contributions"]
