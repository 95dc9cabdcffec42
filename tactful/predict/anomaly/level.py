"""The level of a room: a filter of counts whose log rate is a level of its own plus a wander that fades.

Counts of signals are gamma-Poisson around viewers times rate. The filter is the extended Kalman filter of that model,
with the excess of a tick bounded so that a burst does not move it. Each shape of the bank is the same filter with the
shape added; all share the gain of nothing-happened, and differ in what they expected.
Source: the state-space model of West and Harrison 1997; likelihood ratios over onsets as in Willsky and Jones 1976.
"""

from dataclasses import dataclass

import numpy as np

from tactful.predict.anomaly.numbers import FEWEST, Flags, Numbers, Singles
from tactful.predict.anomaly.shapes import FROM_START, Bank
from tactful.predict.anomaly.state import DEAD, NOTHING, State

# A squared surprise counts for at most this many times its expectation when roughness is learned.
ROUGHEST = 6.0
# No expectation is below this many signals: a rate of nothing at all could never be left again.
LEAST = np.float32(1e-6)


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick brought, [n] each.

    viewers at least 1; signals; heard: whether enough viewers are there to judge by. even: the gamma's shape.
    expected: signals expected if nothing happened; doubt: variance of their log.
    """

    viewers: Singles
    signals: Singles
    heard: Singles
    even: Singles
    expected: Singles
    doubt: Singles


def begin(part: State, numbers: Numbers, shapes: Bank, free: Flags) -> None:
    """Think of new onsets, where the grid has one now; none where a change is on or was just over (not `free`)."""
    rows = np.flatnonzero((part.tick >= numbers.warm_up) & (part.tick % numbers.grid == 0))
    if rows.size:
        columns = shapes.begin[part.tick[rows] // numbers.grid % len(shapes.begin)]
        at = rows[:, None], columns
        part.levels[at], part.wanders[at] = part.level[rows, None], part.wander[rows, None]
        part.odds[at] = np.where(free[rows], np.float32(0), DEAD)[:, None]


def expect(part: State, numbers: Numbers, viewers: Singles, signals: Singles) -> Tick:
    """Let the wander fade by one tick, and say what is expected if nothing happened."""
    kept = np.float32(np.exp(-1 / numbers.memory))
    part.wander *= kept
    part.wanders *= kept
    part.doubt_both *= kept
    part.doubt_wander[:] = kept**2 * part.doubt_wander + np.float32(numbers.wander**2) * (1 - kept**2)
    people = np.maximum(viewers, 1)
    return Tick(
        people,
        signals,
        (viewers >= FEWEST).astype(np.float32),
        np.float32(numbers.evenness) / np.clip(part.rough, numbers.smooth, numbers.rough),
        np.maximum(people * np.exp(part.level + part.wander), LEAST),
        part.doubt_level + 2 * part.doubt_both + part.doubt_wander,
    )


def weigh(part: State, numbers: Numbers, shapes: Bank, tick: Tick) -> None:
    """Move the odds of every shape by what it expected of this tick, and its filter by what it did not."""
    expected = part.levels + part.wanders
    expected += shapes.heights[part.tick % len(shapes.heights)]
    # The odds are those of gamma-Poisson counts: n ln(a / b) - (n + k) ln((a + k) / (b + k)), with k of gain and noise.
    evidence = expected - (part.level + part.wander)[:, None]
    counted = np.minimum(tick.signals, tick.expected * np.float32(1 + numbers.burst))
    spread = 1 / (tick.doubt + 1 / tick.even)
    np.exp(expected, out=expected)
    expected *= tick.viewers[:, None]
    np.maximum(expected, LEAST, out=expected)
    evidence *= counted[:, None]
    ratio = expected + spread[:, None]
    ratio /= (tick.expected + spread)[:, None]
    np.log(ratio, out=ratio)
    ratio *= (counted + spread)[:, None]
    evidence -= ratio
    evidence *= tick.heard[:, None]
    part.odds += evidence
    _follow(part, numbers, tick, expected)


def _follow(part: State, numbers: Numbers, tick: Tick, expected: Singles) -> None:
    """Each shape's filter takes in what it did not expect. expected: [n, shapes] is used up."""
    level, wander = _gains(part, tick)
    noise = tick.doubt + 1 / tick.even
    surprise = tick.signals[:, None] / expected
    surprise -= 1
    np.minimum(surprise, np.float32(numbers.burst), out=surprise)
    np.reciprocal(expected, out=expected)
    expected += noise[:, None]
    surprise /= expected
    part.levels += np.multiply(surprise, level[:, None], out=expected)
    surprise *= wander[:, None]
    part.wanders += surprise


def learn(part: State, numbers: Numbers, tick: Tick) -> None:
    """Nothing-happened takes in the tick, and how rough this room is where no change is on."""
    level, wander = _gains(part, tick)
    noise = tick.doubt + 1 / tick.expected + 1 / tick.even
    surprise = np.minimum(tick.signals / tick.expected - 1, np.float32(numbers.burst))
    part.level += level / noise * surprise
    part.wander += wander / noise * surprise
    seen = np.minimum(surprise**2 / noise, np.float32(ROUGHEST)) / np.float32(numbers.rough_norm)
    calm = tick.heard * (part.on == NOTHING)
    part.rough += np.float32(numbers.rough_learned) * calm * (seen - part.rough)
    part.doubt_level -= level / noise * level
    part.doubt_both -= level / noise * wander
    part.doubt_wander -= wander / noise * wander


def rest(part: State, numbers: Numbers, shapes: Bank) -> None:
    """A planned tick: nothing is learned, the wander is forgotten, and no onset before it is thought of any more."""
    part.wander[:] = 0
    part.wanders[:] = 0
    part.doubt_both[:] = 0
    part.doubt_wander[:] = numbers.wander**2
    for group in set(shapes.group.tolist()) - {FROM_START}:
        part.odds[:, shapes.part(group)] = DEAD
    part.run[:] = 0


def _gains(part: State, tick: Tick) -> tuple[Singles, Singles]:
    """Covariance of the level, and of the wander, with the log rate; nothing where nothing was heard."""
    return (
        (part.doubt_level + part.doubt_both) * tick.heard,
        (part.doubt_both + part.doubt_wander) * tick.heard,
    )
