"""Learning a sum of curves by penalised likelihood: each value is pulled to what was believed, each step to be small.

The most likely values given a normal prior: about what each feature leans to before learning (nothing, unless said),
and about neighbouring knots lying together. So a few rows hardly move a belief, and no round of boosting is to be
chosen. Source: Hastie and Tibshirani 1990 (additive models); Eilers and Marx 1996 (penalised steps).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.smooth import Curve, Smooth, columns
from tactful.learn.chaining import FOLDS, Chaining

Places = NDArray[np.int64]

# Newton's steps; it settles in five or six.
STEPS = 12
SETTLED = 1e-4
# Rows at a time, so that memory does not grow with the lessons.
CHUNK = 8_192
# Share of the rows beyond the outer knots, on either side.
EDGE = 0.01


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How a sum of curves is learned; the same for every data set.

    knots: most points of a curve. ridge: pull of each value to what it was believed to be; stiffness: pull of
    neighbouring values together [both as a precision]. leaning: feature -> slope of the curve it is taken to have
    before anything is learned.
    """

    knots: int = 6
    ridge: float = 10.0
    stiffness: float = 30.0
    leaning: Mapping[str, float] = field(default_factory=dict)

    def fit(
        self, frame: pl.DataFrame, truth: Floats, features: Sequence[str], *, weight: Floats | None = None
    ) -> Smooth:
        """The model of `truth` (0 or 1) given `features`, columns of `frame`; null is unknown.

        weight: of each row. Features nothing is known of are left out. The same rows give the same model.
        """
        weight = np.ones(truth.size) if weight is None else weight
        numbers = columns(frame, features)
        told = [place for place in range(len(features)) if not np.isnan(numbers[weight > 0, place]).all()]
        starts = [self._start(features[place], numbers[weight > 0, place]) for place in told]
        design, penalty = _Design.of(starts, numbers[:, told], weight), self._penalty(starts)
        at = np.zeros(penalty.shape[0])
        for _ in range(STEPS):
            slope, bend = design.newton(at, truth, weight)
            step = np.linalg.solve(bend + penalty, slope - penalty @ at)
            at += step
            if np.abs(step).max() < SETTLED:
                break
        return _told(starts, at, design.mean)

    def _start(self, feature: str, values: Floats) -> Curve:
        """The curve before learning."""
        known = values[~np.isnan(values)]
        knots = np.unique(np.quantile(known, np.linspace(EDGE, 1 - EDGE, self.knots)))
        return Curve(feature, knots, self.leaning.get(feature, 0.0) * knots, 0.0)

    def _penalty(self, starts: Sequence[Curve]) -> Floats:
        """The prior's precision: of the base, then of each curve's values and of its value for the unknown."""
        sizes = [curve.knots.size + 1 for curve in starts]
        penalty, place = np.eye(1 + sum(sizes)), 1
        for size in sizes:
            steps = np.diff(np.eye(size - 1, size), axis=0)
            penalty[place : place + size, place : place + size] = (
                self.ridge * np.eye(size) + self.stiffness * steps.T @ steps
            )
            place += size
        return penalty


@dataclass(frozen=True, slots=True)
class _Design:
    """Each row's place on each curve: the knot to the left, how far it lies towards the next, and both for all rows.

    leaning: what all curves add before learning. mean: the average row, as weights of all values.
    """

    left: Places
    part: Floats
    sizes: tuple[int, ...]
    leaning: Floats
    mean: Floats

    @classmethod
    def of(cls, starts: Sequence[Curve], numbers: Floats, weight: Floats) -> "_Design":
        """The places of the rows of `numbers`, which has a column for each curve."""
        height = numbers.shape[0]
        left, part = np.empty((height, len(starts)), dtype=np.int64), np.empty((height, len(starts)))
        leaning, first = np.zeros(height), 0
        for number, curve in enumerate(starts):
            values = numbers[:, number]
            left[:, number], part[:, number] = _places(curve, values)
            left[:, number] += first
            leaning += curve.of(values)
            first += curve.knots.size + 1
        sizes = tuple(curve.knots.size + 1 for curve in starts)
        bare = cls(left, part, sizes, leaning, np.zeros(first))
        total = sum((weight[rows] @ bare.rows(rows)[:, 1:] for rows in bare.chunks()), np.zeros(first))
        return cls(left, part, sizes, leaning, total / max(float(weight.sum()), SETTLED))

    def chunks(self) -> Iterator[slice]:
        """All rows, a few at a time."""
        yield from (slice(start, start + CHUNK) for start in range(0, self.leaning.size, CHUNK))

    def rows(self, rows: slice) -> Floats:
        """Weights of the base and of all values for some rows, the average row's taken off."""
        left, part = self.left[rows], self.part[rows]
        made = np.zeros((left.shape[0], 1 + sum(self.sizes) + 1))
        number = np.arange(left.shape[0])[:, None]
        made[:, 0] = 1.0
        made[number, left + 2] = part
        made[number, left + 1] = 1 - part
        made[:, 1:-1] -= self.mean
        return made[:, :-1]

    def newton(self, at: Floats, truth: Floats, weight: Floats) -> tuple[Floats, Floats]:
        """Slope and bend of the log-likelihood at `at`."""
        slope, bend = np.zeros(at.size), np.zeros((at.size, at.size))
        for rows in self.chunks():
            made = self.rows(rows)
            chance = 1 / (1 + np.exp(-(self.leaning[rows] + made @ at).clip(-30, 30)))
            slope += made.T @ (weight[rows] * (truth[rows] - chance))
            made *= np.sqrt(weight[rows] * chance * (1 - chance))[:, None]
            bend += made.T @ made
        return slope, bend


def _places(curve: Curve, values: Floats) -> tuple[Places, Floats]:
    """Number of the knot to the left and how far towards the next [0..1]; behind the last stands the unknown."""
    inside, last = values.clip(curve.knots[0], curve.knots[-1]), curve.knots.size - 1
    unknown = np.isnan(values)
    left = np.searchsorted(curve.knots, np.where(unknown, curve.knots[0], inside), side="right") - 1
    left = left.clip(0, max(last - 1, 0))
    wide = np.diff(curve.knots)[left] if last > 0 else np.ones(values.size)
    part = np.where(unknown, 0.0, (inside - curve.knots[left]) / wide)
    return np.where(unknown, last + 1, left), part


def _told(starts: Sequence[Curve], at: Floats, mean: Floats) -> Smooth:
    """The curves, each against the average row: a contribution tells how somebody differs."""
    base, curves, place = float(at[0] - mean @ at[1:]), [], 0
    for curve in starts:
        own = slice(place, place + curve.knots.size + 1)
        values = np.r_[curve.values, curve.unknown] + at[1:][own]
        usual = float(mean[own] @ values)
        curves.append(Curve(curve.feature, curve.knots, values[:-1] - usual, float(values[-1] - usual)))
        base, place = base + usual, own.stop
    return Smooth(base, tuple(curves))


def gently(leaning: Mapping[str, float]) -> Chaining:
    """The way to learn a chain where lessons are few, or one person's own: a model that starts from what it leans to.

    Three groups with both outcomes are enough to believe half of it. Source: patience and precisions were chosen on
    the first of FG-A's six parts and, by cross-validation, on FG-B's training learners.
    """
    return Chaining(learners=(Smoothing(leaning=leaning),), patience=3.0)


def straight() -> Chaining:
    """The way to learn a chain where each feature speaks in a straight line, so that it still does beyond all lessons.

    Source: on TM-A, splits in time of the learning part, two knots ranked .847 (mean of six), three .846, six .842,
    trees .833. A pull ten times as strong or as weak changed the third digit by one at most.
    """
    return Chaining(learners=(Smoothing(knots=2, ridge=1.0, stiffness=8.0),))


def apart(people: Places, days: Places) -> Places:
    """Groups to leave out in turn: people where there are several, the days of one person's own otherwise."""
    return people if np.unique(people).size >= FOLDS else days
