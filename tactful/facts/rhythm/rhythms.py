"""What is usual of people's hours, and one person's own as far as they are known: chances by hour of the week.

The logarithm of a person's chances is what is usual plus a few ways in which people differ (early or late, by
day or by night), each as far as their own hours say so. Little data stays near the usual; nobody's own histogram
is ever taken as it is. Then the weekday is told apart: first as it is for all, then as far as it is their own.
Source: logistic-normal smoothing (Aitchison and Shen 1980; Blei and Lafferty 2007), Laplace's approximation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.rhythm.tables import HOURS, WEEKDAYS

# Newton's steps, and where there is little to go; the most that one may go; people at a time.
STEPS, FEW, FAR, CHUNK = 5, 3, 2.0, 2_048
WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class Rhythms:
    """mean: log of the usual chance of each hour. ways: a column for each way to differ, as far as people usually do.

    weekdays: what each weekday adds to the log of each hour. evidence: what an hour counts, less than one because
    hours of one day hang together and habits change. apart: share of the variance by which somebody's working
    days and weekends differ.
    """

    mean: Floats
    ways: Floats
    weekdays: Floats
    evidence: float = 0.6
    apart: float = 0.15

    def __post_init__(self) -> None:
        """raises: ValueError for shapes that are none."""
        shapes = (self.mean.shape, self.ways.shape[:1], self.weekdays.shape)
        finite = all(np.isfinite(each).all() for each in (self.mean, self.ways, self.weekdays))
        if shapes != ((HOURS,), (HOURS,), (WEEKDAYS, HOURS)) or not finite:
            raise ValueError("These are no rhythms: they need 24 hours, ways to differ in each, and 7 weekdays of 24.")

    def on(self, hours: Floats, weekday: NDArray[np.int64]) -> Floats:
        """Each person's chances of the 24 hours on a weekday (0 is Monday); a row sums to one.

        hours: a row for each person, as in RHYTHM. The chance is that of the hour, given that they come that day.
        """
        told = [self._on(by_day, self._base(by_day), weekday[at : at + CHUNK]) for at, by_day in self._chunks(hours)]
        return np.concatenate(told) if told else np.empty((0, HOURS))

    def week(self, hours: Floats) -> Floats:
        """Each person's chances on every weekday [people, 7, 24]."""
        told = []
        for _, by_day in self._chunks(hours):
            base, days = self._base(by_day), np.arange(WEEKDAYS)
            told.append(np.stack([self._on(by_day, base, np.full(len(base), day)) for day in days], axis=1))
        return np.concatenate(told) if told else np.empty((0, WEEKDAYS, HOURS))

    def _chunks(self, hours: Floats) -> Iterator[tuple[int, Floats]]:
        for at in range(0, len(hours), CHUNK):
            yield at, self.evidence * hours[at : at + CHUNK].reshape(-1, WEEKDAYS, HOURS)

    def _base(self, by_day: Floats) -> Floats:
        """Log chances of each person's hours, whatever the day."""
        usual = np.broadcast_to(self.mean, (len(by_day), HOURS))
        return _averaged(usual, self.ways, *settled(by_day.sum(axis=1), usual, self.ways))

    def _on(self, by_day: Floats, base: Floats, weekday: NDArray[np.int64]) -> Floats:
        usual, ways = base + self.weekdays[weekday], self.ways * np.sqrt(self.apart)
        work = (weekday < WORKDAYS)[:, None]
        alike = np.where(work, by_day[:, :WORKDAYS].sum(axis=1), by_day[:, WORKDAYS:].sum(axis=1))
        return softmax(usual + settled(alike, usual, ways, FEW)[0] @ ways.T)

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; `rhythms` makes them again, equal to the last digit."""
        return {
            "mean": self.mean.tolist(),
            "ways": self.ways.tolist(),
            "weekdays": self.weekdays.tolist(),
            "evidence": self.evidence,
            "apart": self.apart,
        }


def rhythms(stored: Mapping[str, Any]) -> Rhythms:
    """The rhythms that `as_dict` told. raises: ValueError for anything else."""
    try:
        mean, ways, weekdays = (np.asarray(stored[name], dtype=np.float64) for name in ("mean", "ways", "weekdays"))
        return Rhythms(mean, ways, weekdays, float(stored["evidence"]), float(stored["apart"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"These are no rhythms: {error}.") from error


def softmax(logs: Floats) -> Floats:
    """Chances from logs, up to a constant of each row."""
    chances: Floats = np.exp(logs - logs.max(axis=-1, keepdims=True))
    told: Floats = chances / chances.sum(axis=-1, keepdims=True)
    return told


def settled(counts: Floats, usual: Floats, ways: Floats, steps: int = STEPS) -> tuple[Floats, Floats]:
    """How far each person goes each of `ways` [people, ways], most likely, and how unsure that is (covariances).

    counts: hours of each person [people, 24]; usual: log chances that they are held to.
    """
    total, far = counts.sum(axis=1), np.zeros((len(counts), ways.shape[1]))
    identity: Floats = np.eye(ways.shape[1], dtype=np.float64)
    bend: Floats = np.broadcast_to(identity, (len(counts), *identity.shape))
    squares = (ways[:, :, None] * ways[:, None, :]).reshape(len(ways), -1)
    for _ in range(steps):
        chances = softmax(usual + far @ ways.T)
        mean = chances @ ways
        spread = (chances @ squares).reshape(bend.shape) - mean[:, :, None] * mean[:, None, :]
        bend = total[:, None, None] * spread + identity
        slope = counts @ ways - total[:, None] * mean - far
        step = np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
        far += step * (FAR / np.abs(step).max(axis=1, keepdims=True).clip(FAR))
    unsure = np.asarray(np.linalg.inv(bend), dtype=np.float64)
    return far, unsure


def _averaged(usual: Floats, ways: Floats, far: Floats, unsure: Floats) -> Floats:
    """Log of the mean chance over what is likely, at one point on either side along each axis of the doubt."""
    axes = np.linalg.cholesky(unsure) * np.sqrt(ways.shape[1])
    sides, middle = np.einsum("hi,nij->njh", ways, axes), (usual + far @ ways.T)[:, None, :]
    chances = (softmax(middle + sides) + softmax(middle - sides)).mean(axis=1) / 2
    logs: Floats = np.log(chances)
    return logs


def circle(width: float, height: float) -> Floats:
    """How logs of two hours vary together before anything is learned [24, 24]: near ones alike, midnight too."""
    apart = (np.arange(HOURS)[:, None] - np.arange(HOURS)) * np.pi / HOURS
    alike: Floats = height**2 * np.exp(-2 * np.sin(apart) ** 2 / width**2)
    return alike


def ways_of(spread: Floats, most: int) -> Floats:
    """The `most` ways in which logs that vary like `spread` differ most, each with its size."""
    sizes, axes = np.linalg.eigh(spread)
    first = np.argsort(-sizes, kind="stable")[:most]
    ways: Floats = np.ascontiguousarray(axes[:, first] * np.sqrt(sizes[first].clip(0)))
    return ways


WIDTH, HEIGHT, WAYS = 0.6, 0.8, 8
# What is believed before anybody was seen: every hour alike, and near hours alike.
UNLEARNED = Rhythms(np.full(HOURS, -np.log(HOURS)), ways_of(circle(WIDTH, HEIGHT), WAYS), np.zeros((WEEKDAYS, HOURS)))
