"""What is kept of answers moves on with the events that are counted: the same however they are grouped, each once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import ibis
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tactful.facts.memories import (
    ANSWER,
    FORM,
    OTHERS,
    SKILL,
    TOPIC,
    person_form,
    person_memory,
    person_topic,
    skill_sums,
    topic_sums,
)
from tactful.facts.remembering.state import State, advance
from tactful.kernel.records import Event
from tactful.predict import forgetting
from tactful.store.database import Connection, Database
from tactful.store.described import erasure
from tactful.store.sensed import attempts, counting, events
from tactful.store.sensed.events import Row
from tactful.store.steps import run
from tests.living import one
from tests.often import often

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)
PEOPLE, SKILLS, TOPICS = "abc", ("s1", "s2", "s3"), ("Algebra", "Calculus", None)
TABLES = {"person_memory": SKILL, "person_topic": TOPIC, "person_form": FORM}
SUMS = ("skill_sums", "topic_sums")


def answer(number: int, **more: Any) -> Row:
    told = {"person": "a", "kind": "answer", "skill_id": "s1", "properties": {"score": 0.5, "seconds": 9}} | more
    return ("acme", Event(id=str(number), occurred_at=NOW - timedelta(hours=1300 - 7 * number), **told))


def write(connection: Connection, batch: Sequence[Row], *, large: int = 100) -> None:
    run(connection, events.count_rows(batch, now=NOW, large=large))


def stored(connection: Connection) -> list[pl.DataFrame]:
    """The rows of people, by the product's own ids of them."""
    found = []
    for table, kinds in TABLES.items():
        query = f"SELECT external_id, t.* FROM {table} t JOIN people p ON p.id = t.person_id"
        schema = {"external_id": pl.String, **{name: kind for name, kind in kinds.items() if name != "person_id"}}
        told = [{name: row[name] for name in schema} for row in connection.execute(query).fetchall()]
        found.append(_sorted(pl.DataFrame(told, schema=schema, orient="row")))
    return found


def naive(told: Sequence[Row]) -> list[pl.DataFrame]:
    """The same of all answers at once, each person's in their own order."""
    log = pl.DataFrame(
        [
            (PEOPLE.index(each.person), each.skill_id, each.topic, each.occurred_at,
             float(each.properties["score"] >= 0.5), None, each.properties.get("seconds"))
            for _, each in told if each.skill_id and "score" in each.properties
        ],
        schema=ANSWER,
        orient="row",
    )  # fmt: skip
    names = pl.col("person_id").replace_strict(range(3), list(PEOPLE), return_dtype=pl.String).alias("external_id")
    return [_sorted(table.select(names, pl.exclude("person_id"))) for table in advance(State(), log)[1]]


def _sorted(table: pl.DataFrame) -> pl.DataFrame:
    return table.sort([name for name in ("external_id", "skill_id", "topic_id") if name in table.columns])


def assert_sums_are_those_of_the_rows(connection: Connection) -> None:
    """What is kept of others, read through the capability's own expression with and without the kept sums."""
    without = forgetting.features(person_memory, person_topic, person_form)
    kept = forgetting.features(person_memory, person_topic, person_form, skill_sums, topic_sums)
    one, other = (
        pl.DataFrame(connection.execute(ibis.to_sql(each, dialect="postgres")).fetchall(), infer_schema_length=None)
        for each in (without, kept)
    )
    if one.height:
        columns = ["person_id", "skill_id", *OTHERS]
        pair = [
            each.select(columns).with_columns(pl.col(*OTHERS).cast(pl.Float64)).sort("person_id", "skill_id")
            for each in (one, other)
        ]
        assert_frame_equal(*pair, abs_tol=1e-9)


FACT = st.fixed_dictionaries(
    {"person": st.sampled_from(PEOPLE), "skill_id": st.sampled_from([*SKILLS, None])},
    optional={
        "topic": st.sampled_from(TOPICS),
        "properties": st.sampled_from([{}, {"score": 0.25}, {"score": 1.0, "seconds": 3.5}]),
    },
)


@pytest.mark.parametrize("large", [1, 1000])
@given(
    facts=st.lists(FACT, min_size=1, max_size=80),
    cuts=st.sets(st.integers(1, 79), max_size=5),
    repeated=st.booleans(),
)
@settings(
    max_examples=often(20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_grouping_leaves_the_same_and_a_repeated_id_changes_nothing(
    module_database: Database, large: int, facts: list[dict[str, Any]], cuts: set[int], repeated: bool
) -> None:
    told = [answer(number, **fact) for number, fact in enumerate(facts)]
    with module_database.batch() as connection, connection.transaction(force_rollback=True):
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 7)")
        for start, end in pairwise([0, *sorted(cuts), len(told)]):
            write(connection, told[start:end], large=large)
            if repeated:
                before = stored(connection), connection.execute("SELECT * FROM skill_sums ORDER BY 1, 2").fetchall()
                write(connection, told[max(0, start - 5) : end], large=large)
                after = stored(connection), connection.execute("SELECT * FROM skill_sums ORDER BY 1, 2").fetchall()
                assert before[1] == after[1]
                for was, now in zip(before[0], after[0], strict=True):
                    assert_frame_equal(was, now, check_exact=True)
        for kept, wanted in zip(stored(connection), naive(told), strict=True):
            # Powers of many numbers at once and of one are equal but for the last digit.
            assert_frame_equal(kept, wanted, rel_tol=1e-12, abs_tol=1e-12)
        assert_sums_are_those_of_the_rows(connection)


def test_half_the_points_are_a_right_answer_and_what_has_no_score_is_none(closed_database: Database) -> None:
    scores: tuple[dict[str, float], ...] = ({"score": 0.5}, {"score": 0.49}, {})
    with closed_database.batch() as connection:
        write(connection, [answer(number, properties=score) for number, score in enumerate(scores)])
        write(connection, [answer(9, skill_id=None)])
        row = connection.execute("SELECT answers, hits, last_hit FROM person_memory").fetchone()
    assert row == {"answers": 2, "hits": 1, "last_hit": 0.0}


def test_an_answer_that_comes_late_does_not_turn_the_clock_back(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        write(connection, [answer(50)])
        write(connection, [answer(3)])
        row = connection.execute("SELECT answers, first_at, last_at, stability FROM person_memory").fetchone()
    assert row is not None
    assert (row["answers"], row["first_at"], row["last_at"]) == (2, answer(3)[1].occurred_at, answer(50)[1].occurred_at)
    assert row["stability"] > 0


def test_an_erased_persons_answers_go_with_them_and_out_of_the_sums(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        whose = [("a", "s1"), ("b", "s1"), ("b", "s2")] * 4
        told = [answer(place, person=who, topic="Algebra", skill_id=skill) for place, (who, skill) in enumerate(whose)]
        write(connection, told)
        erasure.erase(connection, "acme", "b")
        assert_sums_are_those_of_the_rows(connection)
        skills = connection.execute("SELECT skill_id FROM skill_sums").fetchall()
        left = connection.execute("SELECT asked, first FROM topic_sums").fetchone()
    # What nobody else was asked about is not even named any more.
    assert skills == [{"skill_id": "s1"}]
    assert left == {"asked": 4, "first": 1}
    assert [one(closed_database, f"SELECT count(*) FROM {table}") for table in TABLES] == [1, 1, 1]


def test_a_group_without_attempts_says_nothing_to_the_database() -> None:
    nothing = attempts.attempts(pl.DataFrame(schema=counting.GROUP))
    assert list(attempts.follow(nothing, [], NOW)) == []
