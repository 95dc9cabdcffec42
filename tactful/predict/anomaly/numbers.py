"""Numbers of the detector: how rooms usually behave, which shapes are listened for, how sure it must be.

A tick is ten seconds. Rates are signals of one viewer in one tick, their logarithms natural. Every number was chosen on
the first half of the sessions of AN-A (sorted by id), none on the other half; what was tried is in
docs/decisions/0017-one-bank-of-shapes.md. What an operator may want to change is in `settings`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tactful.facts.engagement import USUAL
from tactful.kernel.settings import Settings
from tactful.predict.anomaly import settings as rows

Singles = NDArray[np.float32]
Whole = NDArray[np.int32]
Flags = NDArray[np.bool_]

TICK_SECONDS = 10
# Fewer viewers than these tell nothing about signals for each of them.
FEWEST = 5
# No count of people or signals is higher; beyond it arithmetic in single precision would end.
MOST = 1e9

DROP, DECLINE, LOW, EXIT = range(4)
KINDS = ("SUDDEN_DROP", "GRADUAL_DECLINE", "LOW_ENGAGEMENT", "MASS_EXIT")

# What the agenda says of a tick: nothing, that people put questions, or that nobody is expected to be there.
TALK, QUESTIONS, BREAK = range(3)


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of one detector. Sizes of steps are changes of the log rate."""

    # A session's own level, before anything is known of it: mean and standard deviation of the log rate.
    usual: float = USUAL[0]
    usual_spread: float = USUAL[1]
    # Attention wanders about that level: its standard deviation, and after how many ticks it is forgotten (1/e).
    wander: float = 0.25
    memory: float = 30.0
    # Counts scatter more than chance alone: shape of the gamma they are mixed with; least and most a room's own
    # roughness may scale it, and how fast that is learned.
    evenness: float = 3.7
    smooth: float = 0.5
    rough: float = 2.5
    rough_learned: float = 0.03
    rough_norm: float = 0.8
    # A tick counts for at most this many times its expectation on top of it: a burst proves no new level.
    burst: float = 2.4

    # An onset is thought of every so many ticks, not before the warm-up is over.
    grid: int = 3
    warm_up: int = 12
    # Log sizes of sudden drops, and for how many ticks one is thought about.
    drop: tuple[float, ...] = (-0.7, -1.1, -1.6, -2.2)
    drop_age: int = 42
    # Gradual declines: the share that is lost in the end, and the ticks it takes.
    decline: tuple[tuple[float, int], ...] = ((0.7, 90), (0.7, 130))
    decline_age: int = 150
    # Low engagement: how deep in logs, and how many ticks the slide into it takes.
    low: tuple[float, ...] = (-1.5, -1.8, -2.2)
    low_slide: int = 27
    low_age: int = 120
    # Pauses and bursts that pass: log size and ticks. They explain what was seen and never raise an alarm.
    passing: tuple[tuple[float, int], ...] = ((-1.5, 3), (-1.5, 5), (0.9, 5), (0.9, 8))
    passing_age: int = 30
    # Log odds of each before anything is seen: drop, decline, low, low from the start, passing.
    odds: tuple[float, ...] = (-3.2, -2.7, -3.9, -1.9, -2.0)

    # How sure it must be of a drop, a decline, low engagement; and for how many ticks in a row.
    sure: tuple[float, ...] = (0.48, 0.46, 0.63)
    held: tuple[int, ...] = (1, 2, 2)
    # It is over when the old level explains what is seen better than the present one: by how many nats, how fast the
    # present one is followed, and how far below the old one it counts at least; not before so many ticks.
    back: float = 17.0
    followed: float = 0.05
    apart: float = 0.7
    shortest: int = 4
    # It is over after so many ticks at the latest; a drop that is then still this deep becomes low engagement.
    longest: tuple[int, ...] = (105, 155, 330)
    stuck: float = 1.0
    # Ticks of rest after one is over; what is then known of the level (variance), if it came back and if it did not.
    rest: int = 20
    doubt_back: float = 0.04
    doubt_new: float = 0.1

    # Share of the viewers of 7 to 9 ticks ago that must be gone: usually, late in the session, and where the end is
    # not known; the fewest viewers it is told of, and ticks from the start and until it is told again.
    exit_share: float = 0.24
    exit_late: float = 0.6
    exit_open: float = 0.4
    exit_fewest: int = 10
    exit_warm_up: int = 20
    exit_again: int = 60
    # Shares of the planned time from which leaving is natural, and from which the level tells nothing any more.
    late: float = 0.9
    last: float = 0.95
    # Ticks after a planned break during which people come back.
    returning: int = 12

    @classmethod
    def of(cls, settings: Settings) -> "Numbers":
        """The numbers with what an operator set."""
        return cls(
            warm_up=_ticks(settings[rows.WARM_UP]),
            sure=(settings[rows.DROP_SURE], settings[rows.DECLINE_SURE], settings[rows.LOW_SURE]),
            exit_share=settings[rows.EXIT_SHARE],
            exit_late=max(settings[rows.EXIT_SHARE], settings[rows.EXIT_LATE]),
            exit_open=max(settings[rows.EXIT_SHARE], settings[rows.EXIT_OPEN]),
            exit_again=_ticks(settings[rows.EXIT_AGAIN]),
            rest=_ticks(settings[rows.REST]),
            returning=_ticks(settings[rows.RETURNING]),
        )


def _ticks(seconds: int) -> int:
    return -(-seconds // TICK_SECONDS)
