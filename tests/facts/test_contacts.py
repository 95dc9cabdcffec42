"""Contacts: what is kept of parties and pairs, the same however contacts arrive, and never of what comes later."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tactful.facts.contacts import ASKED, CONTACT, GAPS, PAIR, PARTY, STAY, Contacts, advance, nothing
from tests.often import often

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def contacts(*rows: tuple[float, int, int | None]) -> pl.DataFrame:
    """CONTACT from (minutes after START, from, to)."""
    told = [(START + timedelta(minutes=minutes), one, other) for minutes, one, other in rows]
    return pl.DataFrame(told, schema=CONTACT, orient="row")


def merged(before: Contacts, after: Contacts) -> Contacts:
    party = pl.concat([before.party.join(after.party, on="party_id", how="anti"), after.party])
    pair = pl.concat([before.pair.join(after.pair, on=["from_id", "to_id"], how="anti"), after.pair])
    return Contacts(party, pair)


LOG = st.lists(
    st.tuples(st.floats(0, 5_000), st.integers(1, 4), st.none() | st.integers(1, 4)), min_size=1, max_size=40
).map(lambda rows: contacts(*sorted(rows, key=lambda row: row[0])))


def test_an_answer_closes_what_waited_and_is_counted_on_both_sides() -> None:
    asked, after = advance(nothing(), contacts((0, 1, 2), (10, 1, 2), (30, 2, 1)))
    there = after.pair.filter(pl.col("from_id") == 1).row(0, named=True)
    assert (there["sent"], there["open"], there["answered"], there["answered_in_hour"]) == (2, 0, 2, 2)
    assert asked["back_open"].to_list() == [0, 0, 2]
    one, two = (after.party.filter(pl.col("party_id") == party).row(0, named=True) for party in (1, 2))
    assert (one["got_in_day"], two["answered_in_day"], one["answered_in_day"]) == (2, 2, 0)


def test_of_several_that_wait_the_last_alone_is_in_time_where_the_first_is_not() -> None:
    _, after = advance(nothing(), contacts((0, 1, 2), (100, 1, 2), (130, 2, 1)))
    there = after.pair.filter(pl.col("from_id") == 1).row(0, named=True)
    assert (there["answered"], there["answered_in_hour"], there["answered_in_day"]) == (2, 1, 2)


def test_sums_fade_by_half_and_a_session_begins_after_half_an_hour_of_silence() -> None:
    _, after = advance(nothing(), contacts((0, 1, None), (20, 1, None), (24 * 60 + 20, 1, None)))
    one = after.party.row(0, named=True)
    assert one["wrote_day"] == pytest.approx(0.5 * (1 + 2 ** (-20 / 1440)) + 1, abs=1e-2)
    assert one["sessions_week"] == pytest.approx(1 + 2 ** (-(24 * 60 + 20) / (7 * 1440)))
    assert sum(one["gaps"]) == pytest.approx(1.98)


def test_something_done_for_nobody_moves_the_person_and_no_pair() -> None:
    asked, after = advance(nothing(), contacts((0, 1, None)))
    assert (after.pair.height, after.party["wrote"].to_list()) == (0, [1])
    assert asked["person_wrote"].to_list() == [None]


def test_whoever_writes_to_themselves_is_left_out() -> None:
    asked, after = advance(nothing(), contacts((0, 1, 1)))
    assert (asked.height, after.party.height) == (0, 0)


def test_no_contacts_change_nothing() -> None:
    asked, after = advance(nothing(), contacts())
    assert dict(asked.schema) == ASKED
    assert (dict(after.party.schema), dict(after.pair.schema)) == (PARTY, PAIR)
    assert (asked.height, after.party.height, after.pair.height) == (0, 0, 0)


@settings(max_examples=often(60))
@given(LOG, st.integers(0, 40))
def test_the_state_is_the_same_in_one_group_or_in_two(log: pl.DataFrame, cut: int) -> None:
    whole_asked, whole = advance(nothing(), log)
    first_asked, first = advance(nothing(), log[:cut])
    later_asked, later = advance(first, log[cut:])
    assert_frame_equal(pl.concat([first_asked, later_asked]), whole_asked)
    both = merged(first, later)
    assert_frame_equal(both.party.sort("party_id"), whole.party.sort("party_id"))
    assert_frame_equal(both.pair.sort("from_id", "to_id"), whole.pair.sort("from_id", "to_id"))


@settings(max_examples=often(60))
@given(LOG)
def test_what_is_asked_knows_nothing_of_later(log: pl.DataFrame) -> None:
    asked, _ = advance(nothing(), log)
    for size in (1, log.height // 2):
        only, _ = advance(nothing(), log[:size])
        assert_frame_equal(only, asked.head(only.height))


@settings(max_examples=often(60))
@given(LOG)
def test_counts_add_up_and_never_fall_below_nothing(log: pl.DataFrame) -> None:
    _, after = advance(nothing(), log)
    counted = log.filter(pl.col("from_id").ne_missing(pl.col("to_id")))
    assert after.party["wrote"].sum() == counted.height
    assert after.pair["sent"].sum() == after.party["heard"].sum() == counted["to_id"].count()
    assert after.pair.select((pl.col("answered") + pl.col("open") == pl.col("sent")).all()).item()
    assert after.pair.select((pl.col("answered_in_hour") <= pl.col("answered_in_day")).all()).item()
    assert after.party.select(pl.col(pl.Float64).min()).transpose().to_series().fill_null(0).min() >= 0  # type: ignore[operator]


def test_what_they_do_while_they_stay_moves_when_they_were_last_there_and_counts_no_coming() -> None:
    start, minute = datetime(2026, 3, 2, 9, tzinfo=UTC), timedelta(minutes=1)
    rows = [(start, False), (start + 20 * minute, True), (start + 90 * minute, True), (start + 600 * minute, False)]
    stays = pl.DataFrame([(at, 1, None, stay, 300.0, 4.0) for at, stay in rows], schema=CONTACT | STAY, orient="row")
    _, after = advance(nothing(), stays)
    (row,) = after.party.to_dicts()
    assert (row["wrote"], row["wrote_at"]) == (2, start + 600 * minute)
    gaps = dict(zip(GAPS.tolist(), row["gaps"], strict=True))
    # The silences within the stays as they were told, and the one between them: of eight hours and a half.
    assert gaps[600.0] > 7
    assert gaps[43_200.0] == pytest.approx(1)
    assert sum(gaps.values()) == pytest.approx(gaps[600.0] + 1)
    _, apart = advance(nothing(), stays[:2])
    _, later = advance(apart, stays[2:])
    assert_frame_equal(later.party, after.party)


def test_what_comes_late_turns_nothing_back() -> None:
    start, hour = datetime(2026, 3, 2, 9, tzinfo=UTC), timedelta(hours=1)
    log = [(start, 1, 2), (start + 5 * hour, 1, 2), (start + 2 * hour, 1, 2)]
    _, after = advance(nothing(), pl.DataFrame(log, schema=CONTACT, orient="row"))
    one, other = after.party.sort("party_id").to_dicts()
    assert one["wrote_at"] == one["moved_at"] == other["heard_at"] == start + 5 * hour
    assert sum(one["gaps"]) == pytest.approx(1)
