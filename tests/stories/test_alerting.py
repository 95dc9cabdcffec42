"""Whole ticks with educators: whatever runs twice, at once or dies, each episode is told once and no cap is broken."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tactful.decide import Rules
from tactful.decide.settings import ALERTS_PER_DAY
from tactful.kernel.errors import Conflict
from tactful.kernel.settings import Settings
from tactful.predict.dropout.settings import CRITICAL_FROM, HIGH_FROM, MEDIUM_FROM
from tactful.store.database import Database
from tactful.store.described import erasure, memberships
from tactful.store.sensed.resolve import Known
from tactful.store.steps import run
from tactful.uses import asking, ticking, vouching
from tests.living import NOW, dies_in_batch, one, rows, settle_in
from tests.stories.test_races import at_once

CAP = 4
RULES = Rules.from_settings(Settings({ALERTS_PER_DAY.name: CAP}))
# So that about every third is critical.
LOW = {MEDIUM_FROM.name: 0.1, HIGH_FROM.name: 0.2, CRITICAL_FROM.name: 0.3}
RULES = RULES.replace(values=RULES.values | LOW)
EVERYTHING = "SELECT * FROM educator_alerts ORDER BY id"


def taught(database: Database) -> None:
    """Sixty people with a past in three groups, each with two educators, one of whom teaches all three."""
    settle_in(database)
    with database.batch() as connection:
        connection.execute(
            """INSERT INTO people (organisation_id, external_id, holdout_bucket)
               SELECT 1, 'educator ' || n, 9000 FROM generate_series(0, 3) n"""
        )
        connection.execute(
            "INSERT INTO groups (organisation_id, external_id) SELECT 1, 'g' || n FROM generate_series(0, 2) n"
        )
        connection.execute(
            """INSERT INTO group_members (group_id, person_id, organisation_id, role)
               SELECT g.id, p.id, 1, CASE WHEN p.external_id LIKE 'educator%' THEN 'educator' ELSE 'member' END
                 FROM people p JOIN groups g ON CASE WHEN p.external_id LIKE 'educator%'
                      THEN p.external_id IN ('educator 3', 'educator ' || substr(g.external_id, 2))
                      ELSE g.external_id = 'g' || p.id % 3 END"""
        )


def hold_to_its_promises(database: Database) -> None:
    critical = [
        row["user_id"]
        for row in rows(database, "SELECT user_id FROM dropout_risk_scores WHERE risk_level = 'critical'")
    ]
    told = Counter((row["educator_id"], row["person_id"]) for row in rows(database, EVERYTHING))
    assert len(critical) > 3 * CAP
    assert {person for _, person in told} == set(critical)
    assert set(told.values()) == {1}
    assert len(told) == 2 * len(critical)
    raised = Counter(row["educator_id"] for row in rows(database, EVERYTHING) if row["state"] == "raised")
    assert max(raised.values()) == CAP
    assert all(row["state"] in ("raised", "held") for row in rows(database, EVERYTHING))


def test_the_same_tick_twice_tells_everybody_once(closed_database: Database) -> None:
    taught(closed_database)
    for _ in range(2):
        ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    hold_to_its_promises(closed_database)
    before = rows(closed_database, EVERYTHING)
    ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=5), everybody=True)
    ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=10), daily=True)
    assert rows(closed_database, EVERYTHING) == before


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_tick_that_died_tells_nobody_twice_when_it_goes_on(closed_database: Database, batch: int) -> None:
    taught(closed_database)
    with pytest.raises(ConnectionError):
        ticking.tick(closed_database, dies_in_batch(batch, RULES), at=NOW, daily=True, batch=20)
    ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=3), batch=20)
    assert one(closed_database, "SELECT count(*) FROM ticks WHERE finished_at IS NULL") == 0
    hold_to_its_promises(closed_database)


def test_ticks_and_questions_at_the_same_moment_tell_everybody_once(closed_database: Database) -> None:
    taught(closed_database)
    people = rows(closed_database, "SELECT external_id FROM people WHERE external_id NOT LIKE 'educator%%' ORDER BY id")

    def asking_some(first: int) -> Any:
        def ask() -> None:
            for row in people[first::3]:
                asking.ask(closed_database, RULES, "acme", row["external_id"], NOW + timedelta(seconds=first))

        return ask

    def ticking_once() -> None:
        ticking.tick(closed_database, RULES, at=NOW, everybody=True, batch=25)

    at_once(ticking_once, asking_some(0), asking_some(1), ticking_once)
    ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=5), everybody=True)
    hold_to_its_promises(closed_database)


def test_what_was_held_comes_the_next_day_and_no_more_than_the_cap(closed_database: Database) -> None:
    taught(closed_database)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    held = one(closed_database, "SELECT count(*) FROM educator_alerts WHERE state = 'held'")
    tomorrow = NOW + timedelta(days=1)
    ticking.tick(closed_database, RULES, at=tomorrow)
    let_through = rows(closed_database, "SELECT * FROM educator_alerts WHERE told_at = %s", tomorrow)
    assert 0 < len(let_through) < held
    assert max(Counter(row["educator_id"] for row in let_through).values()) <= CAP


def test_ten_who_say_at_once_that_somebody_was_wrongly_flagged_are_one(closed_database: Database) -> None:
    taught(closed_database)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    (row,) = rows(
        closed_database,
        """SELECT p.external_id FROM educator_alerts a JOIN people p ON p.id = a.person_id ORDER BY a.id LIMIT 1""",
    )

    def say() -> None:
        vouching.wrongly_flagged(
            closed_database, RULES, "acme", row["external_id"], at=NOW, note="", actor="operator:admin olga"
        )

    at_once(*[say] * 10, lambda: ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=5), daily=True))
    assert one(closed_database, "SELECT count(*) FROM wrong_flags") == 1
    assert one(closed_database, "SELECT count(*) FROM audit_log WHERE act = 'wrongly flagged'") == 1
    ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=10), daily=True)
    whose = "FROM people p JOIN {} ON p.id = {} WHERE p.external_id = %s"
    levels = "SELECT risk_level " + whose.format("dropout_risk_scores r", "r.user_id")
    assert one(closed_database, levels, row["external_id"]) == "high"
    alerts = "SELECT count(*) " + whose.format("educator_alerts a", "a.person_id") + " AND state <> 'closed'"
    assert one(closed_database, alerts, row["external_id"]) == 0


def test_nobody_is_vouched_for_for_ever(closed_database: Database) -> None:
    taught(closed_database)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    person = (
        "SELECT p.external_id FROM educator_alerts a JOIN people p ON p.id = a.person_id ORDER BY a.id DESC LIMIT 1"
    )
    name = one(closed_database, person)
    said = vouching.wrongly_flagged(closed_database, RULES, "acme", name, at=NOW, note="", actor="test")
    assert said["until"] == NOW + timedelta(days=30)
    with pytest.raises(Conflict):
        vouching.wrongly_flagged(
            closed_database, RULES, "acme", "educator 1", at=NOW, note="", actor="test"
        )  # fmt: skip
    again = NOW + timedelta(days=30)
    ticking.tick(closed_database, RULES, at=again, everybody=True)
    alerts = "SELECT a.raised_at FROM educator_alerts a JOIN people p ON p.id = a.person_id WHERE p.external_id = %s"
    assert {row["raised_at"] for row in rows(closed_database, alerts, name)} == {NOW, again}


@pytest.mark.parametrize("daily", [False, True])
def test_erasing_people_and_educators_meanwhile_stops_nobody(closed_database: Database, daily: bool) -> None:
    taught(closed_database)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    with closed_database.batch() as connection:
        # As if all of them became critical anew, for educators with another day ahead.
        connection.execute("UPDATE dropout_risk_scores SET risk_level = 'high', critical_since = NULL")
    names = [row["external_id"] for row in rows(closed_database, "SELECT external_id FROM people ORDER BY id")]

    def erasing(some: list[str]) -> Any:
        def erase() -> None:
            for name in some:
                with closed_database.batch() as connection:
                    erasure.erase(connection, "acme", name)

        return erase

    def tick() -> None:
        tomorrow = NOW + timedelta(days=1)
        ticking.tick(closed_database, RULES, at=tomorrow, everybody=not daily, daily=daily, batch=30)

    at_once(tick, erasing(names[0:20:2]), erasing(names[41:60:2]), erasing(["educator 3", "educator 0"]))
    assert one(closed_database, "SELECT count(*) FROM people") == 64 - 22
    assert one(closed_database, "SELECT finished_at IS NOT NULL FROM ticks ORDER BY id DESC LIMIT 1")


def test_who_no_longer_teaches_somebody_hears_of_them_no_more(closed_database: Database) -> None:
    taught(closed_database)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    open_now = """SELECT count(*) FROM educator_alerts a JOIN people e ON e.id = a.educator_id
                   WHERE state <> 'closed' AND e.external_id = %s"""
    before = one(closed_database, open_now, "educator 1")
    leaving = Known(one(closed_database, "SELECT id FROM people WHERE external_id = 'educator 3'"), 1, "UTC")
    with closed_database.batch() as connection:
        run(connection, memberships.replace([(leaving, [])]))
    assert one(closed_database, open_now, "educator 3") == 0
    assert one(closed_database, open_now, "educator 1") == before > 0
