"""Curves of attempts: bounded, and the same however the attempts arrive."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tactful.facts.curves import ATTEMPT, CURVE, POINTS, advance

FIRST = date(2026, 3, 1)
NOTHING = pl.DataFrame(schema=CURVE)


def attempts(*rows: dict[str, Any]) -> pl.DataFrame:
    plain = {"person_id": 1, "skill_id": "a", "organisation_id": 1, "topic": None, "day": FIRST, "score": 0.5}
    return pl.DataFrame([plain | row for row in rows], schema=ATTEMPT)


def many(number: int) -> pl.DataFrame:
    return attempts(*({"score": (one % 8) / 8, "day": FIRST + timedelta(days=one // 4)} for one in range(number)))


ROW = st.fixed_dictionaries(
    {"person_id": st.integers(1, 2), "skill_id": st.sampled_from("ab"), "score": st.sampled_from([0.0, 0.25, 1.0])}
)


@given(st.lists(ROW, min_size=1, max_size=150), st.sets(st.integers(1, 149), max_size=5))
def test_attempts_in_parts_end_where_attempts_at_once_end(rows: list[dict[str, Any]], cuts: set[int]) -> None:
    log = attempts(*({"day": FIRST + timedelta(days=n // 3)} | row for n, row in enumerate(rows)))
    state = NOTHING
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), 150], strict=True):
        after = advance(state, log[start:end])
        rest = state.join(after, on=["person_id", "skill_id"], how="anti")
        state = pl.concat([rest, after]).sort("person_id", "skill_id")
    # eighths add up exactly
    assert_frame_equal(state, advance(NOTHING, log))


@pytest.mark.parametrize(("number", "points"), [(1, 1), (32, 32), (33, 17), (64, 32), (65, 17), (1000, 32), (5000, 20)])
def test_a_curve_never_has_more_than_so_many_points(number: int, points: int) -> None:
    curve = advance(NOTHING, many(number)).row(0, named=True)
    assert len(curve["sums"]) == len(curve["days"]) == points <= POINTS
    assert sum(curve["sums"]) == curve["score_sum"]
    assert curve["attempts"] == number


def test_neighbours_become_one_point_when_all_are_full() -> None:
    log = many(33)
    curve = advance(NOTHING, log).row(0, named=True)
    assert curve["sums"][:2] == [sum(log["score"][:2]), sum(log["score"][2:4])]
    assert curve["sums"][-1] == log["score"][-1]
    assert curve["days"][0] == (FIRST - date(1970, 1, 1)).days


def test_only_those_who_did_something_are_answered_and_no_one_else_plays_a_part() -> None:
    state = advance(NOTHING, attempts({"person_id": 1}, {"person_id": 2}))
    after = advance(state, attempts({"person_id": 2, "score": 1.0}))
    assert after["person_id"].to_list() == [2]
    assert after["sums"].to_list() == [[0.5, 1.0]]


def test_the_topic_is_the_one_last_named_and_days_are_first_and_last() -> None:
    later = FIRST + timedelta(days=9)
    log = attempts({"topic": "Calculus"}, {"topic": "Analysis", "day": later}, {"day": FIRST + timedelta(days=2)})
    curve = advance(NOTHING, log).row(0, named=True)
    assert (curve["topic"], curve["first_day"], curve["last_day"]) == ("Analysis", FIRST, later)


def test_where_nothing_happened_nothing_is_answered() -> None:
    assert_frame_equal(advance(advance(NOTHING, many(5)), attempts()), NOTHING)
    assert_frame_equal(advance(NOTHING, attempts()), NOTHING)
