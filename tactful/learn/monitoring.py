"""Are beliefs still true? Predicted against actual, calibration, drift, and a warning when accuracy falls."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
import polars as pl

from tactful.learn import drifting
from tactful.learn.ranking import CALIBRATION, RANKING, measure

BINS = 10
# Of the measure of earlier weeks that may be lost before it is said aloud.
FALL = 0.10
# People that both sides of a comparison need.
LEAST = 50
# People in the latest instants that are looked at by themselves; and how sure a fall there must be (one-sided 99 %).
LATEST, SURE = 200, 2.326
# Cases below which no interval is told: drawn anew from fewer they tell little, and from a single one nothing at all.
CASES = 10
CONFIDENCES = ((0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0))


def watch(kept: pl.DataFrame) -> dict[str, Any]:
    """What can be said of beliefs whose truth is known, as JSON can hold it.

    kept: asked_at, score and probability (0..1, null where there was none), confidence (0..1), truth (null while
    not counted yet). The rule's score and the learned chance are told side by side.
    """
    known = kept.drop_nulls("truth").with_columns(pl.col("truth").cast(pl.Float64))
    beliefs = {"cold": known.drop_nulls("score"), "learned": known.drop_nulls("probability")}
    columns = {"cold": "score", "learned": "probability"}
    return {
        "beliefs": kept.height,
        "settled": known.height,
        "left": float(known["truth"].to_numpy().mean()) if known.height else None,
        "figures": {name: _figures(rows, columns[name]) for name, rows in beliefs.items() if rows.height},
        "calibration": {name: _curve(rows, columns[name]) for name, rows in beliefs.items() if rows.height},
        "confidence": _by_confidence(known),
        "over_time": _over_time(known),
        "drift": drift(known),
        "warnings": warnings(known),
        "fall": fall(known),
    }


def _figures(rows: pl.DataFrame, column: str) -> dict[str, dict[str, float | None]]:
    few = rows.height < CASES
    truth, said = rows["truth"].to_numpy(), rows[column].to_numpy()
    told = measure(truth, said, {**RANKING, **CALIBRATION})
    return {
        one.metric: {"value": one.value, "low": None if few else one.low, "high": None if few else one.high}
        for one in told
        if np.isfinite(one.value)
    }


def _curve(rows: pl.DataFrame, column: str) -> list[dict[str, float]]:
    """Ten equal bins of what was said: how many people, what was said of them, and what came."""
    bins = (pl.col(column) * BINS).floor().clip(0, BINS - 1).alias("bin")
    told = rows.group_by(bins).agg(
        pl.col(column).mean().alias("predicted"), pl.col("truth").mean().alias("actual"), people=pl.len()
    )
    return told.sort("bin").select("people", "predicted", "actual").to_dicts()


def _by_confidence(known: pl.DataFrame) -> list[dict[str, Any]]:
    told = []
    for low, high in CONFIDENCES:
        within = known.filter(pl.col("confidence").is_between(low, high, closed="both" if high == 1 else "left"))
        best = _best(within)
        told.append({"low": low, "high": high, "people": within.height, "auc": _auc(within, best)})
    return told


def _over_time(known: pl.DataFrame) -> list[dict[str, Any]]:
    """For each instant asked about: people, what was said of them, what came, and how well it ranked."""
    rows = []
    for (at,), part in known.sort("asked_at").group_by("asked_at", maintain_order=True):
        best = _best(part)
        said, came = part[best].mean(), part["truth"].mean()
        rows.append({"at": at, "people": part.height, "predicted": said, "actual": came, "auc": _auc(part, best)})
    return rows


def drift(known: pl.DataFrame) -> dict[str, float | None]:
    """How far scores of the newer half of the instants have moved from the older half's; see `drifting`."""
    older, newer = _halves(known)
    columns = ("score", "probability")
    return {name: drifting.drift(*(side[name].drop_nulls().to_numpy() for side in (older, newer))) for name in columns}


def warnings(known: pl.DataFrame) -> list[str]:
    """A sentence about accuracy that fell by a tenth or more, where it did.

    From the older to the newer half of the instants; or in the latest of them, which are few, so that the fall must
    be more than chance.
    """
    halves, latest = _fall(*_halves(known)), _fall(*_latest(known))
    told = (halves, latest if latest and latest["sure"] else None)
    return [_warning(each) for each in told if each is not None and each["share"] >= FALL][:1]


def fall(known: pl.DataFrame) -> dict[str, Any] | None:
    """How far accuracy fell, of the comparisons that `warnings` makes the one that is surest and tells most.

    before, now: the AUC; share: of it that is lost, below 0 where it rose; sure: whether that is more than chance;
    since: from which day the newer side is. None where either side is too few.
    """
    told = [each for each in (_fall(*_halves(known)), _fall(*_latest(known))) if each is not None]
    return max(told, key=lambda each: (each["sure"], each["share"]), default=None)


def _fall(older: pl.DataFrame, newer: pl.DataFrame) -> dict[str, Any] | None:
    if min(older.height, newer.height) < LEAST:
        return None
    best = _best(newer)
    before, now = _auc(older, best), _auc(newer, best)
    if before is None or now is None:
        return None
    doubt = sqrt(_variance(before, older, best) + _variance(now, newer, best))
    told = {"before": before, "now": now, "share": 1 - now / before if before else 0.0}
    return {**told, "sure": before - now >= SURE * doubt, "since": str(newer["asked_at"].dt.date().min())}


def _warning(fell: Mapping[str, Any]) -> str:
    before, now, since = fell["before"], fell["now"], fell["since"]
    return f"Accuracy fell by {fell['share']:.0%}: the AUC was {before:.3f} and is {now:.3f} since {since}."


def _variance(auc: float, rows: pl.DataFrame, column: str) -> float:
    """Of an AUC, by how many there are of either truth. Source: Hanley and McNeil 1982."""
    truth = rows.drop_nulls(column)["truth"]
    ones = float(truth.sum())
    zeros = truth.len() - ones
    among_ones, among_zeros = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (ones - 1) * (among_ones - auc**2) + (zeros - 1) * (among_zeros - auc**2)
    return spread / (ones * zeros)


def _latest(known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What was asked before, and the latest instants that together have people enough."""
    counted = known.group_by("asked_at").len().sort("asked_at", descending=True)
    enough = counted.filter(pl.col("len").cum_sum() >= LATEST)["asked_at"]
    if enough.is_empty():
        return known.clear(), known
    return known.filter(pl.col("asked_at") < enough[0]), known.filter(pl.col("asked_at") >= enough[0])


def _halves(known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    instants = known["asked_at"].unique().sort()
    if instants.len() < 2:
        return known.clear(), known
    middle = instants[instants.len() // 2]
    return known.filter(pl.col("asked_at") < middle), known.filter(pl.col("asked_at") >= middle)


def _best(rows: pl.DataFrame) -> str:
    """What was told of these people: the learned chance where all had one, otherwise the rule's score."""
    return "probability" if rows.height and rows["probability"].null_count() == 0 else "score"


def _auc(rows: pl.DataFrame, column: str) -> float | None:
    said = rows.drop_nulls(column)
    value = RANKING["auc"](said["truth"].to_numpy(), said[column].to_numpy()) if said.height else float("nan")
    return value if np.isfinite(value) else None
