"""The profile: the seed's fields, from hours that are held to what is usual."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tactful.facts import rhythm
from tactful.facts.rhythm import CELL
from tactful.predict import timing
from tests.often import often

MONDAY = date(2026, 3, 2)
TODAY = MONDAY + timedelta(days=70)
# days after MONDAY, hour, score or none
Spot = tuple[int, int, float | None]


def known(spots: Sequence[Spot], *, sessions: int = 50, minutes: float = 42.5) -> pl.DataFrame:
    """KNOWN of one person who was there on (days after MONDAY, hour) with a score, or none."""
    cells = [
        (1, MONDAY + timedelta(days=day), hour, score, None if score is None else 1.0) for day, hour, score in spots
    ]
    _, after = rhythm.advance(rhythm.nothing(), pl.DataFrame(cells, schema=CELL, orient="row"))
    people = pl.DataFrame({"person_id": [1]}, schema={"person_id": pl.Int64}).join(after, on="person_id", how="left")
    told = people.with_columns(
        local_day=TODAY, sessions=sessions, seconds=sessions * minutes * 60, typical_seconds=minutes * 60
    )
    return told.select(pl.col(name).cast(kind) for name, kind in timing.KNOWN.items())


def told(spots: Sequence[Spot], **more: Any) -> dict[str, Any]:
    return timing.profile(known(spots, **more)).row(0, named=True)


# Ten weeks of Mondays, Wednesdays and Fridays, mornings and evenings; evenings come out better.
STUDENT = [
    (7 * week + day, hour, score)
    for week in range(10)
    for day in (0, 2, 4)
    for hour, score in ((7, 0.6), (8, 0.7), (19, 0.95), (20, 0.8))
]


def test_the_seeds_own_example_comes_out_in_its_words() -> None:
    one = told(STUDENT)
    assert one["peak_hours"] == [7, 8, 19, 20]
    assert one["optimal_study_time"] == time(19)
    assert one["best_days"] == ["Monday", "Wednesday", "Friday"]
    assert one["typical_study_days"] == [1, 3, 5]
    assert one["avg_session_duration_minutes"] == pytest.approx(42.5)
    assert one["preferred_session_length"] == 45
    assert one["performance_by_hour"][7] == pytest.approx(0.6)
    assert one["performance_by_hour"][9] is None
    assert one["most_active_hour"] in {7, 8, 19, 20}
    assert one["least_active_hour"] in {0, 1, 2, 13, 14, 23}
    assert (one["sessions_analyzed"], one["confidence"]) == (50, 0.9)
    assert set(one) == set(timing.PROFILE)


@pytest.mark.parametrize(
    ("sessions", "confidence"), [(0, 0), (9, 0), (10, 0.5), (29, 0.5), (30, 0.7), (49, 0.7), (50, 0.9)]
)
def test_confidence_rises_in_the_seeds_steps(sessions: int, confidence: float) -> None:
    assert told(STUDENT, sessions=sessions)["confidence"] == confidence


def test_somebody_who_was_never_there_has_no_hours_and_no_days() -> None:
    one = told([], sessions=0)
    assert [one[name] for name in ("peak_hours", "best_days", "optimal_study_time", "most_active_hour")] == [None] * 4
    assert (one["avg_session_duration_minutes"], one["preferred_session_length"]) == (None, None)
    assert (one["sessions_analyzed"], one["confidence"]) == (0, 0)


HOURS_AND_DAYS = (
    "peak_hours", "optimal_study_time", "best_days", "typical_study_days", "most_active_hour", "least_active_hour",
    "good_hours",
)  # fmt: skip


def test_a_few_sessions_say_nothing_of_hours_unless_what_is_usual_was_learned() -> None:
    for times in (1, 4):
        spots = [(day, 9, None) for day in range(times)]
        one = told(spots, sessions=times, minutes=3)
        assert [one[name] for name in HOURS_AND_DAYS] == [None] * len(HOURS_AND_DAYS)
        assert one["preferred_session_length"] == 3
        leaning = timing.profile(known(spots, sessions=times), replace(rhythm.UNLEARNED)).row(0, named=True)
        assert 9 in leaning["peak_hours"]


def test_five_sessions_make_a_peak_at_most_a_few_hours_wide() -> None:
    one = told([(day, 9, None) for day in range(5)], sessions=5)
    assert 9 in one["peak_hours"]
    assert len(one["peak_hours"]) <= 4


@pytest.mark.parametrize(
    ("minutes", "told_as"), [(0, 1), (2, 2), (6.4, 6), (9.6, 10), (12, 10), (20, 20), (42.5, 45), (58, 60)]
)
def test_the_length_of_a_session_is_told_near_what_it_is(minutes: float, told_as: int) -> None:
    assert told(STUDENT, minutes=minutes)["preferred_session_length"] == told_as


def test_days_that_are_all_alike_are_told_as_such() -> None:
    """Somebody who was there 5, 3, 5, 4, 6, 6 and 6 times by weekday prefers none of these."""
    times = (5, 3, 5, 4, 6, 6, 6)
    spots = sorted((7 * week + day, 19, None) for day, often in enumerate(times) for week in range(often))
    one = told(spots, sessions=35)
    assert (one["best_days"], one["typical_study_days"]) == ([], [1, 2, 3, 4, 5, 6, 7])
    few = told([(0, 19, None), (8, 19, None), (16, 19, None), (24, 19, None), (32, 19, None)], sessions=5)
    assert (few["best_days"], few["typical_study_days"]) == ([], [])
    mondays = told([(7 * week, 19, None) for week in range(5)], sessions=5)
    assert (mondays["best_days"], mondays["typical_study_days"]) == (["Monday"], [1])


def test_long_sessions_count_once_for_their_day() -> None:
    """Seven evenings of four hours each, two of them on a Monday, are no habit of Mondays."""
    spots = [(day, hour, None) for day in (0, 7, 9, 17, 24, 32, 40) for hour in (18, 19, 20, 21)]
    assert told(spots, sessions=7)["best_days"] == []


def test_what_was_long_ago_gives_way_to_what_is_usual_now() -> None:
    moved = [(day, 8, None) for day in range(5)] + [(365 + day, 21, None) for day in range(5)]
    late = timing.profile(known(moved).with_columns(local_day=MONDAY + timedelta(days=371))).row(0, named=True)
    assert late["most_active_hour"] == 21


def hours_of(bits: int) -> list[int]:
    return [hour for hour in range(24) if bits >> hour & 1]


SPOTS = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 23), st.none() | st.floats(0, 1)), max_size=40)


@settings(max_examples=often(40))
@given(SPOTS)
def test_every_profile_keeps_to_its_ranges(spots: Sequence[Spot]) -> None:
    one = told(sorted(spots, key=lambda spot: spot[:2]))
    if one["peak_hours"] is None:
        assert len({spot[:2] for spot in spots}) < 6
        return
    assert one["peak_hours"] == sorted(set(one["peak_hours"]))
    assert 1 <= len(one["peak_hours"]) <= 4
    assert all(set(hours_of(bits)) <= set(one["peak_hours"]) for bits in one["good_hours"])
    assert one["optimal_study_time"].hour in one["peak_hours"]
    assert one["most_active_hour"] in one["peak_hours"]
    assert len(one["best_days"]) <= 3
    assert set(one["typical_study_days"]) <= set(range(1, 8))
    assert all(score is None or 0 <= score <= 1 for score in one["performance_by_hour"])


def test_chances_of_the_week_sum_to_one() -> None:
    week = timing.week_chances(known(STUDENT))
    assert week.shape == (1, 7, 24)
    assert week.sum() == pytest.approx(1)
    assert np.unravel_index(week[0].argmax(), (7, 24))[0] in {0, 2, 4}
