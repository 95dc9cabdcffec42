"""The Numenta Anomaly Benchmark: 58 series with windows in which something was wrong, and its own score.

Written from Lavin and Ahmad 2015. A detection in a window counts the more, the earlier it is, and only the best one of
a window counts; one outside costs the more, the farther it is past the last window. The threshold is the best one on
the series that are scored, as NAB has it, or one that was found elsewhere. Scores are told from 0 (nothing is ever
said) to 100 (each window at its first point, and nothing else). The first 15 % of a series, at most 750 points, are not
scored.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.lab.evaluate.rows import needed

FOLDER = "anomaly_nab"
FILES = ("series.parquet", "combined_windows.json", "final_results.json")
# What a missed window and a false alarm cost, against a window found at its first point.
PROFILES: Mapping[str, tuple[float, float]] = {
    "standard": (1.0, 0.11),
    "reward_low_fp": (1.0, 0.22),
    "reward_low_fn": (2.0, 0.11),
}
# As the files call the profiles.
CALLED = {"standard": "standard", "reward_low_fp": "reward_low_FP_rate", "reward_low_fn": "reward_low_FN_rate"}
UNSCORED, MOST_UNSCORED = 0.15, 5000
OUTSIDE, LEFT_OUT = -1, -2

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """One series. values: [points]; per_day: points in a day; windows: first and last point of each."""

    name: str
    values: Floats
    per_day: int
    windows: Sequence[tuple[int, int]]


def read(data: Path) -> list[Numbers]:
    """All of them, by name. raises: NotFound without the files."""
    series, windows, _ = needed(data / FOLDER, *FILES)
    marked = json.loads(windows.read_bytes())
    every = pl.read_parquet(series).with_columns(pl.col("file").cast(pl.String)).sort("file", "i")
    return [_one(str(name), rows, marked[name]) for (name,), rows in every.group_by("file", maintain_order=True)]


def _one(name: str, rows: pl.DataFrame, marked: Sequence[tuple[str, str]]) -> Numbers:
    at = rows["timestamp"].to_numpy().astype("datetime64[s]")
    windows = [tuple(int(np.flatnonzero(at == np.datetime64(end[:19]))[0]) for end in each) for each in marked]
    apart = float(np.median(np.diff(at).astype(np.float64)))
    values = rows["value"].to_numpy().astype(np.float64)
    return Numbers(name, values, round(86_400 / apart), sorted((first, last) for first, last in windows))


def published(data: Path) -> dict[str, dict[str, float]]:
    """What other detectors reach, by name and profile. raises: NotFound without the file."""
    (path,) = needed(data / FOLDER, "final_results.json")
    results = json.loads(path.read_bytes())
    return {who: {profile: found[called] for profile, called in CALLED.items()} for who, found in results.items()}


def unscored(points: int) -> int:
    """How many points at the beginning are not scored."""
    return int(min(UNSCORED * points, UNSCORED * MOST_UNSCORED))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Points of several series, one behind the other. weight: what an alarm there is worth. window: its number, -1
    outside of all, -2 where it is not scored. file: number of the series.
    """

    weight: Floats
    window: Whole
    file: Whole
    windows: Whole

    def best(self, scores: Floats, profile: str, files: Whole) -> tuple[float, float]:
        """The score with the best threshold of all on `files`, and that threshold. scores: [points]."""
        missed, false = PROFILES[profile]
        use = (self.window != LEFT_OUT) & np.isin(self.file, files)
        value, weight, window = scores[use], self.weight[use], self.window[use]
        order = np.lexsort((-weight, -value))
        value, weight, window = value[order], weight[order], window[order]
        total = np.cumsum(np.where(window == OUTSIDE, false * weight, _gains(weight, window, missed)))
        ends = np.flatnonzero(np.append(value[1:] != value[:-1], True))
        place = ends[np.argmax(total[ends])]
        if total[place] <= 0:
            return 0.0, np.inf
        return float(100 * total[place] / (self._count(files) * (1 + missed))), float(value[place])

    def at(self, scores: Floats, threshold: float, profile: str, files: Whole) -> float:
        """The score on `files` with a threshold, nan where they have no windows; a file may be there several times."""
        missed, _ = PROFILES[profile]
        most = self._count(files) * (1 + missed)
        return float(100 * self.of_each(scores, threshold, profile)[files].sum() / most) if most else float("nan")

    def of_each(self, scores: Floats, threshold: float, profile: str) -> Floats:
        """[files] What a detector gains over saying nothing, with a threshold."""
        missed, false = PROFILES[profile]
        hit = (scores >= threshold) & (self.window != LEFT_OUT)
        outside = np.where(hit & (self.window == OUTSIDE), false * self.weight, 0.0)
        inside = np.flatnonzero(hit & (self.window >= 0))
        best = np.full(int(self.windows.sum()), -np.inf)
        np.maximum.at(best, self.window[inside], self.weight[inside])
        whose = np.repeat(np.arange(self.windows.size), self.windows)
        inside_gain = np.where(np.isfinite(best), best + missed, 0.0)
        gained = np.zeros(self.windows.size)
        np.add.at(gained, self.file, outside)
        np.add.at(gained, whose, inside_gain)
        return gained

    def _count(self, files: Whole) -> int:
        return int(self.windows[files].sum())


def corpus(every: Sequence[Numbers]) -> Corpus:
    """What alarms at each point of `every` are worth."""
    weights, windows = [], list[Whole]()
    count = 0
    for one in every:
        weight, window = _worth(one)
        windows.append(np.where(window >= 0, window + count, window))
        weights.append(weight)
        count += len(one.windows)
    file = np.repeat(np.arange(len(every)), [one.values.size for one in every])
    return Corpus(np.concatenate(weights), np.concatenate(windows), file, np.array([len(one.windows) for one in every]))


def _worth(one: Numbers) -> tuple[Floats, Whole]:
    """[points] Weight and number of the window within the series."""
    point = np.arange(one.values.size)
    weight, window = np.full(point.size, -1.0), np.full(point.size, OUTSIDE)
    for first, last in one.windows:
        past = point > last
        weight[past] = _sigmoid((point[past] - last) / (last - first))
    for number, (first, last) in enumerate(one.windows):
        inside = slice(first, last + 1)
        weight[inside] = _sigmoid(-(last - point[inside] + 1) / (last - first + 1)) / _sigmoid(np.array(-1.0))
        window[inside] = number
    window[: unscored(point.size)] = LEFT_OUT
    return weight, window


def _sigmoid(x: Floats) -> Floats:
    """From 1 long before 0 to -1 beyond 3."""
    return np.where(x > 3, -1.0, 2 / (1 + np.exp(5 * np.minimum(x, 50))) - 1)


def _gains(weight: Floats, window: Whole, missed: float) -> Floats:
    """What each point adds, in order of falling score: the first of a window, or one better than those before."""
    gains = np.zeros(weight.size)
    inside = np.flatnonzero(window >= 0)
    inside = inside[np.argsort(window[inside], kind="stable")]
    first = np.append(True, window[inside][1:] != window[inside][:-1])[: inside.size]
    group = np.cumsum(first) - 1
    # Weights are at most 1, so that steps of 10 keep windows apart while the best so far is carried on.
    best = np.maximum.accumulate(weight[inside] + 10.0 * group) - 10.0 * group
    gains[inside] = np.where(first, best + missed, np.diff(best, prepend=0.0))
    return gains
