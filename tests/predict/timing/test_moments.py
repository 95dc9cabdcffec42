"""Is now a good time, and when instead: by the person's own clock, across its changes, never in quiet hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.predict import timing
from tests.often import often

# Zones whose clocks change, among them by half an hour, at midnight, and whole days.
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Havana",
    "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "America/St_Johns",
)  # fmt: skip
SUNDAY = datetime(2026, 3, 29, tzinfo=UTC)
# Instants around the changes of clocks in spring and autumn, and a day that Samoa left out.
TURNS = (
    SUNDAY, datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2011, 12, 30, tzinfo=UTC),
)  # fmt: skip
MINUTE = st.integers(0, 1439)
Row = tuple[str | None, int | None, int | None]
AWAY = st.integers(-4_000, 4_000).map(lambda minutes: timedelta(minutes=minutes))
INSTANTS = st.tuples(st.sampled_from(TURNS), AWAY).map(lambda turn: turn[0] + turn[1])


def people(zone: str | None, start: int | None = None, end: int | None = None) -> pl.DataFrame:
    return pl.DataFrame([(zone, start, end)], schema=timing.PEOPLE, orient="row")


def week(*hours: int) -> Floats:
    """Chances of somebody who comes at those hours, every day alike."""
    day = np.full(24, 0.01)
    day[list(hours)] = 1
    return np.tile(day / day.sum() / 7, (1, 7, 1))


def hours(chances: Floats, who: pl.DataFrame) -> NDArray[np.bool_]:
    """The good hours of somebody with these chances."""
    return timing.best_hours(chances, timing.week_peaks(chances), who)


def never(moments: pl.Series) -> pl.Series:
    """Somebody who is not likely to come at any moment."""
    return pl.Series([-0.25] * moments.len())


def instead(chances: Floats, who: pl.DataFrame, at: datetime) -> datetime | None:
    return timing.next_good(hours(chances, who), who, at, never)


NO_HOURS = np.zeros((1, 7, 24), dtype=np.bool_)


def good(now: float | None, who: pl.DataFrame, at: datetime, adds: pl.DataFrame | None = None) -> bool | None:
    """Whether a moment is good for somebody without peak hours."""
    told: bool | None = timing.good_now(timing.grade(cold(now), adds=adds), NO_HOURS, who, at).item()
    return told


def quiet(at: datetime, zone: str, start: int, end: int) -> bool:
    """Whether the clock there shows a time from `start` up to `end`."""
    there = at.astimezone(ZoneInfo(zone))
    return within(there.hour * 60 + there.minute, start, end)


@settings(max_examples=often(300))
@given(st.sampled_from(ZONES), MINUTE, MINUTE, INSTANTS, st.sets(st.integers(0, 23), min_size=1, max_size=5))
def test_the_other_time_is_later_and_never_in_quiet_hours(
    zone: str, start: int, end: int, at: datetime, hours: set[int]
) -> None:
    found = instead(week(*hours), people(zone, start, end), at)
    assert found is not None
    assert at < found <= at + timedelta(days=7, minutes=15)
    assert not quiet(found, zone, start, end)
    if any(not within(60 * hour + part, start, end) for hour in hours for part in (0, 15, 30, 45)):
        assert found.astimezone(ZoneInfo(zone)).hour in hours


def within(minute: int, start: int, end: int) -> bool:
    """Whether a minute of the day lies from `start` up to `end`."""
    return start <= minute < end if start <= end else minute >= start or minute < end


@settings(max_examples=often(150))
@given(st.sampled_from(ZONES), INSTANTS, st.integers(0, 23))
def test_without_quiet_hours_it_is_the_first_quarter_in_a_peak_hour(zone: str, at: datetime, hour: int) -> None:
    found = instead(week(hour), people(zone), at)
    assert found is not None
    assert found.astimezone(ZoneInfo(zone)).hour == hour
    step, earlier = timedelta(minutes=15), found - timedelta(minutes=15)
    while earlier > at:
        assert earlier.astimezone(ZoneInfo(zone)).hour != hour
        earlier -= step


@settings(max_examples=often(150))
@given(st.sampled_from(ZONES), MINUTE, MINUTE, INSTANTS)
def test_now_is_never_good_in_quiet_hours(zone: str, start: int, end: int, at: datetime) -> None:
    assert good(0.9, people(zone, start, end), at) is not quiet(at, zone, start, end)


def cold(now: float | None) -> pl.DataFrame:
    return pl.DataFrame({"now": [now]}, schema={"now": pl.Float64})


def test_an_hour_that_the_clock_jumps_over_comes_the_day_after() -> None:
    found = instead(week(2), people("Europe/Berlin"), SUNDAY)
    assert found == datetime(2026, 3, 30, 0, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_met_the_first_time() -> None:
    found = instead(week(2), people("Europe/Berlin"), datetime(2026, 10, 24, 22, tzinfo=UTC))
    assert found == datetime(2026, 10, 25, 0, tzinfo=UTC)


def test_where_quiet_hours_hold_every_peak_the_best_of_the_rest_is_told() -> None:
    chances = week(23)
    chances[:, :, 9] += 0.02
    found = instead(chances, people("UTC", 22 * 60, 7 * 60), SUNDAY)
    assert found == SUNDAY.replace(hour=9)


def test_the_best_of_the_rest_comes_on_every_weekday_unless_they_are_hardly_there_then() -> None:
    chances = week(2, 3)
    chances[:, :, 9] += 0.02
    who = people("UTC", 22 * 60, 7 * 60)
    # As unevenly as seven draws of five are.
    chances *= np.array([5, 3, 5, 4, 6, 6, 6])[None, :, None] / 5
    assert np.argwhere(hours(chances, who)[0]).tolist() == [[day, 9] for day in range(7)]
    chances[:, 5:] *= 0.1
    assert np.argwhere(hours(chances, who)[0]).tolist() == [[day, 9] for day in range(5)]


@pytest.mark.parametrize("row", [(None, None, None), ("No/Where", None, None), ("UTC", 60, None), ("UTC", None, 60)])
def test_whose_clock_or_window_is_not_known_is_not_written_to_at_any_time(row: Row) -> None:
    who = people(*row)
    assert instead(week(9), who, SUNDAY) is None
    assert good(0.9, who, SUNDAY) is False


def test_equal_start_and_end_are_no_quiet_hours() -> None:
    assert good(0.9, people("UTC", 0, 0), SUNDAY) is True


def test_now_is_good_from_the_grade_that_is_set_and_unknown_stays_unknown() -> None:
    told = [good(now, people("UTC"), SUNDAY) for now in (0.24, 0.25, None)]
    assert told == [False, True, None]


def test_what_was_learned_decides_by_whether_the_moment_adds() -> None:
    for presence, hour, whether in ((0.5, -0.4, True), (0.1, -0.4, False)):
        adds = pl.DataFrame({"presence": [presence], "hour": [hour], "sender": [-9.0]})
        assert good(0.9, people("UTC"), SUNDAY, adds) is whether
    assert good(None, people("UTC"), SUNDAY, adds) is None


def test_a_single_minute_that_quiet_hours_leave_is_found() -> None:
    assert instead(week(9), people("UTC", 7, 6), SUNDAY) == SUNDAY.replace(minute=6)


def test_people_of_many_zones_are_each_told_as_if_alone() -> None:
    rows = [(zone, 60 * n, 60 * n + 300) for n, zone in enumerate((*ZONES, *ZONES))]
    rows[7:9] = [("UTC", 7, 6), ("Asia/Tokyo", 60, 59)]
    everybody = pl.DataFrame(rows, schema=timing.PEOPLE, orient="row")
    chances = np.concatenate([week(n % 24, (5 * n) % 24) for n in range(len(rows))])
    best = hours(chances, everybody)
    for at in (SUNDAY + timedelta(minutes=37 * n) for n in range(40)):
        together = timing.good_now(never(everybody["zone"]), best, everybody, at).to_list()
        ones = [(everybody[n], hours(chances[n : n + 1], everybody[n])) for n in range(len(rows))]
        assert together == [timing.good_now(never(who["zone"]), own, who, at).item() for who, own in ones]


def test_a_peak_hour_is_good_of_itself_and_one_that_only_the_weekday_makes_likely_is_none() -> None:
    who, at = people("UTC"), SUNDAY.replace(hour=19)
    peaks = hours(week(19), who)
    assert timing.good_now(never(who["zone"]), peaks, who, at).item() is True
    assert timing.good_now(never(who["zone"]), peaks, who, at.replace(hour=17)).item() is False
    # Five hours a day; four are told.
    five = week(17, 18, 19, 20, 21)
    five[:, :, 17] *= 0.9
    assert np.flatnonzero(timing.week_peaks(five)[0].any(axis=0)).tolist() == [18, 19, 20, 21]


@settings(max_examples=often(200))
@given(
    st.sampled_from(ZONES),
    MINUTE,
    MINUTE,
    INSTANTS,
    st.sets(st.integers(0, 23), min_size=1, max_size=5),
    st.lists(st.floats(-1, 0.2), min_size=7, max_size=7),
)
def test_what_is_proposed_is_good_when_it_is_asked_about_and_nothing_before_it_is(
    zone: str, start: int, end: int, at: datetime, some: set[int], moods: list[float]
) -> None:
    who, chances = people(zone, start, end), week(*some)

    def believe(moments: pl.Series) -> pl.Series:
        return pl.Series([moods[int(moment.timestamp()) // 9_000 % 7] for moment in moments])

    def is_good(moment: datetime) -> bool:
        grades = believe(pl.Series([moment]))
        return timing.good_now(grades, hours(chances, who), who, moment).item() is True

    found = timing.next_good(hours(chances, who), who, at, believe)
    assert found is not None
    assert is_good(found)
    step = timedelta(minutes=15)
    before = [found - number * step for number in range(1, 40) if found - number * step > at]
    assert found.minute % 15 or not any(is_good(moment) for moment in before)
    assert timing.next_good(hours(chances, who), who, at, believe, until=found - timedelta(seconds=1)) is None
