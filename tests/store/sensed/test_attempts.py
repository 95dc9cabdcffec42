"""Curves move on with the events that are counted: the same curve however attempts are grouped, and each once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from polars.testing import assert_frame_equal

from tactful.facts.curves import ATTEMPT, CURVE, advance
from tactful.kernel.records import Event
from tactful.store.database import Connection, Database
from tactful.store.described import erasure
from tactful.store.sensed import events
from tactful.store.sensed.events import Row
from tactful.store.steps import run
from tests.living import one, rows
from tests.often import often

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)
PEOPLE, SKILLS = "abc", ("s1", "s2")
COLUMNS = ", ".join(f"c.{name}" for name in CURVE)
STORED = f"SELECT external_id, {COLUMNS} FROM skill_curve c JOIN people p ON p.id = c.person_id"


def attempt(number: int, **more: Any) -> Row:
    told = {"person": "ana", "kind": "answer", "skill_id": "s1", "properties": {"score": 0.5}} | more
    return ("acme", Event(id=str(number), occurred_at=NOW - timedelta(hours=200 - number), **told))


def write(connection: Connection, batch: Sequence[Row], *, large: int = 100) -> None:
    run(connection, events.count_rows(batch, now=NOW, large=large))


def curves(connection: Connection) -> pl.DataFrame:
    """The stored curves, by the product's own ids of people."""
    found = connection.execute(STORED).fetchall()
    schema = {"external_id": pl.String, **CURVE}
    return pl.DataFrame(found, schema=schema, orient="row").drop("person_id").sort("external_id", "skill_id")


def naive(told: Sequence[Row]) -> pl.DataFrame:
    """The curves of all scored attempts at once, each person's in their own order."""
    numbers = {name: number for number, name in enumerate(PEOPLE)}
    log = pl.DataFrame(
        [
            (numbers[one.person], one.skill_id, 1, one.topic, one.occurred_at.date(), one.properties["score"])
            for _, one in told
            if one.skill_id and "score" in one.properties
        ],
        schema=ATTEMPT,
        orient="row",
    )
    after = advance(pl.DataFrame(schema=CURVE), log)
    names = after["person_id"].replace_strict(range(3), list(PEOPLE), return_dtype=pl.String).alias("external_id")
    return after.select(names, pl.exclude("person_id")).sort("external_id", "skill_id")


FACT = st.fixed_dictionaries(
    {"person": st.sampled_from(PEOPLE), "skill_id": st.sampled_from([*SKILLS, None])},
    optional={
        "topic": st.sampled_from(["Algebra", "Calculus"]),
        "properties": st.sampled_from([{}, {"score": 0.25}, {"score": 1.0}]),
    },
)


@pytest.mark.parametrize("large", [1, 1000])
@given(
    facts=st.lists(FACT, min_size=1, max_size=120),
    cuts=st.sets(st.integers(1, 119), max_size=6),
    order=st.permutations(PEOPLE),
    repeated=st.booleans(),
)
@settings(
    max_examples=often(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_grouping_and_any_order_between_people_gives_the_same_curve(
    module_database: Database, large: int, facts: list[dict[str, Any]], cuts: set[int], order: list[str], repeated: bool
) -> None:
    told = [attempt(number, **({"properties": {"score": 0.5}} | fact)) for number, fact in enumerate(facts)]
    # Each person's attempts stay in order; whose come first does not matter.
    sent = told if len(cuts) % 2 else sorted(told, key=lambda row: order.index(row[1].person))
    edges = [0, *sorted(cuts), len(told)]
    with module_database.batch() as connection, connection.transaction(force_rollback=True):
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 7)")
        for start, end in pairwise(edges):
            write(connection, sent[start:end], large=large)
            if repeated:
                write(connection, sent[max(0, start - 5) : end], large=large)
        stored = curves(connection).drop("organisation_id")
    assert_frame_equal(stored, naive(told).drop("organisation_id"), check_exact=True)


def test_a_group_that_dies_before_its_commit_leaves_the_curve_as_it_was(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        write(connection, [attempt(1), attempt(2)])
        before = curves(connection)

    def die() -> None:
        with closed_database.batch() as connection:
            write(connection, [attempt(3), attempt(4)])
            assert curves(connection)["attempts"].to_list() == [4]
            raise InterruptedError

    with pytest.raises(InterruptedError):
        die()
    with closed_database.batch() as connection:
        assert_frame_equal(curves(connection), before)
        write(connection, [attempt(3), attempt(4)])
        assert curves(connection)["sums"].to_list() == [[0.5] * 4]


def test_days_are_the_persons_own(closed_database: Database) -> None:
    late = {"properties": {"score": 1.0, "zone": "Pacific/Kiritimati"}}
    with closed_database.batch() as connection:
        write(connection, [attempt(1, **late)])
    local = (NOW - timedelta(hours=199) + timedelta(hours=14)).date()
    assert rows(closed_database, "SELECT first_day, last_day FROM skill_curve") == [
        {"first_day": local, "last_day": local}
    ]


def test_of_two_attempts_at_the_same_moment_the_order_does_not_matter(closed_database: Database) -> None:
    at = NOW - timedelta(hours=1)
    for person, order in (("ana", (1, 0)), ("ben", (0, 1))):
        batch = [attempt(0, person=person, properties={"score": score}) for score in order]
        # Only the id says which one is the first.
        same = [("acme", replace(each, id=f"{person}{score}", occurred_at=at))
                for (_, each), score in zip(batch, order, strict=True)]  # fmt: skip
        with closed_database.batch() as connection:
            write(connection, same)
    assert [row["sums"] for row in rows(closed_database, "SELECT sums FROM skill_curve")] == [[0.0, 1.0]] * 2


def test_what_has_no_score_or_no_skill_is_no_attempt(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        write(connection, [attempt(1, properties={}), attempt(2, skill_id=None)])
    assert one(closed_database, "SELECT count(*) FROM skill_curve") == 0


def test_an_erased_persons_curves_go_with_them(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        write(connection, [attempt(1), attempt(2, person="ben")])
        erasure.erase(connection, "acme", "ana")
    assert one(closed_database, "SELECT count(*) FROM skill_curve") == 1
