"""Learning what is usual of people's hours: where they share habits it serves, where they share none it does not."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tactful.facts.columns import numbers
from tactful.facts.rhythm import HOURS, UNLEARNED, Rhythms, by_usual
from tactful.facts.rhythm.rhythms import softmax
from tactful.kernel.chance import mix
from tactful.predict import timing as predicted
from tactful.store.database import Database
from tactful.store.decided import timing as stored
from tactful.store.decided.moments import Scope
from tactful.store.learned import lived, usual, versions
from tactful.store.reading import RowReader, reader
from tactful.store.sensed import contacts
from tactful.uses import checking, timing, training
from tactful.uses.training import hours as course
from tests.living import RULES, one, rows
from tests.timed import DAY, DEFAULT, HOUR, TODAY, comings, counted, go, number, wall

NOW = wall(TODAY, 23.9)
EVENING = 20


def uniform(who: int, what: int, size: int) -> np.ndarray:
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), 1_000 * who + what)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def live(database: Database, organisation: str, chances: np.ndarray, *, days: int = 40, prefix: str = "p") -> None:
    """A person for each row of `chances`, who comes every other day at an hour that is drawn by it."""
    told = []
    for who, row in enumerate(chances):
        here = [day for day in range(-days, 0) if (day + who) % 2]
        drawn = np.searchsorted(row.cumsum() / row.sum(), uniform(who, len(organisation), len(here)))
        for day, hour in zip(here, drawn, strict=True):
            told += comings(float(min(hour, 23)) + 0.1, [day], person=f"{prefix}{who}", length=5)
    counted(database, told, organisation=organisation, now=NOW)


def evenings(people: int) -> np.ndarray:
    """People who come around the same hour of the evening."""
    near = np.exp(-0.5 * ((np.arange(HOURS) - EVENING) / 1.5) ** 2)
    return np.tile(near, (people, 1))


def strangers(people: int) -> np.ndarray:
    """People who differ just as is believed before anything is learned."""
    one, two = (np.array([uniform(who, what, UNLEARNED.ways.shape[1]) for who in range(people)]) for what in (8, 9))
    far = np.sqrt(-2 * np.log(1 - one)) * np.cos(2 * np.pi * two)
    return softmax(UNLEARNED.mean + far @ UNLEARNED.ways.T)


def train(database: Database, at: datetime = NOW) -> dict[int, dict[str, Any]]:
    """Reports about hours, by organisation."""
    return {row["organisation"]: row for row in course.learn(database, at=at, by="test", least=1)}


def serving(database: Database, *organisations: int, at: datetime = NOW) -> dict[int, Rhythms]:
    with reader(database, few=True) as source:
        return usual.serving(source, organisations, at)


def test_where_people_share_habits_they_serve(closed_database: Database) -> None:
    live(closed_database, "acme", evenings(30))
    assert serving(closed_database, 1) == {}
    (report,) = training.train(closed_database, RULES, at=NOW, by="test", capability=usual.HOURS)
    assert report["promoted"], report["reason"]
    assert report["metrics"]["gain"]["low"] > 0.1
    assert report["metrics"]["candidate"]["log_loss"] < report["metrics"]["serving"]["log_loss"]
    assert (report["people"], report["lessons"]) == (30, one(closed_database, "SELECT count(*) FROM person_session"))
    learned = serving(closed_database, report["organisation"])[report["organisation"]]
    assert learned.mean.argmax() in (EVENING - 1, EVENING, EVENING + 1)
    # As of an instant before, nothing had been learned.
    assert serving(closed_database, report["organisation"], at=NOW - timedelta(seconds=1)) == {}
    (row,) = rows(closed_database, "SELECT * FROM model_versions WHERE capability = 'hours'")
    assert row["parameters"] == learned.as_dict()
    assert (row["promoted_at"], row["together"], row["decided_by"]) == (NOW, False, "test")


def test_where_they_share_none_nothing_changes(closed_database: Database) -> None:
    live(closed_database, "acme", strangers(40))
    whom = ("acme", "p1")
    before = (
        timing.of(closed_database, DEFAULT, whom, NOW),
        checking.check(closed_database, RULES, whom, checking.Check(at=NOW)),
    )
    (report,) = train(closed_database).values()
    assert not report["promoted"]
    assert "not surely better" in report["reason"]
    assert serving(closed_database, report["organisation"]) == {}
    assert before == (
        timing.of(closed_database, DEFAULT, whom, NOW),
        checking.check(closed_database, RULES, whom, checking.Check(at=NOW)),
    )


def test_few_people_say_nothing_either_way(closed_database: Database) -> None:
    live(closed_database, "acme", evenings(3))
    (report,) = train(closed_database).values()
    assert not report["promoted"]
    assert "Too little came after it to judge it by" in report["reason"]
    assert train(closed_database, NOW + DAY)[report["organisation"]]["version"] == 2


def test_who_is_new_leans_on_what_is_usual_where_they_are_and_nowhere_else(closed_database: Database) -> None:
    live(closed_database, "acme", evenings(30))
    live(closed_database, "bolt", strangers(40), prefix="b")
    for organisation in ("acme", "bolt"):
        counted(closed_database, comings(9, [-1], person=f"new-{organisation}"), organisation=organisation, now=NOW)
    whom = [("acme", "new-acme"), ("bolt", "new-bolt")]
    before = [profile(closed_database, each) for each in whom]
    assert before[0] == before[1]
    # One session says nothing of hours as long as nothing usual was learned.
    assert before[0]["peak_hours"] is None
    train(closed_database)
    after = [profile(closed_database, each) for each in whom]
    assert EVENING in after[0]["peak_hours"]
    assert all(bits >> EVENING & 1 for bits in after[0]["good_hours"])
    assert after[1] == before[1]


def profile(database: Database, whom: tuple[str, str]) -> dict[str, Any]:
    found = timing.of(database, DEFAULT, whom, NOW)
    assert found is not None
    return {name: value for name, value in found.items() if name != "updated_at"}


def test_a_pass_tells_everybody_anew_where_something_was_learned(closed_database: Database) -> None:
    live(closed_database, "acme", evenings(30))
    live(closed_database, "bolt", strangers(40), prefix="b")
    go(closed_database, NOW + 3 * HOUR)
    with closed_database.batch() as connection:
        connection.execute("UPDATE user_timing_profiles SET confidence = .123")
    reports = train(closed_database, NOW + DAY)
    go(closed_database, NOW + 7 * DAY)
    kept = "SELECT DISTINCT organization_id FROM user_timing_profiles WHERE confidence = .123"
    assert [reports[row["organization_id"]]["promoted"] for row in rows(closed_database, kept)] == [False]


def test_a_check_is_told_by_what_is_usual(closed_database: Database) -> None:
    live(closed_database, "acme", evenings(30))
    (learned,) = serving_after_training(closed_database).values()
    who = number(closed_database, "p0")
    with closed_database.batch() as connection:
        source, mine = RowReader(connection), Scope(people=(who,))
        contacts.bring_up_to_date(connection, mine, at=NOW)
        known = timing.MOMENT.ask(source, mine, at=NOW)
    told = checking.check(closed_database, RULES, ("acme", "p0"), checking.Check(at=NOW))
    given = [predicted.given(known, each) for each in (learned, UNLEARNED)]
    assert given[0]["hour_now"][0] != pytest.approx(given[1]["hour_now"][0])
    assert told["score"] == pytest.approx(predicted.cold(given[0], DEFAULT)["score"][0])


def serving_after_training(database: Database) -> dict[int, Rhythms]:
    return serving(database, *train(database))


def test_a_version_that_serves_is_held_to_hours_that_it_does_not_know(closed_database: Database) -> None:
    live(closed_database, "acme", evenings(30))
    train(closed_database)
    again = train(closed_database, NOW + timedelta(hours=1))
    (report,) = again.values()
    # Nothing came since.
    assert not report["promoted"]
    assert "Too early" in report["reason"]
    assert len(serving(closed_database, *again)) == 1


def test_what_is_learned_from_is_what_would_have_been_kept_then(closed_database: Database) -> None:
    live(closed_database, "acme", strangers(4))
    then = wall(TODAY - 9 * DAY, 12.05)
    with reader(closed_database, few=True) as source:
        learned = course.Hours(lived.sessions(source, 1, until=NOW, most=10)).known(then).sort("person_id")
        assert lived.sessions(source, 1, until=NOW, most=2)["person_id"].n_unique() == 2
    with closed_database.batch() as connection:
        source = RowReader(connection)
        stored.shadow(source)
        contacts.bring_up_to_date(connection, Scope(), at=then)
        statement = "SELECT person_id, day, hour, hours FROM person_rhythm ORDER BY person_id"
        kept = source.read(statement, [], dict(stored.KEPT))
    assert_frame_equal(learned.select("person_id", "day", "hour"), kept.select("person_id", "day", "hour"))
    assert numbers(learned["hours"]) == pytest.approx(numbers(kept["hours"]))


def test_hours_kept_back_are_not_known(closed_database: Database) -> None:
    live(closed_database, "acme", strangers(4))
    with reader(closed_database, few=True) as source:
        hours = course.Hours(lived.sessions(source, 1, until=NOW, most=10))
    before = hours.until - course.KEPT_BACK
    known, came = hours.cells(before), hours.came(before)
    assert known.join(came, on=["person_id", "day", "hour"]).is_empty()
    assert known.height + came.height == hours.cells(hours.until).height
    assert came.sort("day", "hour").row(0, named=True)["day"] >= before.date()


def test_each_question_of_the_past_is_told_by_the_version_that_served_then(closed_database: Database) -> None:
    live(closed_database, "acme", evenings(5))
    organisation, when = one(closed_database, "SELECT id FROM organisations WHERE name = 'acme'"), [NOW - 5 * DAY, NOW]
    early, late = (Rhythms(np.roll(UNLEARNED.mean, 1) - step, UNLEARNED.ways, UNLEARNED.weekdays) for step in (0, 1))
    for at, learned in zip(when, (early, late), strict=True):
        taught = versions.Taught(organisation, usual.HOURS, at, at, 1, 1, "none")
        with closed_database.batch() as connection:
            decision = versions.Decision(at, promoted=True, by="test", reason="test")
            versions.record(connection, taught, learned, {}, decision)
    instants = [NOW, NOW - 6 * DAY, NOW - 5 * DAY, NOW - DAY]
    asked = pl.DataFrame(
        {"organisation_id": [organisation] * 4, "at": instants}, schema_overrides={"at": pl.Datetime("us", "UTC")}
    )
    with reader(closed_database, few=True) as source:
        then = usual.then(source, [organisation], since=NOW - 9 * DAY, until=NOW)
        each = [usual.serving(source, [organisation], at).get(organisation) for at in instants]
    told = [then.rhythms.get(version) for version in then.of(asked)]
    assert [None if one is None else one.as_dict() for one in told] == [
        None if one is None else one.as_dict() for one in each
    ]
    assert told[1] is None


def test_rows_are_told_in_their_order_each_by_its_own() -> None:
    said = {7: UNLEARNED, 8: Rhythms(UNLEARNED.mean - 1, UNLEARNED.ways, UNLEARNED.weekdays)}
    people, where = pl.DataFrame({"who": [1, 2, 3, 4, 5]}), pl.Series([8, 7, None, 8, 9])
    told = by_usual(people, where, said, lambda some, each: some.with_columns(mean=pl.lit(each.mean[0])))
    assert told["who"].to_list() == [1, 2, 3, 4, 5]
    first = UNLEARNED.mean[0]
    assert told["mean"].to_list() == [first - 1, first, first, first - 1, first]
