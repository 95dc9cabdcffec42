"""Practice moves on with the events that are counted: the same however they are grouped, and nothing is lost."""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tactful.facts.practice import ATTEMPT, CONTENT, PERSON, PERSON_CONTENT, PERSON_SKILL, SKILL, advance, nothing
from tactful.facts.practice.shares import DOUBT, LEVEL
from tactful.kernel.records import Event
from tactful.store.database import Connection, Database
from tactful.store.described import erasure
from tactful.store.sensed import attempts, counting, events
from tactful.store.sensed.events import Row
from tactful.store.steps import run
from tests.living import one, rows
from tests.often import often

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)
PEOPLE, SKILLS, CONTENTS = "abc", ("s1", "s2", None), ("c1", "c2", "c3", None)
OWN = {
    "practice_person": PERSON,
    "practice_person_skill": PERSON_SKILL,
    "practice_person_content": PERSON_CONTENT,
}
SHARED = {"practice_skill": SKILL, "practice_content": CONTENT}
TABLES = (*OWN, *SHARED)
# Whose attempts at what others share came first is seen in these alone.
LEVELS = {"level", "doubt", "surprise", "surprise_long"}
DESCRIBED = """
INSERT INTO content (organisation_id, id, difficulty, skills)
SELECT id, 'c3', 0.9, '{s1,s2}' FROM organisations
"""


def attempt(number: int, *, organisation: str = "acme", **more: Any) -> Row:
    told = {"person": "a", "kind": "answer", "content_id": "c1", "skill_id": "s1", "properties": {"score": 1.0}} | more
    return (organisation, Event(id=str(number), occurred_at=NOW - timedelta(hours=1300 - 7 * number), **told))


def write(connection: Connection, batch: Sequence[Row], *, large: int = 100) -> None:
    run(connection, events.count_rows(batch, now=NOW, large=large))


def stored(connection: Connection, organisation: str = "acme") -> dict[str, pl.DataFrame]:
    """The rows of an organisation, its people by the product's own ids of them."""
    found = {}
    for table, kinds in OWN.items():
        query = f"""SELECT external_id, t.* FROM {table} t JOIN people p ON p.id = t.person_id
                      JOIN organisations o ON o.id = p.organisation_id WHERE o.name = %s"""
        found[table] = _frame(connection.execute(query, (organisation,)).fetchall(), kinds)
    for table, kinds in SHARED.items():
        query = f"""SELECT t.*, {LEVEL} AS level, {DOUBT} AS doubt FROM {table} t
                      JOIN organisations o ON o.id = t.organisation_id WHERE o.name = %s"""
        found[table] = _frame(connection.execute(query, (organisation,)).fetchall(), kinds)
    return found


def _frame(found: Sequence[Mapping[str, Any]], kinds: Mapping[str, Any]) -> pl.DataFrame:
    named = {"external_id": pl.String} if "person_id" in kinds else {}
    schema = named | {name: kind for name, kind in kinds.items() if name != "person_id"}
    told = pl.DataFrame([{name: row[name] for name in schema} for row in found], schema=schema, orient="row")
    return told.sort([name for name in ("external_id", "skill_id", "content_id") if name in schema])


def naive(told: Sequence[Row]) -> dict[str, pl.DataFrame]:
    """The same of all attempts of one organisation at once, each person's in their own order."""
    asked = []
    for number, (_, each) in enumerate(told):
        if "score" in each.properties and (each.skill_id or each.content_id):
            skills = ["s1", "s2"] if each.content_id == "c3" else [each.skill_id] if each.skill_id else []
            rated, content = 0.9 if each.content_id == "c3" else None, each.content_id or f"nameless {number}"
            score = each.properties["score"]
            asked.append((PEOPLE.index(each.person), content, skills, each.occurred_at, rated, score))
    _, after = advance(nothing(), pl.DataFrame(asked, schema=ATTEMPT, orient="row"))
    return {table: _named(frame, kinds) for (table, kinds), frame in zip((OWN | SHARED).items(), after, strict=True)}


def _named(frame: pl.DataFrame, kinds: Mapping[str, Any]) -> pl.DataFrame:
    told = frame.filter(pl.col("attempts") > 0)
    if "content_id" in told.columns:
        told = told.filter(~pl.col("content_id").str.starts_with("nameless"))
    if "person_id" in told.columns:
        names = pl.col("person_id").replace_strict(range(3), list(PEOPLE), return_dtype=pl.String)
        told = told.with_columns(names.alias("external_id"))
    return _frame(told.to_dicts(), kinds)


FACT = st.fixed_dictionaries(
    {"person": st.sampled_from(PEOPLE), "skill_id": st.sampled_from(SKILLS), "content_id": st.sampled_from(CONTENTS)},
    optional={"properties": st.sampled_from([{}, {"score": 0.25}, {"score": 0.5}])},
)
ANY = settings(
    max_examples=often(20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def in_groups(connection: Connection, told: Sequence[Row], cuts: set[int], large: int) -> None:
    """Count `told` in groups that end at `cuts`, the last few events of each once more with the next one."""
    for start, end in pairwise([0, *sorted(cuts), len(told)]):
        write(connection, told[max(0, start - 3) : end], large=large)


@pytest.mark.parametrize("large", [1, 1000])
@given(facts=st.lists(FACT, min_size=1, max_size=60), cuts=st.sets(st.integers(1, 59), max_size=5))
@ANY
def test_any_grouping_leaves_the_same_of_people_who_share_nothing(
    module_database: Database, large: int, facts: list[dict[str, Any]], cuts: set[int]
) -> None:
    told = [attempt(number, organisation=f"of {fact['person']}", **fact) for number, fact in enumerate(facts)]
    with module_database.batch() as connection, connection.transaction(force_rollback=True):
        for person in PEOPLE:
            connection.execute("INSERT INTO organisations (name, seed) VALUES (%s, 7)", (f"of {person}",))
        connection.execute(DESCRIBED)
        in_groups(connection, told, cuts, large)
        for person in PEOPLE:
            wanted = naive([each for each in told if each[1].person == person])
            for table, frame in stored(connection, f"of {person}").items():
                assert_frame_equal(frame, wanted[table], rel_tol=1e-9, abs_tol=1e-9)


@given(facts=st.lists(FACT, min_size=1, max_size=60), cuts=st.sets(st.integers(1, 59), max_size=5))
@ANY
def test_any_grouping_counts_the_same_of_people_who_share_content(
    module_database: Database, facts: list[dict[str, Any]], cuts: set[int]
) -> None:
    told = [attempt(number, **fact) for number, fact in enumerate(facts)]
    with module_database.batch() as connection, connection.transaction(force_rollback=True):
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 7)")
        connection.execute(DESCRIBED)
        in_groups(connection, told, cuts, 100)
        wanted = naive(told)
        for table, frame in stored(connection).items():
            counted = [name for name in frame.columns if name not in LEVELS]
            assert_frame_equal(frame.select(counted), wanted[table].select(counted), rel_tol=1e-9, abs_tol=1e-9)
            # What one attempt cannot undo: nobody is surer of it, or further off, than the attempts allow.
            assert frame["doubt"].is_between(0, 4.1).all()
            assert (frame["level"] - wanted[table]["level"]).is_between(-1.5, 1.5).all()


def test_two_groups_at_once_lose_nothing_and_do_not_wait_in_a_circle(closed_database: Database) -> None:
    first = [attempt(number, person="a", content_id=f"c{number % 3}") for number in range(9)]
    second = [attempt(100 + number, person="b", content_id=f"c{2 - number % 3}") for number in range(9)]
    with closed_database.batch() as connection:
        write(connection, [attempt(20, person="a", properties={}), attempt(150, person="b", properties={})])
    failed: list[Exception] = []

    def other() -> None:
        try:
            with closed_database.batch() as beside:
                write(beside, second)
        except Exception as error:
            failed.append(error)

    with closed_database.batch() as connection:
        write(connection, first)
        thread = threading.Thread(target=other)
        thread.start()
        # It has read what was there before this one, and now waits for it to end.
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'transactionid'"
        while thread.is_alive() and not one(closed_database, waits):
            thread.join(0.02)
        assert thread.is_alive()
    thread.join(30)
    assert failed == []
    with closed_database.batch() as connection:
        found = stored(connection)
    together = naive([*first, *second])
    for table, frame in found.items():
        # Side by side, as though both had come in one group: all first attempts, then all second ones, ...
        counted = [name for name in frame.columns if name not in LEVELS]
        assert_frame_equal(frame.select(counted), together[table].select(counted), rel_tol=1e-9)
    everything = found["practice_skill"].row(0, named=True)
    assert (everything["skill_id"], everything["attempts"], everything["successes"]) == ("", 18, 18.0)
    assert 0 < everything["level"] < 6


def test_what_was_described_counts_and_unknown_content_does_without(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        write(connection, [attempt(0, properties={})])
        connection.execute(DESCRIBED)
        write(connection, [attempt(1, content_id="c3", skill_id="s9"), attempt(2, content_id="c1")])
        write(connection, [attempt(3, content_id=None), attempt(4, skill_id=None, content_id="c2")])
        found = stored(connection)
    assert found["practice_person_skill"]["skill_id"].to_list() == ["s1", "s1\x1fs2", "s2"]
    assert found["practice_person_skill"]["attempts"].to_list() == [3, 1, 1]
    assert found["practice_person_content"]["content_id"].to_list() == ["c1", "c2", "c3"]
    assert found["practice_person"]["attempts"].to_list() == [4]
    begun = dict(
        rows(closed_database, "SELECT array_agg(content_id) a, array_agg(started_level) b FROM practice_content")[0]
    )
    assert dict(zip(begun["a"], begun["b"], strict=True)) == {"c1": 0, "c2": 0, "c3": pytest.approx(-1.2)}
    about = {row["content_id"]: row["skill_id"] for row in rows(closed_database, "SELECT * FROM practice_content")}
    assert about == {"c1": "s1", "c2": None, "c3": "s9"}


def test_an_attempt_that_comes_late_counts_and_turns_no_clock_back(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        write(connection, [attempt(50)])
        write(connection, [attempt(3, properties={"score": 0.0})])
        (person,) = stored(connection)["practice_person"].to_dicts()
    assert (person["attempts"], person["successes"], person["streak"]) == (2, 1.0, -1)
    assert person["last_at"] == attempt(50)[1].occurred_at
    assert 0 < person["doubt"] < 2


def test_content_that_needs_many_skills_with_long_names_is_kept(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        write(connection, [attempt(0, properties={})])
        long = [f"{number:03}" + "ñ" * 252 for number in range(100)]
        connection.execute(
            "INSERT INTO content (organisation_id, id, skills) SELECT id, 'c1', %s FROM organisations", (long,)
        )
        write(connection, [attempt(1), attempt(2)])
        found = stored(connection)["practice_person_skill"]
    assert found.height == 101
    assert found["attempts"].to_list() == [2] * 101


def test_an_erased_persons_attempts_go_with_them(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        told = [attempt(number, person="ab"[number % 2], content_id=f"c{number % 3}") for number in range(12)]
        write(connection, told)
        erasure.erase(connection, "acme", "b")
        found = stored(connection)
    wanted = naive([each for each in told if each[1].person == "a"])
    for table, frame in found.items():
        left = [name for name in frame.columns if name not in LEVELS]
        assert_frame_equal(frame.filter(pl.col("attempts") > 0).select(left), wanted[table].select(left), rel_tol=1e-9)
    assert [one(closed_database, f"SELECT count(*) FROM {table}") for table in OWN] == [1, 1, 3]


def test_a_group_without_attempts_says_nothing_to_the_database() -> None:
    nothing_scored = attempts.attempts(pl.DataFrame(schema=counting.GROUP))
    assert list(attempts.follow(nothing_scored, [], NOW)) == []
