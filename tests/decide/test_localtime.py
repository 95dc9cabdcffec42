"""Wall clocks are right in every zone, also where the clock jumps."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from tactful.decide.localtime import minute_at, next_wall, quiet_over, with_local_days, with_quiet_over, with_wall_clock
from tests.decide.world import CHANGES, ZONES, instants


@pytest.mark.parametrize("at", CHANGES, ids=str)
def test_day_and_minute_are_those_of_the_zone(at: datetime) -> None:
    shown = with_wall_clock(pl.DataFrame({"zone": ZONES}), at)
    for name, day, minute in shown.iter_rows():
        assert day == at.astimezone(ZoneInfo(name)).date()
        assert minute == minute_at(name, at)


@pytest.mark.parametrize("at", CHANGES, ids=str)
def test_local_days_are_those_of_the_zone(at: datetime) -> None:
    frame = pl.DataFrame({"zone": [*ZONES, None, "Atlantis/Poseidonis"]}).with_columns(
        first_seen_at=pl.lit(at),
        last_completion_at=pl.lit(at + timedelta(hours=7)),
        milestone_at=pl.lit(at),
    )
    shown = with_local_days(frame)
    for name, first, last in shown.select("zone", "first_day", "completion_day").head(len(ZONES)).iter_rows():
        assert first == at.astimezone(ZoneInfo(name)).date()
        assert last == (at + timedelta(hours=7)).astimezone(ZoneInfo(name)).date()
    assert shown.tail(2).select(pl.col("first_day", "completion_day").is_null().all()).row(0) == (True, True)
    assert with_local_days(shown).equals(shown)
    assert with_local_days(frame.clear()).height == 0


def test_nobody_knows_the_time_in_a_zone_that_does_not_exist() -> None:
    zones = ["Europe/Berlin", "Atlantis/Poseidonis", "", None, "../etc/passwd"]
    frame = pl.DataFrame({"zone": zones, "quiet_start": [1320] * 5, "quiet_end": [480] * 5})
    shown = with_quiet_over(with_wall_clock(frame, CHANGES[0]), CHANGES[0], "due")
    for column in ("local_day", "local_minute", "due"):
        assert shown[column].is_null().to_list() == [False, True, True, True, True]


@pytest.mark.parametrize("at", instants(60), ids=str)
def test_the_next_time_is_the_first_one_found_minute_by_minute(at: datetime) -> None:
    names = [*ZONES[at.minute % 23 :: 97], "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo"]
    whole = at.replace(second=0, microsecond=0)
    for name in names:
        # Minutes since the clock was last read, as long as it was not set back: jumped-over ones count as shown.
        shown: dict[int, datetime] = {}
        before = minute_at(name, whole)
        for step in range(1, 26 * 60):
            now = whole + timedelta(minutes=step)
            minute = minute_at(name, now)
            ahead = (minute - before) % 1440
            passed = range(before + 1, before + ahead + 1) if ahead <= 180 else [minute]
            for each in passed:
                shown.setdefault(each % 1440, now)
            before = minute
        for minute in (0, 90, 150, 480, 1320, (before + 1) % 1440):
            found = next_wall(name, minute, at)
            if minute in shown and shown[minute] > at:
                assert found == shown[minute], (name, minute)


def test_a_time_that_the_clock_jumps_over_comes_with_the_jump() -> None:
    assert next_wall("Europe/Berlin", 150, datetime(2026, 3, 28, 22, tzinfo=UTC)) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


def test_a_time_that_comes_twice_counts_twice() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert next_wall("Europe/Berlin", 150, first - timedelta(minutes=5)) == first
    assert next_wall("Europe/Berlin", 150, first) == second


@pytest.mark.parametrize("at", instants(40), ids=str)
def test_when_quiet_hours_are_over_they_are_over(at: datetime) -> None:
    for number, name in enumerate(ZONES):
        start, end = (number * 613 + at.minute) % 1440, (number * 127 + at.minute * 31 + 1) % 1440
        over = quiet_over(name, start, end, at)
        assert over is not None
        assert at < over <= at + timedelta(hours=50)
        there = over.astimezone(ZoneInfo(name))
        assert (there.hour * 60 + there.minute - start) % 1440 >= (end - start) % 1440, (name, start, end)


def test_an_end_that_is_jumped_over_together_with_the_next_start_is_none() -> None:
    evening = datetime(2026, 3, 28, 21, tzinfo=UTC)
    # From 00:00 to 01:00 in the Azores: neither 00:09 nor 00:42 is ever shown.
    assert quiet_over("Atlantic/Azores", 42, 9, evening) == datetime(2026, 3, 30, 0, 9, tzinfo=UTC)
