"""Times are aware UTC, from 1970 to a day from now."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.kernel.clock import EARLIEST, SetClock, SystemClock, plausible
from tactful.kernel.errors import BadInput

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
ZONES = st.timezones()


@given(st.datetimes(datetime(1970, 1, 2), datetime(2026, 3, 29), timezones=ZONES))
def test_a_plausible_time_keeps_its_instant_and_loses_its_zone(at: datetime) -> None:
    told = plausible(at, now=NOW, field="at")
    # By seconds: Python calls instants in the gap of a clock change unequal to everything.
    assert told.timestamp() == at.timestamp()
    assert told.tzinfo is UTC


@pytest.mark.parametrize(
    "at",
    [NOW + timedelta(days=1, microseconds=1), EARLIEST - timedelta(microseconds=1), datetime.max.replace(tzinfo=UTC)],
)
def test_a_time_out_of_range_is_refused_by_name(at: datetime) -> None:
    with pytest.raises(BadInput) as caught:
        plausible(at, now=NOW, field="occurred_at")
    assert caught.value.fields == ["occurred_at"]


@pytest.mark.parametrize("at", [NOW + timedelta(days=1), EARLIEST, NOW])
def test_the_ends_of_the_range_belong_to_it(at: datetime) -> None:
    assert plausible(at, now=NOW, field="at") == at


def test_a_naive_time_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="needs a time zone") as caught:
        plausible(NOW.replace(tzinfo=None), now=NOW, field="at")
    assert caught.value.fields == ["at"]


def test_an_extreme_offset_does_not_overflow() -> None:
    with pytest.raises(BadInput):
        plausible(datetime.min.replace(tzinfo=timezone(timedelta(hours=23, minutes=59))), now=NOW, field="at")


def test_a_set_clock_moves_only_when_told() -> None:
    clock = SetClock(NOW)
    assert clock.now() == clock.now() == NOW
    clock.advance(timedelta(minutes=5))
    assert clock.now() == NOW + timedelta(minutes=5)


def test_the_machines_clock_speaks_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
