"""Every anomaly in words and grades."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tactful.kernel.errors import BadSetting
from tactful.kernel.settings import Settings, read
from tactful.predict.anomaly import KINDS, SEVERITIES, Anomaly, reasons, usual
from tactful.predict.anomaly.settings import AGREEMENTS, SETTINGS
from tactful.predict.anomaly.usual import DEFAULT, Usual
from tests.predict.anomaly.rooms import heard, leaving, rooms, sliding, stepping

AT = datetime(2026, 3, 1, 12, 4, 30, tzinfo=UTC)
DROP = Anomaly(0, "SUDDEN_DROP", "high", 0.7, 0.2, 0.5, -71.4, 4.0, 14.0, 70, 412, (0.7, 0.12, 0.05))
SAID = {
    "SUDDEN_DROP": "Messages and reactions fell from about 14 to 4 a minute for each hundred viewers "
    "since 12:03:20 UTC.",
    "GRADUAL_DECLINE": "Messages and reactions have been going down since 12:03:20 UTC, "
    "from about 14 to 4 a minute for each hundred viewers.",
    "LOW_ENGAGEMENT": "Since 12:03:20 UTC there were only about 4 messages and reactions a minute for each hundred "
    "viewers; 14 were to be expected.",
    "MASS_EXIT": "10 of 14 viewers (71 %) left since about 12:03:20 UTC.",
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_seen_is_said_first(kind: str) -> None:
    first, *more = reasons(replace(DROP, kind=kind), AT)
    assert first == SAID[kind]
    assert more[-1] == "412 viewers are there."


def test_what_lasted_is_not_said_to_be_weighed() -> None:
    told = reasons(replace(DROP, kind="LOW_ENGAGEMENT", chances=(0.0, 0.0, 0.0)), AT)
    assert told[1] == "It began as a sudden drop and has lasted longer than those do."


def test_small_numbers_are_said_as_people_say_them() -> None:
    told = " ".join(reasons(replace(DROP, now=0.0001, expected=0.72, viewers=1), AT))
    assert "from about 0.72 to under 0.01 a minute" in told
    assert "1 viewer is there." in told
    assert "No viewers are there." in reasons(replace(DROP, viewers=0), AT)


def test_whatever_is_told_of_rooms_reads_as_sentences() -> None:
    happened = [
        rooms(10, rate=0.1, shape=stepping(0.1, 100)),
        rooms(10, rate=0.2, shape=sliding(0.2, 90, 200)),
        leaving(rooms(10), 0.5, 150),
        rooms(10, viewers=8, rate=0.001),
    ]
    told = [found for made in happened for _, found in heard(made)]
    assert {found.kind for found in told} == set(KINDS)
    assert {found.severity for found in told} <= set(SEVERITIES)
    for found in told:
        for sentence in reasons(found, AT):
            assert re.fullmatch(r"[A-Z0-9][^_]{5,160}\.", sentence), sentence
            assert not re.search(r"nan|inf\b|None|e-\d|-\d", sentence), sentence


def test_grades_must_rise() -> None:
    with pytest.raises(BadSetting, match="must rise"):
        read(SETTINGS, environ={"TACTFUL_ANOMALY_HIGH_FROM": "0.9"}, file=None, agreements=AGREEMENTS)
    assert read(SETTINGS, environ={}, file=None, agreements=AGREEMENTS)[SETTINGS[0]] == Settings({})[SETTINGS[0]]


def test_what_is_usual_follows_earlier_sessions_the_more_there_are() -> None:
    few, many = usual([-5.0]), usual([-5.1, -4.9] * 40)
    assert DEFAULT.mean > few.mean > many.mean
    assert many.mean == pytest.approx(-5, abs=0.06)
    assert many.spread < 0.4 < few.spread
    assert usual([], Usual(-1, 0.5)) == Usual(-1, 0.5)
