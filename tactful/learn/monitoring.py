"""Are beliefs still true? Predicted against actual, calibration, drift, and a warning when accuracy falls."""

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
    }


def _figures(rows: pl.DataFrame, column: str) -> dict[str, dict[str, float]]:
    truth, said = rows["truth"].to_numpy(), rows[column].to_numpy()
    told = measure(truth, said, {**RANKING, **CALIBRATION})
    return {
        one.metric: {"value": one.value, "low": one.low, "high": one.high} for one in told if np.isfinite(one.value)
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
    """Sentences about accuracy that fell by a tenth or more from the older to the newer half of the instants."""
    older, newer = _halves(known)
    if min(older.height, newer.height) < LEAST:
        return []
    best = _best(newer)
    before, now = _auc(older, best), _auc(newer, best)
    if before is None or now is None or now > before * (1 - FALL):
        return []
    return [f"Accuracy fell by {1 - now / before:.0%}: the AUC was {before:.3f} and is now {now:.3f}."]


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
