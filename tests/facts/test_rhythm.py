"""Rhythm: hours of one's own week, kept as they come, and chances that hold little data to what is usual."""

import json
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tactful.facts.columns import numbers
from tactful.facts.rhythm import CELL, HALF, HOURS, RHYTHM, UNLEARNED, WEEKDAYS, Rhythms, advance, nothing, rhythms
from tests.often import often

MONDAY = date(2026, 3, 2)


def cells(*rows: tuple[int, int, int | None]) -> pl.DataFrame:
    """CELL from (person, days after MONDAY, hour)."""
    told = [(person, MONDAY + timedelta(days=day), hour, None, None) for person, day, hour in rows]
    return pl.DataFrame(told, schema=CELL, orient="row")


LOG = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 30), st.none() | st.integers(0, 23)), max_size=30).map(
    lambda rows: cells(*sorted(rows, key=lambda row: row[1]))
)


def week(*spots: tuple[int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """One person's hours: one at each (weekday, hour)."""
    hours = np.zeros((1, WEEKDAYS * HOURS))
    for weekday, hour in spots:
        hours[0, weekday * HOURS + hour] += 1
    return hours


def test_an_hour_counts_once_however_much_happens_in_it() -> None:
    _, after = advance(nothing(), cells((1, 0, 9), (1, 0, 9), (1, 0, 10), (1, 1, 9)))
    assert after["hours"].arr.sum().to_list() == pytest.approx([3], abs=0.02)
    assert after["day"].to_list() == [MONDAY + timedelta(days=1)]


def test_hours_fade_by_half_within_a_season() -> None:
    _, after = advance(nothing(), cells((1, 0, 9), (1, int(HALF), 20)))
    assert sorted(each for each in after["hours"][0] if each) == pytest.approx([0.5, 1])


def test_scores_are_kept_by_the_hour_of_the_day() -> None:
    told = pl.DataFrame([(1, MONDAY, 9, 1.6, 2.0), (1, MONDAY, 9, 0.4, 1.0)], schema=CELL, orient="row")
    _, after = advance(nothing(), told)
    assert (after["score_sum"][0][9], after["score_count"][0][9]) == (2.0, 3.0)


def test_asking_about_somebody_changes_nothing() -> None:
    stood, after = advance(nothing(), cells((1, 0, 9), (1, 3, None), (2, 3, None)))
    assert stood["hours"].arr.sum().to_list() == [0, 1, 0]
    assert after["day"].to_list() == [MONDAY, None]
    assert dict(stood.schema) == dict(after.schema) == RHYTHM


@settings(max_examples=often(50))
@given(LOG, st.integers(0, 30))
def test_the_state_is_the_same_in_one_group_or_in_two(log: pl.DataFrame, cut: int) -> None:
    stood, whole = advance(nothing(), log)
    early, first = advance(nothing(), log[:cut])
    late, later = advance(first, log[cut:])
    both = pl.concat([first.join(later, on="person_id", how="anti"), later])
    assert_frame_equal(both.sort("person_id"), whole.sort("person_id"))
    assert_frame_equal(pl.concat([early, late]), stood)


def test_before_anything_is_known_every_hour_is_alike() -> None:
    assert UNLEARNED.week(week()) == pytest.approx(1 / HOURS, rel=0.01)


def test_one_hour_moves_chances_a_little_and_fifty_a_lot_with_their_neighbours() -> None:
    one, fifty = (UNLEARNED.week(number * week((0, 9)))[0, 0] for number in (1, 50))
    assert 1 / HOURS < one[9] < 0.1 < fifty[9] < 0.9
    assert fifty[8] > fifty[3]
    assert fifty[21] < 1 / HOURS


def test_weekends_are_told_apart_from_working_days() -> None:
    hours = 10 * week(*((day, 9) for day in range(5)), (5, 20), (6, 20))
    told = UNLEARNED.week(hours)[0]
    assert told[0, 9] > told[5, 9]
    assert told[6, 20] > told[4, 20]


@settings(max_examples=often(40))
@given(st.lists(st.floats(0, 5_000), min_size=168, max_size=168))
def test_chances_are_chances_whatever_the_hours(hours: list[float]) -> None:
    told = UNLEARNED.week(np.array([hours]))
    assert told.sum(axis=2) == pytest.approx(1)
    assert (told > 0).all()


def test_somebody_alone_is_told_the_same_as_among_others() -> None:
    hours = np.array(numbers(pl.Series([[float((i * j) % 5) for j in range(168)] for i in range(9)],
                                       dtype=pl.Array(pl.Float64, 168))))  # fmt: skip
    days = np.arange(9) % WEEKDAYS
    together = UNLEARNED.on(hours, days)
    for row in range(9):
        assert UNLEARNED.on(hours[row : row + 1], days[row : row + 1])[0] == pytest.approx(together[row], abs=1e-12)
        assert UNLEARNED.week(hours)[row, days[row]] == pytest.approx(together[row], abs=1e-12)


def test_json_keeps_rhythms_to_the_last_digit() -> None:
    kept = rhythms(json.loads(json.dumps(UNLEARNED.as_dict())))
    assert kept.as_dict() == UNLEARNED.as_dict()
    assert (kept.week(week((0, 9))) == UNLEARNED.week(week((0, 9)))).all()


def test_what_are_no_rhythms_is_refused() -> None:
    with pytest.raises(ValueError, match="no rhythms"):
        rhythms({"mean": [0.0] * 24})
    with pytest.raises(ValueError, match="24 hours"):
        Rhythms(np.zeros(23), UNLEARNED.ways, UNLEARNED.weekdays)
