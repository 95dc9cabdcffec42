"""The course of a change: it is told once, it is on while the level stays away, and it is over when the level is back.

One change of level is on at a time. While it is on, and for a rest after it, no other one is told.
"""

import numpy as np

from tactful.predict.anomaly.belief import Belief
from tactful.predict.anomaly.level import Tick
from tactful.predict.anomaly.numbers import DROP, LOW, Flags, Numbers, Whole
from tactful.predict.anomaly.shapes import FROM_START, Bank
from tactful.predict.anomaly.state import DEAD, NOTHING, State

# Per tick the present level follows at most this far up, in shares of itself; a burst counts half as much as expected.
FASTEST, BURST = 1.5, 1.5


def free(part: State) -> Flags:
    """Where no change is on, and none was just over."""
    found: Flags = (part.on == NOTHING) & (part.tick >= part.rest)
    return found


def follow(part: State, numbers: Numbers, tick: Tick) -> None:
    """Follow the present level, and gather what speaks for the level before the change."""
    old = tick.viewers * np.exp(part.before)
    now = tick.viewers * np.exp(np.minimum(part.recent, part.before - np.float32(numbers.apart)))
    counted = np.minimum(tick.signals, np.float32(BURST) * old)
    nats = counted * np.log(old / now) - (counted + tick.even) * np.log((old + tick.even) / (now + tick.even))
    np.maximum(0, part.regained + tick.heard * nats, out=part.regained)
    off = np.clip(tick.signals / (tick.viewers * np.exp(part.recent)) - 1, -1, FASTEST)
    part.recent += np.float32(numbers.followed) * off * tick.heard


def told(part: State, numbers: Numbers, belief: Belief, may: Flags) -> Whole:
    """[n] The kind that is told now, or -1: the likeliest that was sure long enough, where any may be told."""
    sure = (belief.probability > np.array(numbers.sure, np.float32)) & may[:, None]
    part.run[:] = np.where(sure, part.run + 1, 0)
    held = np.where(part.run >= np.array(numbers.held), belief.probability, np.float32(-1))
    best = held.argmax(axis=1)
    return np.where(held.max(axis=1) >= 0, best, NOTHING).astype(np.int32)


def start(part: State, kind: Whole, belief: Belief, shapes: Bank) -> None:
    """Put on what was told: from which level to which, since when."""
    rows = np.flatnonzero(kind != NOTHING)
    if rows.size:
        shape = belief.shape[rows, kind[rows]]
        part.on[rows], part.since[rows] = kind[rows], part.tick[rows]
        part.before[rows] = part.levels[rows, shape]
        at = part.tick[rows] % len(shapes.heights)
        part.recent[rows] = part.levels[rows, shape] + part.wanders[rows, shape] + shapes.heights[at, shape]
        from_start = shapes.group[shape] == FROM_START
        part.onset[rows] = np.where(from_start, 0, part.tick[rows] - shapes.ages[at, shape])
        part.regained[rows] = 0
        part.sure[rows] = belief.probability[rows, kind[rows]]


def stuck(part: State, numbers: Numbers, may: Flags) -> Flags:
    """Drops that lasted as long as any and are still deep: from now on they are low engagement."""
    deep = part.recent < part.before - np.float32(numbers.stuck)
    found: Flags = _old(part, numbers) & ~_back(part, numbers) & (part.on == DROP) & deep & may
    part.on[found] = LOW
    return found


def end(part: State, numbers: Numbers, spared: Flags) -> None:
    """What is back, or as old as any, is over; the level is learned anew from there. spared: none of these."""
    back = _back(part, numbers)
    over = (back | _old(part, numbers)) & ~spared
    part.level[over] = np.where(back, part.before, part.recent)[over]
    part.wander[over] = 0
    part.doubt_level[over] = np.where(back, numbers.doubt_back, numbers.doubt_new)[over]
    part.doubt_both[over] = 0
    part.doubt_wander[over] = numbers.wander**2
    part.odds[over] = DEAD
    part.on[over] = NOTHING
    part.rest[over] = part.tick[over] + numbers.rest


def _back(part: State, numbers: Numbers) -> Flags:
    lasted = part.tick - part.since >= numbers.shortest
    found: Flags = (part.on != NOTHING) & (part.regained > numbers.back) & lasted
    return found


def _old(part: State, numbers: Numbers) -> Flags:
    found: Flags = (part.on != NOTHING) & (part.tick - part.since > np.array(numbers.longest)[part.on])
    return found
