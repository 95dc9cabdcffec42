"""What a simulation shows: is the better arm found, and do intervals hold what is true as often as they say?"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from tactful.learn.clustering import fit
from tactful.learn.lift import lift, lifts, own, wherever
from tactful.learn.shares import Tally, share

TRULY = pl.col("done") - pl.col("without")
# Of all moments of a study, after which parts regret is told.
PARTS = (0.1, 0.25, 0.5, 0.75, 1.0)


def effects(moments: pl.DataFrame, truth: Mapping[str, float]) -> list[dict[str, Any]]:
    """Of each kind what it truly does, what one organisation is told of it, and before and after as it would lie."""
    told = []
    for kind, found in lifts(moments).items():
        low, high = before_and_after(moments.filter(kind=kind))
        told.append({"kind": kind, "truth": truth[kind], **found.as_json(), "before_and_after": [low, high]})
    return told


def truths(moments: pl.DataFrame) -> dict[str, float]:
    """Mean true effect of each kind, over all studies [engagement, 0..1]."""
    return {str(kind): float(value) for kind, value in moments.group_by("kind").agg(TRULY.mean()).iter_rows()}


def truths_wherever(moments: pl.DataFrame) -> dict[str, float]:
    """The same over all moments in which a kind was allowed."""
    weight = 1 / pl.col("propensity")
    means = moments.filter("acted").group_by("kind").agg((TRULY * weight).sum() / weight.sum())
    return {str(kind): float(value) for kind, value in means.iter_rows()}


def coverage(moments: pl.DataFrame, truth: Mapping[str, float]) -> dict[str, Any]:
    """How often the interval of an effect holds the truth, and nothing; studies times kinds.

    unknown: where too few moments were left alone. before_and_after: how often that interval would hold it.
    """
    intervals, raw, asked = [], [], 0
    for (_, kind), part in moments.sort("study", "kind").group_by("study", "kind", maintain_order=True):
        found, asked = lift(part), asked + 1
        if found.low is not None and found.high is not None:
            intervals.append((truth[str(kind)], found.low, found.high))
            raw.append((truth[str(kind)], *before_and_after(part)))
    return {**_held(intervals, asked), "before_and_after": _share(raw)}


def coverage_wherever(moments: pl.DataFrame, truth: Mapping[str, float]) -> dict[str, Any]:
    """The same of effects over all moments in which a kind was allowed. truth: of `truths_wherever`."""
    intervals, asked = [], 0
    for (_,), part in moments.group_by("study", maintain_order=True):
        for kind in part["kind"].unique().sort():
            found, asked = wherever(part, kind), asked + 1
            if found.low is not None and found.high is not None:
                intervals.append((truth[kind], found.low, found.high))
    return _held(intervals, asked)


def _held(intervals: list[tuple[float, float, float]], asked: int) -> dict[str, Any]:
    return {
        "intervals": len(intervals),
        "unknown": asked - len(intervals),
        "hold_truth": _share(intervals),
        "away_from_nothing": _share([(0.0, low, high) for _, low, high in intervals], inside=False),
        "success": _share([(0.0, low, np.inf) for _, low, _ in intervals], inside=False),
        "width": float(np.median([high - low for _, low, high in intervals])) if intervals else None,
    }


def cases(moments: pl.DataFrame) -> dict[str, Any]:
    """How often the interval of one intervention holds what it truly did."""
    told = [own(part) for (_,), part in moments.group_by("study", maintain_order=True)]
    known = pl.concat(told).drop_nulls("low")
    rows = known.select(TRULY.alias("truly"), "low", "high").rows()
    width = known.select((pl.col("high") - pl.col("low")).median()).item()
    return {"cases": known.height, "hold_truth": _share(rows), "width": width}


def before_and_after(moments: pl.DataFrame) -> tuple[float, float]:
    """The interval that comparing before with after would give: what not to do."""
    rows = moments.filter("acted").drop_nulls(("before", "after"))
    if not rows.height:
        return float("nan"), float("nan")
    risen = (rows["after"] - rows["before"]).to_numpy()
    return fit(np.ones((rows.height, 1)), risen, rows["live_session_id"].to_numpy(), which=0).interval


def regrets(policies: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """After so many moments of a study, how much engagement each policy has given away beside always knowing best.

    Sums over moments, mean over studies; of moments that were left alone, too, which costs every policy the same.
    """
    sums = {name: _summed(moments) for name, moments in policies.items()}
    most = min(each.size for each in sums.values())
    places = sorted({max(1, round(part * most)) for part in PARTS}) if most else []
    return [{"moments": place} | {name: float(each[place - 1]) for name, each in sums.items()} for place in places]


def _summed(moments: pl.DataFrame) -> Any:
    """Mean over studies of the sum of regret after each moment, as far as every study has moments."""
    each = [part["regret"].to_numpy().cumsum() for (_,), part in moments.group_by("study", maintain_order=True)]
    least = min((sums.size for sums in each), default=0)
    return np.mean([sums[:least] for sums in each], axis=0) if least else np.zeros(0)


def _share(rows: list[tuple[float, float, float]], *, inside: bool = True) -> dict[str, Any]:
    hits = sum((low <= value <= high) == inside for value, low, high in rows)
    return share(Tally(len(rows), len(rows), hits, hits, len(rows), hits))
