"""When an alert is raised, told and cleared: by one limit up, by a lower one down, and so often a day. Pure."""

from dataclasses import dataclass
from enum import Enum


class Step(Enum):
    """What is to be done."""

    NOTHING = "nothing"
    # Raised and told; raised, and beyond the cap; told, which was beyond the cap until now; cleared.
    TELL = "tell"
    HOLD = "hold"
    TELL_NOW = "tell now"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alert stands. told: whether the open one was told; told_today: how often it was today, open or not."""

    open: bool = False
    told: bool = False
    told_today: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured; None while unknown. sure: whether it is more than chance."""

    value: float | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """Raised above `above`, cleared at or below `below`, which is no higher. per_day: told so often a day at most."""

    above: float
    below: float
    per_day: int


def step(standing: Standing, reading: Reading, limits: Limits) -> Step:
    """What is to be done; nothing while what is measured is unknown, or lies between the limits.

    >>> limits = Limits(above=100, below=80, per_day=1)
    >>> [step(Standing(), Reading(value), limits).value for value in (100, 101, None)]
    ['nothing', 'tell', 'nothing']
    >>> [step(Standing(open=True, told=True), Reading(value), limits).value for value in (101, 81, 80)]
    ['nothing', 'nothing', 'clear']
    """
    room = standing.told_today < limits.per_day
    if reading.value is None:
        return Step.NOTHING
    if standing.open:
        if reading.value <= limits.below:
            return Step.CLEAR
        return Step.TELL_NOW if room and not standing.told else Step.NOTHING
    if reading.value > limits.above and reading.sure:
        return Step.TELL if room else Step.HOLD
    return Step.NOTHING
