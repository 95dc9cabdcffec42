"""What is planned is no anomaly: breaks, questions, and the time until people are back."""

from dataclasses import replace

import numpy as np
import pytest

from tactful.predict.anomaly import BREAK, QUESTIONS, Detector
from tests.predict.anomaly.rooms import Rooms, heard, leaving, rooms, stepping

ROOMS = 30
START, STOP = 150, 190


def planned(made: Rooms, item: int, first: int = START, last: int = STOP) -> Rooms:
    agenda = made.agenda.copy()
    agenda[:, first:last] = item
    return replace(made, agenda=agenda)


@pytest.mark.parametrize("item", [BREAK, QUESTIONS])
@pytest.mark.parametrize("first", [5, 20, START])
def test_a_silence_that_is_planned_is_no_anomaly_until_people_are_back(item: int, first: int) -> None:
    # silent for the whole item and a minute longer, while people come back
    made = rooms(ROOMS, rate=0.1, shape=stepping(0.05, first, first + 46))
    assert len(heard(planned(made, item, first, first + 40))) <= 2
    assert len(heard(made)) >= 0.8 * ROOMS


def test_who_goes_into_a_planned_break_has_not_left() -> None:
    made = leaving(rooms(ROOMS), 0.7, START)
    assert heard(planned(made, BREAK)) == []
    assert len(heard(made)) >= ROOMS


def test_who_leaves_while_questions_are_put_has_left() -> None:
    made = leaving(rooms(ROOMS), 0.7, START + 5)
    told = heard(planned(made, QUESTIONS))
    assert [found.kind for _, found in told].count("MASS_EXIT") == ROOMS


def test_a_change_after_the_break_is_heard_as_ever() -> None:
    made = rooms(ROOMS, rate=0.1, shape=stepping(0.15, STOP + 40, STOP + 100))
    told = heard(planned(made, BREAK))
    assert sum(found.kind == "SUDDEN_DROP" and tick >= STOP + 40 for tick, found in told) >= 0.85 * ROOMS


def test_a_change_that_was_told_before_the_break_is_not_told_again_after_it() -> None:
    made = rooms(ROOMS, rate=0.2, shape=stepping(0.1, START - 30, START + 110))
    told = [found.row for tick, found in heard(planned(made, BREAK), until=START + 100) if found.kind == "SUDDEN_DROP"]
    assert len(set(told)) >= 0.85 * ROOMS
    assert len(told) <= len(set(told)) + 1


def test_the_agenda_of_one_session_is_none_of_the_others() -> None:
    made = rooms(4, rate=0.1, shape=stepping(0.05, START, STOP))
    some = planned(made, BREAK)
    some.agenda[2:] = 0
    assert {found.row for _, found in heard(some)} == {2, 3}


def test_between_two_ticks_a_mass_exit_is_told_once() -> None:
    detector = Detector()
    rows = detector.add(3)
    for _ in range(60):
        detector.advance(rows, viewers=[200, 200, 200], signals=20, elapsed=0.3)
    now = {"viewers": [200, 120, 120], "agenda": [0, 0, BREAK], "elapsed": 0.3}
    (found,) = detector.attend(rows, **now)  # type: ignore[arg-type]
    assert (found.row, found.kind, round(found.change)) == (1, "MASS_EXIT", -40)
    assert (found.now, found.expected, found.viewers) == (120, 200, 120)
    assert found.score < found.expected_score
    assert len(detector.attend(rows, **now)) == 0  # type: ignore[arg-type]
    assert len(detector.advance(rows, signals=20, **now)) == 0  # type: ignore[arg-type]
    assert np.array_equal(detector.advance(rows, viewers=80, signals=8, elapsed=0.3).row, [0])
