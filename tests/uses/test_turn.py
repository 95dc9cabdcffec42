"""What was noticed is written once, however it comes together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tactful.uses.rooms.noticed import Noticed
from tactful.uses.rooms.turn import apart
from tests.noticing import DROP

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONE = Noticed(live_session_id=1, bin=30, at=NOON, **DROP)


def test_the_same_within_a_minute_is_one_thing_and_later_another() -> None:
    soon, later = (replace(ONE, at=NOON + timedelta(seconds=seconds)) for seconds in (60, 61))
    assert apart([soon, ONE]) == [ONE]
    assert apart([later, soon, ONE]) == [ONE, later]


def test_other_sessions_and_other_kinds_are_other_things() -> None:
    others = [replace(ONE, live_session_id=2), replace(ONE, kind="MASS_EXIT")]
    assert apart([ONE, *others]) == [ONE, *others]
