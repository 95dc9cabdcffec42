"""What is kept of winning somebody back: the strategy, when it was carried out, and whether they came."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tactful.decide import REENGAGING, Rules
from tactful.decide.reengagement import strategy
from tactful.decide.settings import HOLDOUT
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.predict.dropout import HORIZON
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import ticking
from tests.living import NOW, rows, settle_in

RULES = Rules.from_settings(Settings({HOLDOUT.name: 0.0}))
# Nobody is reached because of a risk any more.
QUIET = RULES.replace(triggers=RULES.triggers[:1])
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def came(database: Database, *instants: datetime) -> None:
    facts = [("acme", Event(at.isoformat(), "ana", "visit", at)) for at in instants]
    with database.batch() as connection:
        run(connection, count_rows(facts, now=max(instants)))


def ana(database: Database) -> dict[str, Any]:
    (row,) = rows(database, "SELECT * FROM dropout_risk_scores")
    return row


@pytest.fixture
def reached(closed_database: Database) -> Database:
    """Ana came every day and fell silent twelve days ago; at noon she is reached."""
    came(closed_database, *(NOON - day * DAY for day in range(50, 12, -1)))
    ticking.tick(closed_database, RULES, at=NOON)
    (planned,) = rows(closed_database, "SELECT intervention_type AS kind, state FROM intervention_logs")
    assert planned["kind"] in REENGAGING
    assert planned["state"] == "planned"
    return closed_database


def test_everybody_at_risk_has_a_strategy_and_nobody_else(closed_database: Database) -> None:
    settle_in(closed_database)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True, daily=True)
    kept = rows(closed_database, "SELECT risk_level, risk_factors, reengagement_strategy FROM dropout_risk_scores")
    assert {row["risk_level"] for row in kept} >= {"low", "medium", "high"}
    for row in kept:
        assert row["reengagement_strategy"] == strategy(row["risk_level"], row["risk_factors"])


def test_planning_because_of_a_risk_carries_the_strategy_out(reached: Database) -> None:
    row = ana(reached)
    assert (row["strategy_executed"], row["strategy_executed_at"]) == (True, NOON)
    assert (row["user_returned"], row["returned_at"]) == (None, None)


def test_who_comes_back_has_returned_with_their_first_session(reached: Database) -> None:
    ticking.tick(reached, RULES, at=NOON + HOUR)
    assert ana(reached)["user_returned"] is None
    came(reached, NOON + DAY, NOON + DAY + HOUR / 4, NOON + 2 * DAY)
    ticking.tick(reached, QUIET, at=NOON + 3 * DAY)
    row = ana(reached)
    assert (row["user_returned"], row["returned_at"]) == (True, NOON + DAY)
    assert row["strategy_executed_at"] == NOON


def test_what_lies_ahead_is_no_return_yet(reached: Database) -> None:
    came(reached, NOON + DAY)
    ticking.tick(reached, RULES, at=NOON + HOUR)
    assert ana(reached)["user_returned"] is None


def test_silence_through_the_horizon_is_staying_away(reached: Database) -> None:
    ticking.tick(reached, QUIET, at=NOON + HORIZON.default * DAY - HOUR)
    assert ana(reached)["user_returned"] is None
    ticking.tick(reached, QUIET, at=NOON + HORIZON.default * DAY)
    assert (ana(reached)["user_returned"], ana(reached)["returned_at"]) == (False, None)


def test_what_waited_overnight_is_carried_out_at_its_release(closed_database: Database) -> None:
    night = NOON - 10 * HOUR
    came(closed_database, *(night - day * DAY for day in range(50, 12, -1)))
    ticking.tick(closed_database, RULES, at=night)
    assert ana(closed_database)["strategy_executed"] is False
    (waiting,) = rows(closed_database, "SELECT due_at FROM intervention_logs WHERE state = 'deferred'")
    ticking.tick(closed_database, RULES, at=waiting["due_at"])
    row = ana(closed_database)
    assert (row["strategy_executed"], row["strategy_executed_at"]) == (True, waiting["due_at"])
