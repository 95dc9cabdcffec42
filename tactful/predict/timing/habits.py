"""Habits as chances: shares held to what is usual, and when somebody comes, given how long they have been silent."""

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.contacts import GAPS

# What is believed of somebody before they showed it: that they answer within an hour, within a day.
IN_HOUR, IN_DAY = 0.3, 0.55
# Silences by length (see GAPS) that everybody is taken to start with: four, most of them short, some of half a day.
USUAL_GAPS: Floats = 4 * np.array(
    [0.16, 0.13, 0.14, 0.10, 0.06, 0.06, 0.06, 0.05, 0.04, 0.03, 0.03, 0.03, 0.05, 0.03, 0.02, 0.006, 0.004]
)
# Nobody is certain.
LEAST = 0.002
# Chance left beyond all silences, so that somebody long gone may yet come.
REST = 1e-4


def share(part: Floats, whole: Floats, weight: float, usual: Floats | float) -> Floats:
    """A share, held to what is `usual` [0..1] as if by `weight` cases.

    >>> share(np.array([3.0]), np.array([3.0]), 1.0, 0.0).tolist()
    [0.75]
    """
    held: Floats = (part + weight * usual) / (whole + weight)
    return held


def chance(share: Floats) -> Floats:
    """Log-odds of a share."""
    inside = share.clip(LEAST, 1 - LEAST)
    told: Floats = np.log(inside / (1 - inside))
    return told


def come_within(gaps: Floats, silent: Floats, limit: float) -> Floats:
    """Chance that somebody comes within `limit` [s], who has been `silent` so long [s].

    gaps: their silences by length, a row each. nan where they never came.
    """
    counted = np.nan_to_num(gaps) + USUAL_GAPS
    longer, than_limit = (_outlasts(counted, silent + more) for more in (0.0, limit))
    told: Floats = 1 - (than_limit + REST) / (longer + REST)
    return told


def _outlasts(counted: Floats, silent: Floats) -> Floats:
    """Share of silences longer than `silent`, even within each length on the scale of its logarithm."""
    upto = np.cumsum(counted, axis=1) / counted.sum(axis=1, keepdims=True)
    upto = np.concatenate([np.zeros((len(counted), 1)), upto], axis=1)
    edges, at = np.log(np.r_[1.0, GAPS]), np.log(silent.clip(1, GAPS[-1]))
    unknown = np.isnan(at)
    left = (np.searchsorted(edges, np.where(unknown, 0.0, at), side="right") - 1).clip(0, edges.size - 2)
    part, rows = (at - edges[left]) / np.diff(edges)[left], np.arange(left.size)
    told: Floats = 1 - (upto[rows, left] * (1 - part) + upto[rows, left + 1] * part)
    return told
