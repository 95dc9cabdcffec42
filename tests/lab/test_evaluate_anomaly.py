"""The measures of AN-A and AN-B, and the evaluation on sessions and series made up in the files' own format."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tactful.kernel.errors import NotFound
from tactful.lab.evaluate import anomaly, audiences, evaluate, gaussian, half_space, nab
from tactful.lab.evaluate.audiences import Audiences, agreement
from tests.house.tree import ROOT
from tests.predict.anomaly.rooms import Rooms, draws, leaving, rooms, stepping

# Where the public data are, if they are.
PUBLIC = Path(os.environ.get("PUBLIC_DATA", ROOT.parent / "shared" / "data"))
WINDOWED = {"standard": 39.65, "reward_low_fp": 20.87, "reward_low_fn": 47.41}
DROP, DECLINE, LOW, EXIT = range(4)
POINTS = 400


def given(events: list[tuple[int, int, int, int]]) -> Audiences:
    nothing = np.zeros((3, 360))
    return Audiences(nothing, nothing, nothing, events)


def test_an_alarm_is_right_once_within_an_event_of_its_kind_and_a_minute_longer() -> None:
    events = given([(0, DROP, 100, 150), (0, EXIT, 100, 150), (1, DROP, 50, 90)])
    said = [(0, DROP, 107), (0, DROP, 120), (0, EXIT, 157), (1, DROP, 96), (2, LOW, 10), (1, DROP, 49)]
    found = agreement(said, events)
    assert found.right.tolist() == [[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert found.f1() == pytest.approx((2 * 2 / (4 + 2) + 0 + 0 + 0) / 4)
    assert found.per_hour() == 2
    assert found.delay() == pytest.approx((7 + 46) / 2)
    assert found.of(DROP).f1() == pytest.approx(2 * 2 / (4 + 2))
    assert found.only(np.array([1, 1])).per_hour() == 2


def test_saying_nothing_is_worth_nothing_and_has_no_delay() -> None:
    found = agreement([], given([(0, DROP, 100, 150)]))
    assert (found.f1(), found.per_hour(), np.isnan(found.delay())) == (0, 0, True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Eight sessions, of which every other one has a drop or a mass exit; four series, of which two have a spike."""
    _live(tmp_path)
    _series(tmp_path)
    return tmp_path


def _live(folder: Path) -> None:
    dropped = rooms(4, rate=0.1, shape=stepping(0.15, 150, 220))
    left = leaving(rooms(4, rate=0.1, seed=8), 0.5, 200)
    both = Rooms(*(np.concatenate([getattr(each, name) for each in (dropped, left)]) for name in Rooms.__slots__))
    order = [0, 4, 1, 5, 2, 6, 3, 7]
    made = both.only(order)
    size, ticks = made.viewers.shape
    session, step = (each.ravel() for each in np.meshgrid(np.arange(size), np.arange(ticks), indexing="ij"))
    columns = {"session": session, "step": step, "viewers": made.viewers.ravel(), "messages": made.signals.ravel()}
    rows = pl.DataFrame(columns).with_columns(reactions=pl.lit(0), unique_chatters=pl.lit(5))
    (folder / audiences.FOLDER).mkdir()
    rows.sample(fraction=1, shuffle=True, seed=1).write_parquet(folder / audiences.FOLDER / "sessions.parquet")
    lines = [f"{n},{'mass_exit,200' if n % 2 else 'sudden_drop,150'},220,0.5" for n in range(size)]
    (folder / audiences.FOLDER / "events.csv").write_text("\n".join(["session,type,start,end,severity", *lines]))


def _series(folder: Path) -> None:
    start = datetime(2014, 4, 1)
    at = [start + timedelta(hours=number) for number in range(POINTS)]
    frames, windows = [], {}
    for number in range(4):
        values = 50 + 5 * draws(POINTS, seed=number)
        if number < 2:
            values[300] = 100
        name = f"made/{number}.csv"
        frames.append(pl.DataFrame({"file": name, "i": range(POINTS), "timestamp": at, "value": values}))
        windows[name] = [[f"{at[290]}.000000", f"{at[310]}.000000"]] if number < 2 else []
    files = folder / nab.FOLDER
    files.mkdir()
    pl.concat(frames).with_columns(pl.col("file").cast(pl.Categorical)).write_parquet(files / "series.parquet")
    (files / "combined_windows.json").write_text(json.dumps(windows))
    results = {name: dict.fromkeys(nab.CALLED.values(), value) for name, value in (("good", 70.0), ("null", 0.0))}
    (files / "final_results.json").write_text(json.dumps(results))


def test_every_model_is_judged_on_all_sessions_on_the_untouched_and_by_kind(data: Path) -> None:
    rows = {(row.task, row.model, row.metric): row for row in anomaly.live(data)}
    tasks = {"AN-A", "AN-A@untouched", "AN-A@open", *(f"AN-A@{name}" for name in ("drop", "decline", "low", "exit"))}
    assert {task for task, _, _ in rows} == tasks
    assert {metric for task, _, metric in rows if "@" not in task} == {"macro_f1", "alarms_per_hour", "delay_ticks"}
    ours = rows["AN-A", "tactful", "macro_f1"]
    assert (ours.n, rows["AN-A@untouched", "tactful", "macro_f1"].n) == (8, 4)
    assert ours.value == 0.5
    assert rows["AN-A@exit", "tactful", "f1"].value == rows["AN-A@drop", "tactful", "f1"].value == 1
    assert ("AN-A@low", "tactful", "delay_ticks") not in rows
    assert rows["AN-A", "tactful", "alarms_per_hour"].value == 1
    assert 1 <= rows["AN-A", "tactful", "delay_ticks"].value <= 8


def test_every_model_is_judged_by_three_profiles_beside_the_best_that_is_published(data: Path) -> None:
    rows = {(row.task, row.model, row.metric): row for row in anomaly.numbers(data)}
    assert {metric for _, _, metric in rows} == set(nab.PROFILES)
    assert {model for _, model, _ in rows} == {"tactful", "baseline", "published"}
    assert rows["AN-B", "published", "standard"].value == 70
    assert rows["AN-B", "tactful", "standard"].value > 50
    assert rows["AN-B", "tactful", "standard"].low is not None


def test_one_part_scores_both(data: Path) -> None:
    assert {row.task.partition("@")[0] for row in evaluate("anomaly", data)} == {"AN-A", "AN-B"}
    with pytest.raises(NotFound, match="is missing"):
        evaluate("anomaly", data / "elsewhere")


def test_a_perfect_detector_scores_a_hundred_a_silent_one_nothing(data: Path) -> None:
    every = nab.read(data)
    worth = nab.corpus(every)
    files = np.arange(4)
    perfect, never = np.zeros(4 * POINTS), np.zeros(4 * POINTS)
    perfect[[290, POINTS + 290]] = 1
    for profile in nab.PROFILES:
        score, threshold = worth.best(perfect, profile, files)
        assert score == pytest.approx(100, abs=2)
        assert worth.at(perfect, threshold, profile, files) == pytest.approx(score)
        assert worth.at(never, 0.5, profile, files) == 0
    assert worth.best(never - 1, "standard", files)[0] == 0


def test_the_earlier_in_a_window_and_the_fewer_outside_the_better(data: Path) -> None:
    worth, files = nab.corpus(nab.read(data)), np.arange(4)

    def scored(*points: int) -> float:
        scores = np.zeros(4 * POINTS)
        scores[list(points)] = 1
        return worth.at(scores, 0.5, "standard", files)

    assert scored(291) > scored(305) > scored(311) + 20
    assert scored(291) == scored(291, 300)
    assert scored(291) > scored(291, 311) > scored(291, 380) > scored(291, 380, 390)
    # what falls into the beginning is not scored
    assert scored(291, 10) == scored(291)


@pytest.mark.skipif(not (PUBLIC / nab.FOLDER).is_dir(), reason="NAB is not there; PUBLIC_DATA names its folder")
def test_the_published_figures_of_a_simple_detector_are_met_by_our_scorer() -> None:
    every = nab.read(PUBLIC)
    worth, files = nab.corpus(every), np.arange(len(every))
    scores = np.concatenate([gaussian.surprises(one.values) for one in every])
    for profile, published in WINDOWED.items():
        assert round(worth.best(scores, profile, files)[0], 2) == published
        assert nab.published(PUBLIC)["windowedGaussian"][profile] == pytest.approx(published, abs=0.01)


def test_half_space_trees_find_odd_what_was_never_there() -> None:
    trees = half_space.Trees(2)
    usual = 0.2 + 0.1 * draws(3 * half_space.WINDOW, 2, half_space.FEATURES, seed=1)
    for x in usual:
        trees.score(x)
    odd = np.where(np.arange(2)[:, None] == 0, 0.9, usual[-1])
    score = trees.score(odd)
    assert score[0] > 0.95 > score[1]


def test_the_seeds_kind_of_detector_hears_people_leave() -> None:
    made = leaving(rooms(5, rate=0.1), 0.5, 200)
    said = half_space.alarms(Audiences(made.viewers, made.signals, made.signals / 4, []))
    left = {session for session, kind, tick in said if kind == EXIT and 200 <= tick <= 206}
    assert left == set(range(5))
