"""How much somebody moved on lately, weighed over every course the attempts may have taken. Pure.

Courses: level all along, rising (or falling) all along, rising up to a point and level from there, level up to a
point and rising from there, and a step at a point between any two of level and sloping. Each says how much mastery
changed since the stretch in question began, with an error; each counts by how well it fits, less what its numbers
cost (BIC: Schwarz 1978). So a jump inside the stretch is progress, and a slope that noise may have made is not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from tactful.facts.additive import Floats
from tactful.predict.plateau import lines
from tactful.predict.plateau.lines import Line

# Points that a stretch of its own needs.
SHORTEST = 2

# How far mastery usually moves in a stretch, before anything is known of somebody (standard deviation, 0..1).
USUAL = 0.3
# Two changes closer than this cannot be told apart, whatever the errors say.
FINEST = 0.01


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves of one length: [curves, points]. score: mean of each point; count: its attempts; both known."""

    score: Floats
    count: Floats

    def at(self) -> Floats:
        """Where each point lies, counted in attempts from the first."""
        return np.cumsum(self.count, axis=1) - self.count / 2


@dataclass(frozen=True, slots=True)
class Progress:
    """Of each curve: gain: change of mastery over the stretch; stuck: chance that it rose less than asked for;
    level: mastery at the end, began: where the stretch began [0..1], both as the courses fit."""

    gain: Floats
    stuck: Floats
    level: Floats
    began: Floats


@dataclass(frozen=True, slots=True)
class _Courses:
    """What one way of looking says, with its bend or step at each place: [curves, places].

    left: sum of squares; numbers: how many were used; gain, with its variance in units of the noise; end: mastery.
    """

    left: Floats
    numbers: int
    gain: Floats
    variance: Floats
    end: Floats


def progress(curves: Curves, begin: Floats, noise: Floats, *, rise: float) -> Progress:
    """How each curve moved from `begin` to its end.

    begin: where each stretch begins [attempts]. noise: variance of one attempt's score around the curve.
    rise: change from which somebody is not stuck [0..1].
    """
    ways, noise = list(_ways(curves, begin[:, None])), noise[:, None]
    attempts = curves.count.sum(axis=1)[:, None]
    fit = _beside(-way.left / (2 * noise) - way.numbers / 2 * np.log(attempts) for way in ways)
    share = np.exp(fit - fit.max(axis=1, keepdims=True))
    share = share / share.sum(axis=1, keepdims=True)
    variance = noise * _beside(way.variance for way in ways)
    trust = USUAL**2 / (USUAL**2 + variance)
    raw, ends = (_beside(each) for each in ((way.gain for way in ways), (way.end for way in ways)))
    gain = trust * raw
    below = _normal((rise - gain) / np.sqrt(trust * variance + FINEST**2))
    end, began = ((share * each).sum(axis=1).clip(0, 1) for each in (ends, ends - raw))
    return Progress((share * gain).sum(axis=1), (share * below).sum(axis=1), end, began)


def _beside(each: Iterable[Floats]) -> Floats:
    return np.concatenate(list(each), axis=1)


def _normal(z: Floats) -> Floats:
    """Share of the normal distribution below `z`, to one hundredth. Source: Camilli 1994."""
    share: Floats = 1 / (1 + np.exp(-1.702 * z.clip(-20, 20)))
    return share


def _ways(curves: Curves, begin: Floats) -> Iterator[_Courses]:
    where, last = curves.at(), curves.score.shape[1] - SHORTEST
    sums = lines.sums(curves.count, where, curves.score)
    end = curves.count.sum(axis=1)[:, None]
    whole = lines.through(sums[:, -1:])
    yield _level(whole)
    yield _sloping(whole, begin, end)
    if last >= SHORTEST:
        at = (where[:, SHORTEST - 1 : last] + where[:, SHORTEST : last + 1]) / 2
        before = sums[:, SHORTEST : last + 1]
        after = sums[:, -1:] - before
        yield from _bends(before, after, at, begin, end)
        yield from _steps(lines.through(before), lines.through(after), at, begin, end)


def _level(line: Line) -> _Courses:
    nothing = np.zeros_like(line.mean)
    return _Courses(line.around_mean, 1, nothing, nothing, line.mean)


def _sloping(line: Line, begin: Floats, end: Floats) -> _Courses:
    run = end - begin
    return _Courses(line.around_line, 2, line.slope * run, run**2 / line.spread, line.at(end))


def _bends(before: Floats, after: Floats, at: Floats, begin: Floats, end: Floats) -> Iterator[_Courses]:
    """Level from `at` on, and level up to it: a line over time that stands still there."""
    rising = lines.through(before + lines.standing(after, at))
    run = np.maximum(at - begin, 0.0)
    yield _Courses(rising.around_line, 3, rising.slope * run, run**2 / rising.spread, rising.at(at))
    rising = lines.through(lines.standing(before, at) + after)
    run = end - np.maximum(at, begin)
    yield _Courses(rising.around_line, 3, rising.slope * run, run**2 / rising.spread, rising.at(end))


def _steps(before: Line, after: Line, at: Floats, begin: Floats, end: Floats) -> Iterator[_Courses]:
    """A step at `at`, between any two of level and sloping."""
    run, inside = end - begin, begin < at
    for old, new in product((False, True), repeat=2):
        left = (before.around_line if old else before.around_mean) + (after.around_line if new else after.around_mean)
        came = after.at(end) if new else after.mean
        across = came - (before.at(begin) if old else before.mean)
        apart = after.error(end, sloping=new) + before.error(begin, sloping=old)
        within = after.slope * run if new else np.zeros_like(across)
        error = run**2 / after.spread if new else np.zeros_like(across)
        yield _Courses(left, 2 + old + new, np.where(inside, across, within), np.where(inside, apart, error), came)
