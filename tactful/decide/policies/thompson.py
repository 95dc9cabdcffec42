"""Policy of live rooms: each candidate as often as it is likely to be the best one, and never less than a floor.

Thompson sampling draws an effect from each belief and takes the best. Here the chance of being the best is worked out
instead, so that it is known, can be held above a floor, and one draw decides. What is rarely chosen goes on being
chosen now and then: its effect stays estimable, and it is found again when it becomes the best.
Source: Thompson 1933; for the floor, Dimakopoulou, Zhou, Athey and Imbens 2019.
"""

from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.decide.policies.base import Policy
from tactful.decide.policies.supreme import supreme
from tactful.decide.settings import LEAST_CHANCE
from tactful.facts.additive import Floats
from tactful.kernel.settings import Settings


def lifted(chances: Floats, floor: float) -> Floats:
    """`chances` with none below `floor`; those above give way in proportion to how far they are above.

    chances: [rows, arms], each row sums to 1, and so it does afterwards. With more arms than the floor has room for,
    all are equal. Where none is below the floor, nothing changes.

    >>> lifted(np.array([[0.99, 0.01, 0.0]]), 0.05).round(3).tolist()
    [[0.9, 0.05, 0.05]]
    """
    arms = chances.shape[1]
    least = min(floor, 1 / arms)
    above = np.maximum(chances - least, 0.0)
    room = 1 - arms * least
    total = above.cumsum(axis=1)[:, -1:]
    found: Floats = least + above * np.divide(room, total, out=np.zeros_like(total), where=total > 0)
    return found


# How far an effect may be from what is expected of it, where nothing else is known [engagement, 0..1].
UNKNOWN = 0.1


def drawn(candidates: pl.DataFrame, *, floor: float, arm: str = "kind") -> pl.DataFrame:
    """One arm for each row, and how likely it was: row, `arm`, propensity.

    candidates: row, `arm` (a name, once in each row), mean, spread, draw (the same in all lines of a row, in [0, 1)).
    The arms of a row stand in the order of their names, so the order of lines does not matter, nor does what else is
    in the batch. For templates within a kind: arm="template". Where `mean` is not known (null), what is expected of the
    candidate (`expected`, else nothing) stands for it.
    """
    lines = candidates.sort("row", arm)
    row, mean, spread, draw = (lines[name].to_numpy() for name in ("row", "mean", "spread", "draw"))
    begun = lines["expected"].to_numpy() if "expected" in lines.columns else 0.0
    mean, spread = np.where(np.isnan(mean), begun, mean), np.where(np.isnan(spread), UNKNOWN, spread)
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]][: row.size])
    counts = np.diff(np.r_[starts, row.size])
    picked, propensity = starts.copy(), np.ones(starts.size)
    for arms in np.unique(counts[counts > 1]):
        here = np.flatnonzero(counts == arms)
        places = starts[here, None] + np.arange(arms)
        chances = lifted(supreme(mean[places], spread[places]), floor)
        chosen = _pick(chances, draw[starts[here]])
        picked[here] = places[np.arange(here.size), chosen]
        propensity[here] = chances[np.arange(here.size), chosen]
    return pl.DataFrame([lines["row"][picked], lines[arm][picked], pl.Series("propensity", propensity)])


def thompson(floor: float) -> Policy:
    """The policy with this floor [0..1]."""
    return Policy("thompson", 1, partial(drawn, floor=floor), exploring)


def exploring(settings: Settings) -> Policy:
    """The policy as it is set."""
    return thompson(settings[LEAST_CHANCE])


def _pick(chances: Floats, draws: Floats) -> NDArray[np.int64]:
    """The arm in whose part of 0..1 the draw lies; the last one where rounding leaves a gap at the end."""
    ends = chances.cumsum(axis=1)[:, :-1]
    found: NDArray[np.int64] = (ends <= draws[:, None]).sum(axis=1)
    return found
