"""FSRS-6: how strong a memory is, how it fades, and what an answer does to it. Whole columns at a time.

stability: days until the chance of recall has fallen to 90 %; difficulty: 1 (easy) to 10. Equal to the library's
scheduler to the last digits, except that days are counted with their fractions: an evening and the next morning
are 0.6 days apart, not none. Source: open-spaced-repetition (py-fsrs, FSRS-6), parameters as published there.
"""

import numpy as np
from fsrs.scheduler import DEFAULT_PARAMETERS

from tactful.facts.additive import Floats

W = np.asarray(DEFAULT_PARAMETERS)
# Answers closer together than this [days] belong to one sitting: they strengthen little and prove nothing.
SPACED_DAYS = 0.5
# A memory's bounds: [days] and 1..10.
LEAST_STABILITY = 0.001
EASIEST, HARDEST = 1.0, 10.0
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
# What an answer that is only right or wrong counts as.
FRESH_STABILITY = float(W[GOOD - 1])

# recall = (1 + FACTOR * days / stability) ** DECAY
DECAY = -float(W[20])
FACTOR = 0.9 ** (1 / DECAY) - 1


def recall(stability: Floats, days: Floats) -> Floats:
    """The chance of recall [0..1] after `days` [days, at least 0]; nan where either is unknown.

    >>> recall(np.array([10.0]), np.array([10.0])).round(6).tolist()
    [0.9]
    """
    return np.asarray((1 + FACTOR * np.maximum(days, 0) / stability) ** DECAY)


def after(stability: Floats, difficulty: Floats, days: Floats, rating: Floats) -> tuple[Floats, Floats]:
    """Stability and difficulty after an answer.

    stability, difficulty: nan for what was never answered before. days: since the last answer. rating: 1 (missed)
    to 4 (easy).
    """
    new = np.isnan(stability)
    strength, hardness = np.where(new, FRESH_STABILITY, stability), np.where(new, HARDEST, difficulty)
    passed = np.where(new, 0.0, np.maximum(days, 0))
    practised = np.where(passed < SPACED_DAYS, _crammed(strength, rating), _spaced(strength, hardness, passed, rating))
    fresh = W[rating.astype(np.int64) - 1]
    return (
        np.maximum(np.where(new, fresh, practised), LEAST_STABILITY),
        np.where(new, _first_difficulty(rating).clip(EASIEST, HARDEST), _harder(hardness, rating)),
    )


def _crammed(stability: Floats, rating: Floats) -> Floats:
    """Answered again in the same sitting."""
    grows = np.exp(W[17] * (rating - GOOD + W[18])) * stability ** -W[19]
    kept: Floats = stability * np.where(rating > AGAIN, np.maximum(grows, 1), grows)
    return kept


def _spaced(stability: Floats, difficulty: Floats, days: Floats, rating: Floats) -> Floats:
    """Answered after a while: the more was forgotten by then, the more a right answer adds."""
    faded = 1 - recall(stability, days)
    bonus = np.where(rating == HARD, W[15], np.where(rating == EASY, W[16], 1.0))
    gain = np.exp(W[8]) * (11 - difficulty) * stability ** -W[9] * np.expm1(faded * W[10]) * bonus
    missed = W[11] * difficulty ** -W[12] * ((stability + 1) ** W[13] - 1) * np.exp(faded * W[14])
    lost = np.minimum(missed, stability / np.exp(W[17] * W[18]))
    kept: Floats = np.where(rating == AGAIN, lost, stability * (1 + gain))
    return kept


def _first_difficulty(rating: Floats) -> Floats:
    return np.asarray(W[4] - np.exp(W[5] * (rating - 1)) + 1)


def _harder(difficulty: Floats, rating: Floats) -> Floats:
    """Misses make it harder, ever less so; all drifts a little towards easy."""
    moved = difficulty - W[6] * (rating - GOOD) * (HARDEST - difficulty) / 9
    easy = _first_difficulty(np.array(float(EASY)))
    return np.asarray((W[7] * easy + (1 - W[7]) * moved).clip(EASIEST, HARDEST))
