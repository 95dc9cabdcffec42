"""Learning from one's own past: what proves better on later people serves, what does not is kept and does not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tactful import loop
from tactful.facts.chain import Chain
from tactful.kernel.chance import mix
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.store.database import Database
from tactful.store.decided.moments import Scope
from tactful.store.learned import versions
from tactful.store.reading import reader
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import passing, patterns, ticking, training
from tactful.uses.training import silence as leaving
from tests.conftest import copied
from tests.living import RULES, one, rows

NOW = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
DAYS = 150
# Those about leaving.
VERSIONS = "(SELECT * FROM model_versions WHERE capability = 'dropout') v"


def live(database: Database, organisation: str, count: int, *, seed: int = 1) -> None:
    """People each with a pace of their own, most of whom stop one day for good."""
    number = np.arange(count, dtype=np.uint64)

    def draws(what: int) -> np.ndarray:
        words: np.ndarray = mix(mix(number, seed), what)
        return (words >> np.uint64(11)).astype(np.float64) / 2**53

    pace, stops = 0.05 + 0.8 * draws(1), DAYS * 1.5 * draws(2)
    lived = []
    for day in range(DAYS):
        at = NOW - timedelta(days=DAYS - day, hours=2)
        here = np.flatnonzero((draws(100 + day) < pace) & (day < stops))
        lived += [
            (organisation, Event(f"{who}-{day}", f"p{who}", "visit", at + timedelta(seconds=int(who)))) for who in here
        ]
    with database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES (%s, 1)", (organisation,))
        run(connection, count_rows(lived, now=NOW))


def train(database: Database, at: datetime, by: str = "test") -> list[dict[str, Any]]:
    """Reports about leaving."""
    return training.train(database, RULES, at=at, by=by, capability="dropout")


@pytest.fixture(scope="module")
def learned(database_url: str, template: str) -> Iterator[str]:
    """The name of a database in which people have lived and a model has been learned from them."""
    with copied(database_url, template, f"{template}_learned") as database:
        live(database, "acme", 300)
        assert train(database, NOW)[0]["promoted"]
        # What is copied is used by nobody.
        database.close_batches()
        yield f"{template}_learned"


@pytest.fixture
def taught(database_url: str, learned: str) -> Iterator[Database]:
    """A copy of that database."""
    with copied(database_url, learned, f"{learned}_copy") as database:
        yield database


def looked(database: Database, at: datetime, *, past: bool = False) -> pl.DataFrame:
    with reader(database, few=False) as source:
        return loop.look(source, Scope(), at=at, rules=RULES, past=past)


def test_what_proves_better_serves_from_then_on(closed_database: Database) -> None:
    live(closed_database, "acme", 300)
    before = looked(closed_database, NOW)
    assert before["probability"].is_null().all()
    (report,) = train(closed_database, NOW)
    assert report["promoted"], report["reason"]
    assert report["metrics"]["gain"]["low"] > 0
    after = looked(closed_database, NOW)
    assert after["probability"].is_between(0, 1).all()
    assert after["risk_score"].to_list() != before["risk_score"].to_list()
    (row,) = rows(closed_database, f"SELECT * FROM {VERSIONS}")
    assert (row["version"], row["decided_by"], row["promoted_at"], row["retired_at"]) == (1, "test", NOW, None)
    assert row["window_to"] == NOW - timedelta(days=30)
    assert row["lessons"] > row["people"] > 200


def test_a_moment_of_the_past_is_believed_as_it_was_then(taught: Database) -> None:
    earlier = looked(taught, NOW - timedelta(days=1), past=True)
    assert earlier["probability"].is_null().all()


def test_where_learned_beliefs_are_not_wanted_the_rule_speaks(closed_database: Database) -> None:
    live(closed_database, "acme", 300)
    before = looked(closed_database, NOW)
    assert train(closed_database, NOW)[0]["promoted"]
    by_rule = RULES.replace(values={**RULES.values, PREDICTING.name: False})
    with reader(closed_database, few=False) as source:
        told = loop.look(source, Scope(), at=NOW, rules=by_rule)
    assert_frame_equal(told.select("person_id", "risk_score"), before.select("person_id", "risk_score"))
    assert told["probability"].null_count() == told.height


def test_what_is_not_surely_better_is_kept_and_does_not_serve(taught: Database) -> None:
    serves = looked(taught, NOW)["probability"].to_list()
    (report,) = train(taught, NOW + timedelta(hours=1), "second")
    assert not report["promoted"]
    assert "Too early" in report["reason"]
    assert looked(taught, NOW)["probability"].to_list() == serves
    kept = rows(taught, f"SELECT promoted_at, retired_at FROM {VERSIONS} ORDER BY version")
    assert [(row["promoted_at"], row["retired_at"]) for row in kept] == [(NOW, None), (None, None)]


def test_too_little_to_learn_from_means_nothing_new_serves(closed_database: Database) -> None:
    live(closed_database, "acme", 12)
    (report,) = train(closed_database, NOW)
    assert not report["promoted"]
    assert "Too early: 96 of the 500 lessons" in report["reason"]
    assert looked(closed_database, NOW)["probability"].is_null().all()


def test_organisations_learn_apart(closed_database: Database) -> None:
    live(closed_database, "acme", 200)
    live(closed_database, "bolt", 200, seed=2)
    both = {row["organisation"]: row for row in train(closed_database, NOW)}
    alone = leaving.past(closed_database, RULES, at=NOW, days=30).lessons(min(both))
    assert both[min(both)]["lessons"] == alone.truth.size
    stored = rows(closed_database, f"SELECT organisation_id, data_print FROM {VERSIONS} ORDER BY organisation_id")
    assert [row["organisation_id"] for row in stored] == sorted(both)
    assert stored[0]["data_print"] == alone.print() != stored[1]["data_print"]


def test_lessons_know_nothing_of_what_came_after_their_truth(closed_database: Database) -> None:
    live(closed_database, "acme", 60)
    at = NOW - timedelta(days=10)
    known = leaving.past(closed_database, RULES, at=at, days=30).lessons(1).print()
    with closed_database.batch() as connection:
        connection.execute("DELETE FROM events WHERE occurred_at > %s", (at,))
    assert leaving.past(closed_database, RULES, at=at, days=30).lessons(1).print() == known


def test_no_more_than_the_set_share_is_critical_after_the_daily_pass(taught: Database) -> None:
    later = NOW + timedelta(hours=9)
    for at in (later, later + timedelta(days=1)):
        ticking.tick(taught, RULES, at=at, daily=True)
        critical = one(taught, "SELECT count(*) FROM dropout_risk_scores WHERE risk_level = 'critical'")
        assert critical <= 0.05 * 300
    assert one(taught, "SELECT count(*) FROM dropout_risk_scores WHERE probability IS NULL") == 0
    assert one(taught, "SELECT count(*) FROM risk_scales") == 3
    gone = rows(taught, "SELECT risk_score FROM dropout_risk_scores WHERE days_silent >= 30")
    assert gone
    assert all(row["risk_score"] < 0.7 for row in gone)


def test_learning_goes_forward_in_time(closed_database: Database) -> None:
    live(closed_database, "acme", 60)
    train(closed_database, NOW)
    with pytest.raises(BadInput, match="was learned at"):
        train(closed_database, NOW - timedelta(days=7))
    assert one(closed_database, f"SELECT count(*) FROM {VERSIONS}") == 1


def test_beliefs_are_kept_once_a_week_and_held_to_what_came(closed_database: Database) -> None:
    live(closed_database, "acme", 120)
    early = NOW - timedelta(days=40)
    for days in range(9):
        ticking.tick(closed_database, RULES, at=early + timedelta(days=days), daily=True, past=True)
    asked = rows(closed_database, "SELECT DISTINCT asked_at FROM predictions ORDER BY 1")
    assert [row["asked_at"] for row in asked] == [early, early + timedelta(days=7)]
    assert one(closed_database, "SELECT count(*) FROM predictions WHERE truth IS NOT NULL") == 0
    ticking.tick(closed_database, RULES, at=NOW, daily=True)
    settled = rows(closed_database, "SELECT person_id, truth FROM predictions WHERE asked_at = %s", early)
    known = leaving.past(closed_database, RULES, at=early + timedelta(days=30), days=30)
    moment, truth = known.week(0, 1)
    wanted = dict(zip(moment.people["person_id"].to_list(), truth.astype(bool).tolist(), strict=True))
    assert {row["person_id"]: row["truth"] for row in settled} == wanted
    assert 0 < sum(wanted.values()) < len(wanted)


def test_whoever_was_wrongly_flagged_is_learned_as_one_who_stayed(closed_database: Database) -> None:
    live(closed_database, "acme", 60)
    past = leaving.past(closed_database, RULES, at=NOW, days=30)
    weeks = range(leaving.WEEKS)
    asked = {number: past.asked(number) for number in weeks}
    before = truths(past)
    gone = next(person for person, left in before[2].items() if all(before[number].get(person) for number in weeks))
    said = asked[2] + timedelta(days=5)
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO wrong_flags (organisation_id, person_id, actor, at, until, risk_level)
               VALUES (1, %s, 'person eva', %s, %s, 'critical')""",
            (gone, said, said + timedelta(days=30)),
        )
    after = truths(leaving.past(closed_database, RULES, at=NOW, days=30))
    changed = {(number, one) for number in weeks for one, left in after[number].items() if left != before[number][one]}
    # Asked within the 30 days before it was said, and by then.
    assert changed == {(number, gone) for number in weeks if asked[number] < said <= asked[number] + timedelta(days=30)}
    assert changed


def truths(past: leaving.Past) -> dict[int, dict[int, float]]:
    """For each week, who of the organisation's people stayed away."""
    weeks = {number: past.week(number, 1) for number in range(leaving.WEEKS)}
    return {number: dict(zip(then.people["person_id"], truth, strict=True)) for number, (then, truth) in weeks.items()}


def test_what_one_person_has_shown_counts_for_them_alone(closed_database: Database) -> None:
    live(closed_database, "acme", 60)
    told, when = versions.Taught(1, "dropout", NOW, NOW, 1, 1, "none"), NOW - timedelta(days=50)
    with closed_database.batch() as connection:
        decision = versions.Decision(when, promoted=True, by="test", reason="test")
        versions.record(connection, told, Chain(patience=1.0), {}, decision)
    for days in (0, 7):
        ticking.tick(closed_database, RULES, at=when + timedelta(days=days), daily=True, past=True)
    believed = rows(
        closed_database, "SELECT person_id, probability, due_at FROM predictions ORDER BY person_id, asked_at"
    )
    assert rows(closed_database, "SELECT * FROM person_surprises") == []
    ticking.tick(closed_database, RULES, at=NOW - timedelta(hours=12), daily=True)
    settled = {
        row["id"]: row for row in rows(closed_database, "SELECT * FROM predictions WHERE truth IS NOT NULL ORDER BY id")
    }
    assert len(settled) == len(believed)
    surprises = {row["person_id"]: row for row in rows(closed_database, "SELECT * FROM person_surprises")}
    for person, row in surprises.items():
        mine = [each for each in settled.values() if each["person_id"] == person]
        wanted = sum(7 / 30 * (each["truth"] - each["probability"]) for each in mine)
        assert row["residual"] == pytest.approx(wanted)
    # Nobody's is written again while nothing new is known.
    written = rows(closed_database, "SELECT person_id, xmin::text FROM person_surprises ORDER BY person_id")
    ticking.tick(closed_database, RULES, at=NOW - timedelta(hours=11))
    assert rows(closed_database, "SELECT person_id, xmin::text FROM person_surprises ORDER BY person_id") == written
    now = looked(closed_database, NOW)
    cold = looked(closed_database, NOW).select("person_id", "cold_score", "probability")
    for person, score, chance in cold.iter_rows():
        shown = surprises.get(person, {"residual": 0.0, "information": 0.0})
        odds = 4.4 * score - 2.2 + shown["residual"] / (shown["information"] + 1.0)
        assert chance == pytest.approx(1 / (1 + np.exp(-odds)))
    # Then nothing of it was known; and seen from now, the past is told as it was.
    early = looked(closed_database, when + timedelta(days=8), past=True)
    assert early["shown_residual"].is_null().all()
    late = looked(closed_database, NOW, past=True)
    columns = ["person_id", "shown_residual", "shown_information"]
    assert_frame_equal(late.select(columns), now.select(columns))


def test_a_pattern_tells_the_learned_chance_with_its_version_and_reasons(closed_database: Database) -> None:
    live(closed_database, "acme", 300)
    ticking.tick(closed_database, RULES, at=NOW, daily=True)
    assert set(told_of_risks(closed_database, NOW)) == {(None, None)}
    (report,) = train(closed_database, NOW + timedelta(minutes=1))
    later = NOW + timedelta(hours=9)
    # What was worked out before still stands, by the rule.
    assert set(told_of_risks(closed_database, later)) == {(None, None)}
    ticking.tick(closed_database, RULES, at=later, daily=True)
    after = told_of_risks(closed_database, later)
    assert {version for _, version in after} == {report["version"]}
    assert all(0 <= chance <= 1 for chance, _ in after)


def told_of_risks(database: Database, at: datetime) -> list[tuple[Any, Any]]:
    passing.go(database, patterns.NAME, Settings({}), at=at)
    told = [patterns.of(database, Settings({}), ("acme", f"p{who}"), at) for who in range(0, 300, 15)]
    known = [row for row in told if row is not None and row["churn_risk_score"] is not None]
    assert len(known) > 10
    assert all(row["churn_reasons"] for row in known if row["risk_level"] == "critical")
    return [(row["churn_probability"], row["churn_version"]) for row in known]
