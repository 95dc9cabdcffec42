"""Who is stuck is found, kept up, resolved by itself when progress resumes, and offered what was not tried."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl
import pytest

from tactful.facts.curves import ATTEMPT, CURVE, advance
from tactful.predict import plateau
from tactful.store.database import Connection, Database
from tactful.store.decided.moments import Scope
from tactful.store.reading import RowReader
from tactful.uses import passing, plateaus
from tests.living import one, rows
from tests.predict.plateau.learners import TODAY
from tests.stuck import AT, DAY, DEFAULT, TOLD, go, live, tries


def test_a_pass_finds_whom_the_capability_finds(closed_database: Database) -> None:
    log = live(closed_database)
    curves = advance(pl.DataFrame(schema=CURVE), log.select(*ATTEMPT)).with_columns(local_day=pl.lit(TODAY))
    given = plateau.given(curves)
    nothing = pl.DataFrame(schema=plateau.BEFORE)
    wanted = plateau.plateaus(curves, given, plateau.cold(given)["score"], nothing)
    done = go(closed_database, size=7)
    assert (done.finished, done.people) == (True, curves.height)
    found = rows(
        closed_database,
        """SELECT external_id::int AS person_id, topic, attempts, mastery_level, intervention_suggested, is_active
             FROM learning_plateaus l JOIN people p ON p.id = l.user_id ORDER BY 1""",
    )
    assert len(found) > 5
    assert found == wanted.select(found[0].keys()).to_dicts()


def test_only_what_changed_since_the_last_pass_is_looked_at(closed_database: Database) -> None:
    live(closed_database, 30)
    looked: list[int] = []

    def judge(connection: Connection, scope: Scope, **more: Any) -> None:
        asked = {"at": more["at"], "since": more["since"], "fresh": 21}
        looked.append(plateaus.CURVES.ask(RowReader(connection), scope, **asked).height)
        plateaus.judge(connection, scope, **more)

    work = replace(passing.WORKS[plateaus.NAME], judge=judge)
    go(closed_database, work=work)
    with closed_database.batch() as connection:
        connection.execute("UPDATE skill_curve SET changed_at = changed_at - interval '1 day'")
    go(closed_database, AT + DAY, work=work)
    stuck = one(closed_database, "SELECT count(*) FROM learning_plateaus WHERE is_active")
    assert looked[0] > looked[1] == stuck > 0


def test_it_is_resolved_by_itself_when_progress_resumes(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    (row,) = rows(closed_database, TOLD)
    assert (row["is_active"], row["resolved"], row["topic"]) == (True, False, "Calculus - Derivatives")
    assert (row["days_on_topic"], row["attempts"], row["detected_at"]) == (9, 18, AT)
    assert row["mastery_level"] == pytest.approx(0.5)
    assert row["intervention_suggested"].count("Calculus - Derivatives") == 1
    tries(closed_database, 1.0, range(1, 7))
    later = AT + 6 * DAY
    go(closed_database, later)
    (row,) = rows(closed_database, TOLD)
    assert (row["is_active"], row["resolved"], row["resolved_at"], row["left_at"]) == (False, True, later, None)
    assert row["mastery_level"] > 0.8


def test_who_gives_up_leaves_it_and_who_is_stuck_again_hears_something_new(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    gone = AT + 22 * DAY
    go(closed_database, gone)
    (row,) = rows(closed_database, TOLD)
    assert (row["is_active"], row["resolved"], row["resolved_at"], row["left_at"]) == (False, False, None, gone)
    tries(closed_database, 0.5, range(30, 38))
    go(closed_database, AT + 37 * DAY)
    first, second = rows(closed_database, TOLD)
    assert second["is_active"]
    assert first["suggestions"] != second["suggestions"]
    assert first["intervention_suggested"] != second["intervention_suggested"]


OFFERED = """
INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, triggered_at,
                               due_at, expires_at, user_response, responded_at, context)
SELECT user_id, organization_id, 'alternative_approach', 6, 'stuck', 'answered', %(at)s, %(at)s, %(at)s, %(said)s,
       %(at)s, jsonb_build_object('plateau_id', id) FROM learning_plateaus WHERE is_active
"""


def offer(database: Database, said: str, at: datetime) -> None:
    with database.batch() as connection:
        connection.execute(OFFERED, {"at": at, "said": said})


def test_what_was_taken_is_given_time_and_then_comes_the_next(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    offer(closed_database, "dismissed", AT + DAY)
    go(closed_database, AT + 2 * DAY)
    (row,) = rows(closed_database, TOLD)
    assert (row["intervention_taken"], len(row["suggestions"])) == (False, 1)
    offer(closed_database, "engaged", AT + 2 * DAY)
    tries(closed_database, 0.5, range(3, 9))
    go(closed_database, AT + 3 * DAY)
    (row,) = rows(closed_database, TOLD)
    assert (row["intervention_taken"], row["taken_at"], len(row["suggestions"])) == (True, AT + 2 * DAY, 1)
    said = row["intervention_suggested"]
    go(closed_database, AT + 8 * DAY)
    (row,) = rows(closed_database, TOLD)
    assert (row["intervention_taken"], row["taken_at"], len(row["suggestions"])) == (False, None, 2)
    assert row["intervention_suggested"] != said
    go(closed_database, AT + 9 * DAY)
    (row,) = rows(closed_database, TOLD)
    assert (row["intervention_taken"], len(row["suggestions"])) == (False, 2), "the old answer counts once"


def test_whoever_asks_is_judged_at_once(closed_database: Database) -> None:
    ask = partial(plateaus.of, closed_database, DEFAULT, ("acme", "ana"), active_only=True, most=10)
    assert ask(AT) == []
    tries(closed_database, 0.5, range(-8, 1))
    (row,) = ask(AT)
    assert (row["days_on_topic"], row["attempts"]) == (9, 18)
    assert row["reasons"][1:3] == ["18 attempts so far.", "9 days on the topic."]
    tries(closed_database, 1.0, range(1, 7))
    assert ask(AT + 6 * DAY) == []
    (row,) = plateaus.of(closed_database, DEFAULT, ("acme", "ana"), AT + 6 * DAY, active_only=False, most=10)
    assert row["resolved"]
    assert one(closed_database, "SELECT count(*) FROM passes") == 0


def test_a_new_plateau_makes_its_person_due(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    with closed_database.batch() as connection:
        connection.execute("UPDATE person_state SET next_due_at = 'infinity'")
    go(closed_database)
    assert one(closed_database, "SELECT next_due_at FROM person_state") == AT
