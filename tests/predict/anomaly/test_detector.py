"""What the detector hears of made-up rooms, when, and how it tells of it."""

import numpy as np
import pytest

from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Settings
from tactful.predict.anomaly import Detector, Usual
from tests.predict.anomaly.rooms import RATE, Rooms, heard, kinds, leaving, rooms, sliding, stepping

ROOMS = 40


def share(made: Rooms, kind: str) -> float:
    """Of the rooms, how many are told to have `kind`, and nothing else."""
    return float(np.mean([each == {kind} for each in kinds(heard(made), made)]))


def test_a_room_in_which_nothing_happens_is_left_alone() -> None:
    told = heard(rooms(100))
    assert len(told) <= 4


@pytest.mark.parametrize("viewers", [40, 400, 100_000])
def test_a_sudden_drop_is_heard_within_two_minutes_in_small_rooms_and_large(viewers: int) -> None:
    made = rooms(ROOMS, viewers=viewers, rate=0.1, shape=stepping(0.2, 150, 230))
    told = heard(made)
    first = {found.row: tick for tick, found in told[::-1] if found.kind == "SUDDEN_DROP"}
    assert len(first) >= 0.85 * ROOMS
    assert all(tick >= 150 for tick in first.values())
    assert 151 <= np.median(list(first.values())) <= 162


def test_a_gradual_decline_is_heard_while_it_goes_on() -> None:
    made = rooms(ROOMS, rate=0.2, shape=sliding(0.25, 120, 240))
    told = [(tick, found) for tick, found in heard(made, until=241) if found.kind == "GRADUAL_DECLINE"]
    assert len({found.row for _, found in told}) >= 0.75 * ROOMS
    assert all(130 <= tick <= 240 for tick, _ in told)


def test_a_slide_into_silence_is_heard_as_low_engagement() -> None:
    made = rooms(ROOMS, rate=0.2, shape=sliding(0.12, 120, 146))
    found = kinds(heard(made, until=250), made)
    assert np.mean(["LOW_ENGAGEMENT" in each for each in found]) >= 0.6


def test_a_room_that_is_silent_from_the_start_is_heard_once() -> None:
    told = heard(rooms(ROOMS, rate=0.004), until=200)
    assert {found.kind for _, found in told} == {"LOW_ENGAGEMENT"}
    assert len(told) >= 0.8 * ROOMS
    assert len({found.row for _, found in told}) == len(told)


@pytest.mark.parametrize("viewers", [10, 60, 100_000])
def test_a_mass_exit_is_heard_within_a_minute_once(viewers: int) -> None:
    made = leaving(rooms(ROOMS, viewers=viewers), 0.5, 200)
    told = [(tick, found) for tick, found in heard(made) if found.kind == "MASS_EXIT"]
    assert [found.row for _, found in told] == list(range(ROOMS))
    assert {tick for tick, _ in told} <= set(range(200, 206))
    assert {found.severity for _, found in told} <= {"high", "critical"}
    assert all(0.5 < found.probability <= 0.99 for _, found in told)


def test_people_who_go_at_the_planned_end_are_no_mass_exit() -> None:
    made = leaving(rooms(ROOMS), 0.45, 335)
    assert share(made, "MASS_EXIT") == 0
    assert np.mean(["MASS_EXIT" in each for each in kinds(heard(made, end=False), made)]) == 1


def test_without_a_planned_end_fewer_who_go_are_left_alone() -> None:
    made = leaving(rooms(ROOMS), 0.3, 200)
    assert sum(found.kind == "MASS_EXIT" for _, found in heard(made)) == ROOMS
    assert sum(found.kind == "MASS_EXIT" for _, found in heard(made, end=False)) == 0


def test_a_pause_that_passes_and_a_burst_are_left_alone() -> None:
    shapes = (stepping(0.2, 150, 153), stepping(2.5, 150, 156))
    told = [found for shape in shapes for found in heard(rooms(ROOMS, shape=shape))]
    assert len(told) <= 0.1 * 2 * ROOMS


def test_what_is_back_may_be_heard_again() -> None:
    shape = stepping(0.1, 100, 150) * stepping(0.1, 250, 300)
    told = [tick for tick, found in heard(rooms(ROOMS, rate=0.2, shape=shape)) if found.kind == "SUDDEN_DROP"]
    assert sum(100 <= tick < 120 for tick in told) >= 0.9 * ROOMS
    assert sum(250 <= tick < 270 for tick in told) >= 0.8 * ROOMS


def test_a_drop_that_stays_becomes_low_engagement() -> None:
    told = heard(rooms(ROOMS, rate=0.2, shape=stepping(0.1, 100)))
    dropped = {found.row: tick for tick, found in told if found.kind == "SUDDEN_DROP"}
    stayed = [(tick - dropped[found.row], found) for tick, found in told if found.kind == "LOW_ENGAGEMENT"]
    assert len(stayed) >= 0.8 * ROOMS
    assert {after for after, _ in stayed} == {106}
    assert all(found.probability >= 0.48 and found.seconds > 1000 for _, found in stayed)


def test_what_is_told_is_near_what_was_done() -> None:
    told = [found for _, found in heard(rooms(ROOMS, rate=0.1, shape=stepping(0.25, 150)), until=180)]
    drops = [found for found in told if found.kind == "SUDDEN_DROP"]
    assert np.median([found.expected for found in drops]) == pytest.approx(60, rel=0.25)
    assert np.median([found.now for found in drops]) == pytest.approx(15, rel=0.5)
    assert np.median([found.change for found in drops]) == pytest.approx(-75, abs=15)
    assert all(found.score < found.expected_score for found in drops)
    assert all(found.seconds <= 300 and found.viewers == 400 for found in drops)


def test_nothing_is_told_while_it_warms_up() -> None:
    made = leaving(rooms(ROOMS, shape=stepping(0.05, 5)), 0.5, 8)
    assert heard(made, until=12) == []


def test_what_is_usual_of_the_organisation_decides_what_is_low_from_the_start() -> None:
    made, quiet = rooms(ROOMS, rate=0.008), Usual(mean=float(np.log(0.008)), spread=0.4)
    detector = Detector()
    rows = detector.add(ROOMS, usual=quiet)
    found = [len(detector.advance(rows, viewers=400, signals=made.signals[:, tick])) for tick in range(150)]
    assert sum(found) <= 4 < len(heard(made, until=150))
    assert np.median(detector.usual(rows)[0]) == pytest.approx(np.log(0.008), abs=0.3)


def test_an_operator_may_ask_it_to_be_surer() -> None:
    made = rooms(ROOMS, rate=RATE, shape=stepping(0.45, 150))
    surer = Settings({"anomaly.drop_sure": 0.97, "anomaly.decline_sure": 0.97, "anomaly.low_sure": 0.97})
    late, soon = ([tick for tick, _ in heard(made, detector, until=250)] for detector in (Detector(surer), Detector()))
    assert np.median(late) > np.median(soon) + 2


BAD: dict[str, list[object]] = {
    "viewers": [np.nan, -1, np.inf, 1e10, [1, 2, 3]],
    "signals": [np.nan, -1, np.inf, [[1, 2]]],
    "elapsed": [-0.1, np.inf],
    "agenda": [3, -1, 0.5, np.nan],
    "rows": [[0, 0], [2], [-1], [0.5], [[0, 1]]],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_what_cannot_be_is_refused_by_name_and_moves_nothing(name: str, value: object) -> None:
    detector = Detector()
    rows = detector.add(2)
    before = detector.snapshot(rows)
    given = {"rows": rows, "viewers": 10, "signals": 1} | {name: value}
    with pytest.raises(BadInput) as error:
        detector.advance(given.pop("rows"), **given)  # type: ignore[arg-type]
    assert error.value.fields == [name]
    assert detector.snapshot(rows) == before


def test_rows_of_ended_sessions_are_given_again_and_begin_anew() -> None:
    detector = Detector()
    rows = detector.add(3)
    fresh = detector.snapshot(rows[:1])
    detector.advance(rows, viewers=100, signals=50)
    detector.remove(rows[1:2])
    assert len(detector) == 2
    with pytest.raises(BadInput):
        detector.advance(rows, viewers=100, signals=50)
    again = detector.add(1)
    assert again.tolist() == rows[1:2].tolist()
    assert detector.snapshot(again) == fresh


def test_nothing_to_move_on_is_nothing_told() -> None:
    detector = Detector()
    assert len(detector.advance([], viewers=[], signals=[])) == len(detector.attend([], viewers=[])) == 0


def test_memory_follows_the_most_sessions_live_at_once() -> None:
    detector = Detector()
    rows = detector.add(1000)
    most = detector.nbytes
    assert most <= 1000 * 4_300
    for _ in range(5):
        detector.remove(rows)
        rows = detector.add(1000)
    assert detector.nbytes == most


def test_a_session_of_any_length_stays_finite_and_its_shapes_come_round() -> None:
    detector = Detector()
    rows = detector.add(2)
    cycle = 4_200
    for tick in range(cycle + 100):
        detector.advance(rows, viewers=300, signals=[15 + tick % 5, 0 if tick % 700 > 600 else 15], elapsed=0.5)
    level, doubt = detector.usual(rows)
    assert level[0] == pytest.approx(np.log(17 / 300), abs=0.2)
    assert np.isfinite([level, doubt]).all()
