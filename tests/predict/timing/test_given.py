"""What a belief about now is made from: nothing later, nothing made up, and numbers that can be read back."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tactful.facts.additive import Floats
from tactful.facts.contacts import CONTACT, DAY, GAPS, HOUR
from tactful.predict import timing
from tactful.predict.timing.habits import come_within, share
from tests.often import often
from tests.predict.timing.messages import asked

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def told(*rows: tuple[float, int, int]) -> pl.DataFrame:
    """GIVEN of each message (hours after START, from, to)."""
    log = [(START + timedelta(hours=hours), one, other) for hours, one, other in rows]
    return timing.given(asked(pl.DataFrame(log, schema=CONTACT, orient="row")))


def gaps(*lengths: float) -> Floats:
    """One person's silences of those lengths [s]."""
    counted = np.zeros((1, GAPS.size))
    for length in lengths:
        counted[0, np.searchsorted(GAPS, length)] += 1
    return counted


def test_somebody_who_was_never_seen_has_counts_of_zero_and_times_that_are_unknown() -> None:
    first = told((0, 1, 2)).row(0, named=True)
    assert (first["silence"], first["soon"], first["unheard"], first["answer_time"]) == (None,) * 4
    assert (first["sessions_week"], first["owed"], first["first"]) == (0, 0, 1)


def test_times_are_since_the_last_contact_and_told_as_logarithms() -> None:
    last = told((0, 1, 2), (1, 2, 1), (4, 1, 2)).row(2, named=True)
    assert np.expm1(last["silence"]) == pytest.approx(3 * HOUR)
    assert np.expm1(last["unheard"]) == pytest.approx(4 * HOUR)
    assert np.expm1(last["since_back"]) == pytest.approx(3 * HOUR)
    assert np.exp(last["answer_time"]) == pytest.approx(HOUR)


def test_what_the_person_waits_for_is_owed_to_them_and_since_when() -> None:
    last = told((0, 2, 1), (1, 2, 1), (5, 1, 2)).row(2, named=True)
    assert np.expm1(last["owed"]) == pytest.approx(2)
    assert np.expm1(last["owed_for"]) == pytest.approx(5 * HOUR)


def test_an_unknown_clock_leaves_the_hour_unknown_and_nothing_else() -> None:
    rows = asked(pl.DataFrame([(START, 1, 2), (START + timedelta(hours=2), 2, 1)], schema=CONTACT, orient="row"))
    blind = timing.given(rows.with_columns(local_day=pl.lit(None, pl.Date)))
    assert blind["hour_now"].null_count() == 2
    assert_frame_equal(blind.drop("hour_now"), timing.given(rows).drop("hour_now"))


def test_an_hour_of_theirs_is_likelier_than_one_that_never_was() -> None:
    days = [(24.0 * day, 2, 1) for day in range(20)]
    at_nine, at_three = told(*days, (480, 1, 2)).row(-1, named=True), told(*days, (498, 1, 2)).row(-1, named=True)
    assert at_nine["hour_now"] > np.log(3) > 0 > at_three["hour_now"]


def test_whoever_comes_every_day_is_likely_within_the_next_and_not_within_the_hour_right_after() -> None:
    daily = gaps(*[23 * HOUR] * 30)
    hour, day = (float(come_within(daily, np.array([2 * HOUR]), limit)[0]) for limit in (HOUR, DAY))
    assert hour < 0.1 < 0.9 < day
    assert np.isnan(come_within(daily, np.array([np.nan]), DAY)).all()


@settings(max_examples=often(100))
@given(st.lists(st.floats(1, 5e6), max_size=30), st.floats(0, 1e9), st.floats(1, 1e7), st.floats(1, 1e7))
def test_chances_to_come_are_chances_and_grow_with_time(
    lengths: list[float], silent: float, one: float, other: float
) -> None:
    counted = gaps(*(min(length, GAPS[-1]) for length in lengths))
    soon, later = (float(come_within(counted, np.array([silent]), limit)[0]) for limit in sorted((one, other)))
    assert 0 <= soon <= later + 1e-12 <= 1 + 1e-12


def test_shares_of_nothing_are_as_usual() -> None:
    assert share(np.zeros(1), np.zeros(1), 5.0, 0.3).tolist() == pytest.approx([0.3])


def test_an_answer_is_one_back_within_the_horizon_and_after_it_in_the_log() -> None:
    rows = [(0, 1, 2), (0.5, 3, 2), (0.9, 2, 1), (20, 2, 3), (20, 3, 2), (20, 2, 3)]
    log = [(START + timedelta(hours=hours), one, other) for hours, one, other in rows]
    contacts = pl.DataFrame(log, schema=CONTACT, orient="row")
    assert timing.labels(contacts, timing.HORIZONS["1h"]).to_list() == [True, False, False, True, True, False]
    assert timing.labels(contacts, timing.HORIZONS["24h"]).to_list() == [True, True, False, True, True, False]


def test_the_day_of_a_rhythm_does_not_matter_to_somebody_without_one() -> None:
    rows = asked(pl.DataFrame([(START, 1, 2)], schema=CONTACT, orient="row"))
    nothing = pl.lit(None, timing.ASKED["hours"])
    blank = rows.with_columns(hours=nothing, rhythm_day=pl.lit(None, pl.Date), local_day=pl.lit(date(2026, 3, 2)))
    assert timing.given(blank)["hour_now"].to_list() == pytest.approx([0], abs=0.01)
