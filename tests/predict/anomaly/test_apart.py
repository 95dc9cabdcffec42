"""A session's answers are its own: whoever else is there, in whatever order and parts, here or in another process."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Settings
from tactful.predict.anomaly import Anomaly, Detector, Numbers
from tests.often import often
from tests.predict.anomaly.rooms import TICKS, Rooms, draws, leaving, rooms, sliding, step, stepping

UNTIL = 240
LATE = 37


@pytest.fixture(scope="module")
def made() -> Rooms:
    """Rooms to which all sorts of things happen."""
    parts = [
        rooms(3),
        rooms(3, rate=0.1, shape=stepping(0.15, 110, 170), seed=8),
        rooms(3, rate=0.2, shape=sliding(0.2, 90, 200), seed=9),
        leaving(rooms(3, viewers=35, seed=10), 0.6, 180),
        rooms(2, rate=0.002, seed=11),
    ]
    agenda = np.zeros((14, TICKS))
    agenda[1::4, 130:150], agenda[2::5, 60:80] = 2, 1
    viewers, signals = (np.concatenate([getattr(part, name) for part in parts]) for name in ("viewers", "signals"))
    return Rooms(viewers, signals, agenda)


@pytest.fixture(scope="module")
def alone(made: Rooms) -> list[list[tuple[int, Anomaly]]]:
    """What is told of each room by a detector of its own, by its own ticks."""
    every = []
    for room in range(made.size):
        detector, mine = Detector(), made.only([room])
        row = detector.add(1)
        every.append([(tick, found) for tick in range(UNTIL) for found in step(detector, row, mine, tick)])
    assert len({found.kind for told in every for _, found in told}) == 4
    return every


def plain(found: Anomaly) -> Anomaly:
    """Without the row that it happened to have."""
    return Anomaly(**{name: getattr(found, name) for name in Anomaly.__slots__} | {"row": 0})


def same(told: dict[int, list[tuple[int, Anomaly]]], alone: list[list[tuple[int, Anomaly]]]) -> None:
    for room, mine in enumerate(alone):
        assert [(tick, plain(found)) for tick, found in told.get(room, [])] == mine


@settings(max_examples=often(6))
@given(seed=st.integers(0, 2**32))
def test_sessions_that_begin_move_and_end_at_any_time_are_told_as_if_alone(
    made: Rooms, alone: list[list[tuple[int, Anomaly]]], seed: int
) -> None:
    detector, told = Detector(), dict[int, list[tuple[int, Anomaly]]]()
    begins = (LATE * draws(made.size, seed=seed)).astype(int)
    ticks, row = np.full(made.size, -1), np.full(made.size, -1)
    for second in range(UNTIL + LATE):
        for room in np.flatnonzero(begins == second):
            row[room], ticks[room] = detector.add(1)[0], 0
        going = np.flatnonzero((ticks >= 0) & (ticks < UNTIL))
        order = going[np.argsort(draws(going.size, seed=seed + second))]
        for some in np.array_split(order, 1 + second % 3):
            _move(detector, made, some, row, ticks, told)
        over = np.flatnonzero((ticks == UNTIL) & (row >= 0))
        detector.remove(row[over])
        row[over] = -1
    assert len(detector) == 0
    same(told, alone)


def _move(
    detector: Detector,
    made: Rooms,
    some: np.ndarray,
    row: np.ndarray,
    ticks: np.ndarray,
    told: dict[int, list[tuple[int, Anomaly]]],
) -> None:
    at = ticks[some]
    counts = {name: getattr(made, name)[some, at] for name in ("viewers", "signals", "agenda")}
    room_of = dict(zip(row[some].tolist(), some.tolist(), strict=True))
    for found in detector.advance(row[some], elapsed=(at + 1) / TICKS, **counts):
        room = room_of[found.row]
        told.setdefault(room, []).append((int(ticks[room]), found))
    ticks[some] += 1


@pytest.mark.parametrize("cut", [1, 95, 130, 183])
def test_sessions_that_move_to_another_process_go_on_as_if_nothing_had_been(
    made: Rooms, alone: list[list[tuple[int, Anomaly]]], cut: int
) -> None:
    first, second = Detector(), Detector()
    rows = first.add(made.size)
    told: dict[int, list[tuple[int, Anomaly]]] = {}
    for tick in range(cut):
        for found in step(first, rows, made, tick):
            told.setdefault(int(found.row), []).append((tick, found))
    second.add(5)
    moved = [*range(0, made.size, 2), *range(1, made.size, 2)]
    kept = first.snapshot(rows[moved])
    # Once it is kept, what becomes of the first changes nothing.
    first.advance(rows, viewers=1e6, signals=0)
    there = second.restore(kept)
    assert second.snapshot(there) == kept
    mine = made.only(moved)
    for tick in range(cut, UNTIL):
        for found in step(second, there, mine, tick):
            told.setdefault(moved[there.tolist().index(found.row)], []).append((tick, found))
    same(told, alone)


def test_what_is_kept_is_four_kilobytes_a_session() -> None:
    detector = Detector()
    kept = detector.snapshot(detector.add(100))
    assert len(kept) <= 100 * 4_300


def test_an_empty_snapshot_restores_nothing() -> None:
    detector = Detector()
    assert detector.restore(detector.snapshot([])).size == 0


def test_what_was_kept_survives_a_change_of_what_an_operator_sets_but_not_of_the_shapes() -> None:
    detector = Detector()
    kept = detector.snapshot(detector.add(2))
    assert Detector(Settings({"anomaly.drop_sure": 0.9})).restore(kept).size == 2
    with pytest.raises(BadInput, match="begin these sessions anew"):
        Detector(numbers=Numbers(drop=(-0.7, -1.1, -1.6, -2.0))).restore(kept)


@given(place=st.integers(0, 500), byte=st.integers(1, 255))
@settings(max_examples=often(25))
def test_bytes_that_are_no_state_are_refused_or_are_one_of_the_right_shape(place: int, byte: int) -> None:
    detector = Detector()
    kept = bytearray(detector.snapshot(detector.add(1)))
    kept[place] ^= byte
    try:
        rows = detector.restore(bytes(kept))
    except BadInput:
        assert len(detector) == 1
    else:
        assert rows.size == 1
    for torn in (kept[:-1], b"", b"\x00" * 40):
        with pytest.raises(BadInput):
            detector.restore(bytes(torn))


COUNTS = st.one_of(st.integers(0, 100_000), st.sampled_from([0, 1, 4, 5, 10, 100_000, 10**9]))


@given(
    ticks=st.lists(
        st.tuples(COUNTS, COUNTS, st.sampled_from([0.0, 0.5, 0.97, 1.4, float("nan")]), st.integers(0, 2)),
        min_size=1,
        max_size=40,
    ),
    repeat=st.integers(1, 30),
)
@settings(max_examples=often(40))
def test_whatever_is_counted_what_is_told_and_kept_is_finite(
    ticks: list[tuple[int, int, float, int]], repeat: int
) -> None:
    detector = Detector()
    rows = detector.add(1)
    for viewers, signals, elapsed, agenda in ticks * repeat:
        for found in detector.advance(rows, viewers=viewers, signals=signals, elapsed=elapsed, agenda=agenda):
            numbers = (found.probability, found.score, found.expected_score, found.change, found.now, found.expected)
            assert np.isfinite(numbers).all()
            assert 0 <= found.probability <= 1
            assert 0 <= found.score <= 1
            assert found.change <= 0 < found.seconds
    state = detector._state
    assert all(np.isfinite(getattr(state, name)).all() for name in ("level", "wander", "rough", "levels", "wanders"))
    assert (state.doubt_level > -1e-6).all()
