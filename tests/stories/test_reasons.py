"""What is shown is true when it is shown, and whoever asks learns what became of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tactful.decide import Rules
from tactful.decide.settings import HOLDOUT
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import asking, story, ticking
from tests.living import rows, settle_in

RULES = Rules.from_settings(Settings({HOLDOUT.name: 0.0}))
EVENING = datetime(2026, 3, 4, 19, tzinfo=UTC)
NIGHT = datetime(2026, 3, 5, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def came(database: Database, *instants: datetime) -> None:
    facts = [("acme", Event(at.isoformat(), "ana", "visit", at)) for at in instants]
    with database.batch() as connection:
        run(connection, count_rows(facts, now=max(instants)))


def standing(database: Database) -> dict[str, Any]:
    """The one intervention there is, with its decision and its delivery."""
    (row,) = rows(
        database,
        """SELECT i.intervention_type AS kind, i.state, i.decision_id, i.due_at, d.state AS delivery
             FROM intervention_logs i LEFT JOIN deliveries d ON d.intervention_id = i.id""",
    )
    return row


def told(database: Database) -> list[str]:
    words: list[str] = story.of(database, "acme", standing(database)["decision_id"])["words"]
    return words


@pytest.fixture
def streak(closed_database: Database) -> Database:
    """Ana came by on nine days up to yesterday; this evening she is reminded of it."""
    came(closed_database, *(EVENING - day * DAY for day in range(9, 0, -1)))
    ticking.tick(closed_database, RULES, at=EVENING)
    assert standing(closed_database)["kind"] == "streak_preservation"
    return closed_database


def test_who_saved_the_streak_is_not_told_that_it_ends(streak: Database) -> None:
    came(streak, EVENING + timedelta(minutes=10))
    asking.hand_over(streak, RULES, [("acme", "ana")], EVENING + timedelta(minutes=20))
    row = standing(streak)
    assert (row["state"], row["delivery"]) == ("withdrawn", "withdrawn")
    assert (
        "It was withdrawn at 2026-03-04 19:20 UTC. "
        "They were last active today; a streak ends tonight only if that was yesterday."
    ) in told(streak)


def test_who_has_not_saved_it_is(streak: Database) -> None:
    asking.hand_over(streak, RULES, [("acme", "ana")], EVENING + timedelta(minutes=20))
    assert standing(streak)["state"] == "shown"
    assert "It was shown at 2026-03-04 19:20 UTC." in told(streak)


def test_who_came_back_overnight_is_not_asked_in_the_morning_why_they_left(closed_database: Database) -> None:
    came(closed_database, *(NIGHT - day * DAY for day in range(50, 12, -1)))
    ticking.tick(closed_database, RULES, at=NIGHT)
    waiting = standing(closed_database)
    assert waiting["state"] == "deferred"
    assert f"waits until {waiting['due_at']:%Y-%m-%d %H:%M} UTC" in told(closed_database)[0]
    came(closed_database, *(NIGHT + timedelta(minutes=45 * visit) for visit in range(1, 7)))
    ticking.tick(closed_database, RULES, at=waiting["due_at"])
    assert standing(closed_database)["state"] == "withdrawn"
    assert any("Their risk of leaving is" in line for line in told(closed_database) if "withdrawn" in line)


async def test_the_list_of_people_at_risk_gives_the_reasons_that_their_explanations_give(database: Database) -> None:
    settle_in(database, now=EVENING)
    ticking.tick(database, RULES, at=EVENING, daily=True)
    stored = rows(
        database, "SELECT p.external_id, r.* FROM dropout_risk_scores r JOIN people p ON p.id = r.user_id ORDER BY 1"
    )
    told = {row["external_id"]: dropout.reasons(row["risk_factors"] or [], row) for row in stored}
    assert told == {
        person: story.risk(database, RULES, "acme", person, EVENING, past=True)["reasons"] for person in told
    }
    assert len({sentence for sentences in told.values() for sentence in sentences}) > 10
