"""How moods go on, as it is served: the first rule until something learned has proved better; unknown without data."""

from datetime import timedelta
from typing import Any

import pytest

from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.store.database import Database
from tactful.store.sensed import interactions
from tactful.uses import beliefs, passing, patterns, ticking, training
from tests.living import NOW, RULES, one, rows
from tests.store.sensed import talk
from tests.store.sensed.talk import said
from tests.trending import write

DEFAULT = Settings({})
KEPT = """SELECT about, score, probability, stood, truth FROM predictions
           WHERE capability = 'mood_trend' ORDER BY person_id, about"""


def pattern(database: Database, person: str, settings: Settings = DEFAULT, at: Any = NOW) -> dict[str, Any]:
    told = patterns.of(database, settings, ("acme", person), at)
    assert told is not None
    return told


def learn(database: Database) -> int:
    (report,) = training.train(database, RULES, at=NOW, by="test", capability="mood_trend")
    assert report["promoted"], report["reason"]
    return int(report["version"])


def test_before_learning_a_mood_goes_on_as_it_moves(closed_database: Database) -> None:
    talk.write(closed_database, *[said("ana", 0.6 - 0.1 * (9 - day), days=day) for day in range(9)])
    ahead = pattern(closed_database, "ana")["mood_forecast"]
    assert (ahead["forecast"], ahead["version"]) == ("lower", None)
    assert ahead["lower"] + ahead["steady"] + ahead["higher"] == pytest.approx(1)
    assert ahead["reasons"] == ["Their mood moves by -0.10 a day; their last message lies -0.26 from it."]


def test_whose_mood_nobody_knows_has_no_forecast(closed_database: Database) -> None:
    talk.write(closed_database, said("ana", 0.5, days=15), said("ben", 0.5, sure=0.0))
    assert [pattern(closed_database, person)["mood_forecast"] for person in ("ana", "ben")] == [None, None]


def test_what_proved_better_serves_with_its_version_and_reasons(closed_database: Database) -> None:
    write(closed_database)
    before = pattern(closed_database, "p000")["mood_forecast"]
    version = learn(closed_database)
    after = pattern(closed_database, "p000")["mood_forecast"]
    assert (before["version"], after["version"]) == (None, version)
    assert after["lower"] != before["lower"]
    assert after["lower"] + after["steady"] + after["higher"] == pytest.approx(1)
    by_rule = pattern(closed_database, "p000", Settings({PREDICTING.name: False}))["mood_forecast"]
    assert by_rule == before
    # Who is far above their usual comes back to it.
    ahead = [pattern(closed_database, f"p{number:03}") for number in range(90)]
    known = [row for row in ahead if row["mood_forecast"] and abs(row["mood"] - row["average_sentiment"]) > 0.3]
    down = [row["mood_forecast"]["lower"] > row["mood_forecast"]["higher"] for row in known]
    above = [row["mood"] > row["average_sentiment"] for row in known]
    assert len(known) > 5
    assert down == above


def test_beliefs_are_kept_once_a_week_and_held_to_what_is_said(closed_database: Database) -> None:
    write(closed_database, 20)
    beliefs.keep(closed_database, RULES, NOW)
    beliefs.keep(closed_database, RULES, NOW + timedelta(days=1))
    kept = rows(closed_database, KEPT)
    assert {row["about"] for row in kept} == {"lower", "higher"}
    assert len(kept) == 2 * one(
        closed_database, "SELECT count(*) FROM user_behavior_patterns WHERE last_interaction_at > %s",
        NOW - timedelta(days=14),
    )  # fmt: skip
    assert all(row["truth"] is None and row["score"] is not None for row in kept)
    at = NOW + timedelta(days=10)
    low = [said("p000", -1.0, days=-10 + day, id=f"later {day}") for day in range(2)]
    interactions.write(closed_database, low, now=at, keep=timedelta(days=90))
    beliefs.keep(closed_database, RULES, NOW + timedelta(days=14, hours=1))
    mine = rows(
        closed_database, KEPT.replace("WHERE", "JOIN people p ON p.id = person_id AND external_id = 'p000' WHERE")
    )
    truth = {row["about"]: row["truth"] for row in mine if row["truth"] is not None}
    assert truth == {"lower": True, "higher": False}


def test_a_risk_is_told_with_its_chance_version_and_reasons_once_it_is_learned(closed_database: Database) -> None:
    talk.write(closed_database, *[said("ana", 0.1, days=day) for day in (40, 39, 33, 30)])
    ticking.tick(closed_database, RULES, at=NOW, daily=True)
    passing.go(closed_database, patterns.NAME, DEFAULT, at=NOW)
    told = pattern(closed_database, "ana")
    assert (told["churn_probability"], told["churn_version"]) == (None, None)
    assert told["churn_risk_score"] is not None
    assert told["churn_reasons"]
