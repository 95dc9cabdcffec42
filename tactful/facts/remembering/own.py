"""How one person's memory differs from FSRS as published: how long it lasts, and how steeply it fades after that.

Two beliefs with a doubt each, about logarithms: scale, how many times as long until recall falls to 90 %; steepness,
how many times FSRS's decay. Both are 0 before the first answer, which is FSRS to the last digit. Every spaced answer
at a known time moves them by one step: an extended Kalman filter for a chance (Fahrmeir 1992), whose two doubts are
kept apart, as for struggle (facts.practice). A little doubt comes back with each answer, so that the last few hundred
count most: people change. Both count when recall is asked, so no memory is ever counted anew. All other parameters of
FSRS say how answers strengthen a memory; fitting those would need just that, so they stay as published.
"""

from math import log

import numpy as np
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from tactful.facts.additive import Floats
from tactful.facts.remembering import memory
from tactful.facts.rounds import Columns

# Two of three people's memories last half to twice as long as published, and fade half to twice as steeply. Both this
# and how much doubt comes back were chosen on the first of six parts of the log of FG-A, which is not scored. There
# more of it coming back did better still, but it costs whom FSRS fits already.
DOUBT = log(2) ** 2
RETURNS = 0.02**2
NEW_OWN = {
    "memory_scale": 0.0, "memory_scale_doubt": DOUBT, "memory_steepness": 0.0, "memory_steepness_doubt": DOUBT,
}  # fmt: skip
# Nobody's lasts longer than so many times [log]; decay stays where the library lets it be.
MOST_SCALE = log(50)
STEEPEST = log(UPPER_BOUNDS_PARAMETERS[20] / -memory.DECAY)
FLATTEST = log(LOWER_BOUNDS_PARAMETERS[20] / -memory.DECAY)
# No answer is ever taken to be surer than this.
CERTAIN = 0.001
# Share that is left when a memory counts as gone for `lasts`.
LEFT = 0.75


def recall(row: Columns, stability: Floats, days: Floats) -> Floats:
    """The chance of recall [0..1] by this person's parameters; nan where stability or days are unknown.

    row: `memory_scale` and `memory_steepness` of each person. stability, days: as in `memory.recall`.

    >>> published = {name: np.array([value]) for name, value in NEW_OWN.items()}
    >>> recall(published, np.array([10.0]), np.array([10.0])).round(6).tolist()
    [0.9]
    """
    decay, _, passed = _curve(row, stability, days)
    return np.asarray((1 + passed) ** decay)


def lasts(row: Columns) -> Floats:
    """How many times as long as published until one of four things is forgotten."""
    decay = memory.DECAY * np.exp(row["memory_steepness"])
    usual = (LEFT ** (1 / memory.DECAY) - 1) / memory.FACTOR
    return np.asarray(np.exp(row["memory_scale"]) * (LEFT ** (1 / decay) - 1) / _factor(decay) / usual)


def learn(row: Columns, answer: Columns) -> Columns:
    """What is believed after one answer. Only a spaced one about a memory of known age teaches anything.

    row: the columns of NEW_OWN. answer: hit, and the skill's `stability` and `days` since its last answer [days].
    """
    days, stability = answer["days"], answer["stability"]
    proves = (days >= memory.SPACED_DAYS) & (stability > 0)
    slopes, forgot = _slopes(row, np.where(proves, stability, 1.0), np.where(proves, days, 1.0))
    surprise, information = answer["hit"] - (1 - forgot), forgot * (1 - forgot)
    spread = 1 + information * sum(row[f"{name}_doubt"] * slope**2 for name, slope in slopes.items())
    moved: Columns = {}
    for name, slope in slopes.items():
        doubt = row[f"{name}_doubt"]
        level = (row[name] + doubt * slope * surprise / spread).clip(*_BOUNDS[name])
        left = np.minimum(doubt * (1 - doubt * slope**2 * information / spread) + RETURNS, DOUBT)
        moved |= {name: np.where(proves, level, row[name]), f"{name}_doubt": np.where(proves, left, doubt)}
    return moved


_BOUNDS = {"memory_scale": (-MOST_SCALE, MOST_SCALE), "memory_steepness": (FLATTEST, STEEPEST)}


def _factor(decay: Floats) -> Floats:
    return np.asarray(0.9 ** (1 / decay) - 1)


def _curve(row: Columns, stability: Floats, days: Floats) -> tuple[Floats, Floats, Floats]:
    """Decay, factor, and how much time has passed in the curve's own measure."""
    decay = memory.DECAY * np.exp(row["memory_steepness"])
    factor = _factor(decay)
    return decay, factor, factor * np.maximum(days, 0) / (stability * np.exp(row["memory_scale"]))


def _slopes(row: Columns, stability: Floats, days: Floats) -> tuple[dict[str, Floats], Floats]:
    """How the log-odds of recall move with each logarithm, and the chance to have forgotten."""
    decay, factor, passed = _curve(row, stability, days)
    forgot = (1 - (1 + passed) ** decay).clip(CERTAIN, 1 - CERTAIN)
    share = passed / (1 + passed)
    bends = decay * np.log1p(passed) - share * (1 + 1 / factor) * log(0.9)
    return {"memory_scale": -decay * share / forgot, "memory_steepness": bends / forgot}, forgot
