"""What live interventions do: engagement after them, beside moments that were left alone on purpose.

Something is done when a room is worse than usual, so it mostly gets better by itself: before and after says nothing.
Which kind would be tried is chosen first, and only then it is drawn by lot whether it is; so moments of one kind that
were left alone differ from those that were not by chance alone. What was known before takes away what chance left
between them.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import stdtrit

from tactful.facts.additive import Floats
from tactful.facts.rooms import BETWEEN
from tactful.learn.clustering import fit

Sides = NDArray[np.bool_]

# What was known before anything was done [engagement, 0..1].
BEFORE = ("before", "expected")
# Fewer moments on either side, or of fewer sessions, say nothing.
LEAST, FEWEST = 8, 4
# With fewer degrees of freedom nobody knows how wide the interval should be.
FREE = 3.0
# So many moments of all audiences speak for how much those of one size differ.
WORTH = 10.0


@dataclass(frozen=True, slots=True)
class Lift:
    """How much engagement (0..1) was higher than it would have been, with its 95 % interval; None is unknown.

    moments: acted upon; controls: left alone; sessions: that these are from.
    """

    value: float | None
    low: float | None
    high: float | None
    moments: int
    controls: int
    sessions: int

    @property
    def success(self) -> bool | None:
        """Whether it surely did good: the whole interval lies above nothing; None where that is unknown."""
        return None if self.low is None else self.low > 0

    def as_json(self) -> dict[str, Any]:
        """As it is told."""
        return {**asdict(self), "success": self.success}


def lifts(moments: pl.DataFrame) -> dict[str, Lift]:
    """The effect of every kind that was chosen, by name: `lift`, and where that is unknown, `wherever`."""
    parts = moments.sort("kind").group_by("kind", maintain_order=True)
    found = {str(kind): lift(part) for (kind,), part in parts}
    return {kind: wherever(moments, kind) if each.low is None else each for kind, each in found.items()}


def lift(moments: pl.DataFrame) -> Lift:
    """The effect of one kind, among moments in which it had been chosen.

    moments: live_session_id, acted, before, expected, after; settled ones that were not spoiled. Those with an unknown
    number are left out. Where the share of moments left alone was not always the same, `control_share` has it (0..1);
    moments that could not have been left alone (0) tell nothing.

    >>> told = lift(pl.DataFrame({"live_session_id": [1], "acted": [True], **dict.fromkeys((*BEFORE, "after"), [0.5])}))
    >>> told.value is None, told.moments
    (True, 1)
    """
    known = _by_lot(moments).drop_nulls(("acted", *BEFORE, "after"))
    acted = known["acted"].to_numpy()
    return _told(known, acted, _evened(known, acted))


def wherever(moments: pl.DataFrame, kind: str) -> Lift:
    """The effect of a kind over all moments in which it was allowed, whatever was chosen: known of rare kinds, too.

    moments: those of `lift`, of all kinds, with kind, propensity (how likely it was that this kind was done, 0..1] and
    offered (list of all kinds that were allowed). As nothing was done in moments left alone, those in which another
    kind had been chosen tell as much; each moment acted upon stands for those in which it was not, by 1 / propensity.
    Source: Hájek 1971.
    """
    known = (
        _by_lot(moments)
        .filter(pl.col("offered").list.contains(kind), ~pl.col("acted") | (pl.col("kind") == kind))
        .drop_nulls((*BEFORE, "after"))
    )
    acted = known["acted"].to_numpy()
    share = known["control_share"] if "control_share" in known.columns else known["propensity"] * 0 + 1
    return _told(known, acted, 1 / np.where(acted, known["propensity"].to_numpy(), share.to_numpy()))


def own(moments: pl.DataFrame) -> pl.DataFrame:
    """Of every moment that was acted upon, what that one intervention did: its row with value, low and high.

    moments: those of `lift`, of all kinds, with context. What would have been heard without it is foreseen from the
    moments left alone. Two such moments differ by much, and so the interval of one case is wide; null where too few
    were left alone.
    """
    known = moments.drop_nulls(("acted", *BEFORE, "after"))
    acted, alone = known.filter("acted"), known.filter(~pl.col("acted"))
    sessions = alone["live_session_id"].n_unique()
    if alone.height < LEAST or sessions < FEWEST:
        unknown = [pl.lit(None, pl.Float64).alias(name) for name in ("value", "low", "high")]
        return acted.with_columns(unknown)
    here, there = _columns(acted), _columns(alone)
    way = np.linalg.pinv(there.T @ there)
    heard = alone["after"].to_numpy()
    rest = heard - there @ (way @ (there.T @ heard))
    value = acted["after"].to_numpy() - here @ (way @ (there.T @ heard))
    reach = np.sqrt(_spread(alone, rest, acted) * (1 + np.einsum("ri,ij,rj->r", here, way, here)))
    half = float(stdtrit(sessions - 1, 0.975)) * reach
    return acted.with_columns(value=pl.Series(value), low=pl.Series(value - half), high=pl.Series(value + half))


def _told(known: pl.DataFrame, mine: Sides, weight: Floats) -> Lift:
    sessions = known["live_session_id"].to_numpy()
    counts = int(mine.sum()), int((~mine).sum()), int(np.unique(sessions).size)
    unknown = Lift(None, None, None, *counts)
    if min(counts[:2]) < LEAST or min(np.unique(sessions[side]).size for side in (mine, ~mine)) < FEWEST:
        return unknown
    columns = np.column_stack([mine.astype(np.float64), _columns(known)])
    found = fit(columns, known["after"].to_numpy(), sessions, which=0, weight=weight)
    return unknown if found.freedom < FREE else Lift(found.value, *found.interval, *counts)


def _by_lot(moments: pl.DataFrame) -> pl.DataFrame:
    """Those of which it was drawn by lot whether anything is done."""
    return moments.filter(pl.col("control_share") > 0) if "control_share" in moments.columns else moments


def _columns(known: pl.DataFrame) -> Floats:
    """One, and what was known before."""
    return np.column_stack([np.ones(known.height), known.select(BEFORE).to_numpy()])


def _evened(known: pl.DataFrame, acted: Sides) -> Floats:
    """Weights that make moments left alone with different chances stand for the same moments."""
    if "control_share" not in known.columns or not known.height:
        return np.ones(known.height)
    share = known["control_share"].to_numpy()
    usual = float(share.mean())
    weight: Floats = np.where(acted, (1 - usual) / (1 - share), usual / share)
    return weight


def _spread(alone: pl.DataFrame, rest: Floats, asked: pl.DataFrame) -> Floats:
    """How far one moment is off what was foreseen, as a variance: small audiences vary more than large ones."""
    usual = float((rest**2).sum()) / max(1, rest.size - 1 - len(BEFORE))
    size = pl.col("context").str.split(BETWEEN).list.get(1, null_on_oob=True).alias("size")
    squares = alone.select(size, pl.Series("squared", rest**2)).group_by("size").agg(pl.col("squared").sum(), pl.len())
    variance = (WORTH * usual + pl.col("squared").fill_null(0)) / (WORTH + pl.col("len").fill_null(0))
    joined = asked.select(size).join(squares, on="size", how="left", nulls_equal=True, maintain_order="left")
    found: Floats = joined.select(variance).to_series().to_numpy()
    return found
