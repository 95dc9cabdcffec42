"""Choosing in live sessions, for everything that was noticed in one second: one room or a thousand, alike.

Among the allowed candidates of a moment the policy draws one; a share of moments is then left alone on purpose. What
was drawn is done, or proposed to an organiser where the session's mode wants that. Nothing allowed means silence.
"""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.decide.candidates import propose, shadowed
from tactful.decide.guardrails.base import EPOCH
from tactful.decide.live.handlers import confidence, severe
from tactful.decide.live.kinds import LOW_RISK
from tactful.decide.live.settings import CONTROL
from tactful.decide.rules import Rules
from tactful.kernel.chance import draw

# One row for each thing noticed and each side it concerns, known as of one instant. Null means unknown.
LIVE_MOMENT: dict[str, PolarsDataType] = {
    "live_session_id": pl.Int64,
    "organisation_id": pl.Int64,
    # the session's chance
    "seed": pl.Int64,
    "mode": pl.String,
    "anomaly_type": pl.String,
    # whom something may be said to: the audience, or the organisers
    "side": pl.String,
    "severity": pl.String,
    # the audience's engagement, 0..1, and how many there are
    "engagement": pl.Float64,
    "viewers": pl.Int64,
    # talk, break or questions; seconds until the planned end
    "on_agenda": pl.String,
    "seconds_left": pl.Float64,
    # JSON object: kind -> epoch seconds of the last one
    "last_by_kind": pl.String,
    "acted_last_hour": pl.Int64,
    # kinds proposed that wait for an organiser
    "open_kinds": pl.List(pl.String),
    # pauses and shadow of the organisation; "" stands for all of it
    "paused_kinds": pl.List(pl.String),
    "paused_channels": pl.List(pl.String),
    "shadow_kinds": pl.List(pl.String),
    # what chances are drawn by: anomaly, size of the audience, part of the session
    "context": pl.String,
}
# What is known of each kind in a context: what it adds to engagement, and how uncertain that is.
ARM: dict[str, PolarsDataType] = {
    "organisation_id": pl.Int64, "context": pl.String, "kind": pl.String, "mean": pl.Float64, "spread": pl.Float64,
}  # fmt: skip
# For each moment: the candidates (as the ledger lists them), what was drawn of them and what became of it: acted,
# suggested, control, shadow or silent.
CHOSEN: dict[str, PolarsDataType] = {
    "row": pl.UInt32,
    "kinds": pl.List(pl.String),
    "triggers": pl.List(pl.String),
    "priorities": pl.List(pl.Int32),
    "expected": pl.List(pl.Float64),
    "verdicts": pl.List(pl.Int64),
    "chosen": pl.String,
    "trigger": pl.String,
    "priority": pl.Int32,
    "gain": pl.Float64,
    "confidence": pl.Float64,
    "propensity": pl.Float64,
    "draw": pl.Float64,
    "result": pl.String,
}
# How far an effect may be from what its handler expects, where nothing was learned.
UNSURE = 0.1
KNOWN = ("organisation_id", "context", "severity", "engagement", "mode", "side")
LISTS = {"kinds": "kind", "triggers": "trigger", "priorities": "priority", "expected": "expected",
         "verdicts": "verdict"}  # fmt: skip


def draws(moments: pl.DataFrame, tick: int, number: int) -> pl.Series:
    """Chance in [0, 1) for each moment: the same alone and in any batch, and at any replay."""
    seeds, sessions = (moments[name].to_numpy().astype(np.uint64) for name in ("seed", "live_session_id"))
    return pl.Series("draw", draw(seeds, sessions, tick, number), dtype=pl.Float64)


def choose(moments: pl.DataFrame, *, tick: int, rules: Rules, arms: pl.DataFrame) -> pl.DataFrame:
    """CHOSEN for each of `moments` (LIVE_MOMENT), in order. tick: the instant as whole seconds since 1970.

    arms: ARM; of what is not among them the handler's own expectation counts.
    """
    candidates = propose(moments, _instant(tick), rules).join(
        moments.with_row_index("row").select("row", *KNOWN),
        on="row", how="left", maintain_order="left",
    )  # fmt: skip
    known = candidates.with_columns(severe().alias("severe")).with_columns(confidence().alias("confidence")).join(
        arms, on=["organisation_id", "context", "kind"], how="left", maintain_order="left"
    )  # fmt: skip
    first = draws(moments, tick, 0)
    drawn = _drawn(known, first, rules)
    told = drawn.with_columns(draws(moments, tick, 1).gather(drawn["row"]).alias("aside"))
    share = float(rules.values[CONTROL.name])
    chosen = told.with_columns(_result(share).alias("result"), _propensity(share).alias("propensity"))
    rows = moments.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
    listed = candidates.group_by("row", maintain_order=True).agg(
        pl.col(column).alias(name) for name, column in LISTS.items()
    )
    whole = rows.with_columns(first.alias("draw"))
    whole = whole.join(listed, on="row", how="left", maintain_order="left")
    whole = whole.join(chosen, on="row", how="left", maintain_order="left")
    return whole.with_columns(
        pl.col("result").fill_null("silent"), pl.col("propensity").fill_null(1.0),
        *(pl.col(name).fill_null(pl.lit([], CHOSEN[name])) for name in LISTS),
    ).select(pl.col(name).cast(kind) for name, kind in CHOSEN.items())  # fmt: skip


def _drawn(known: pl.DataFrame, first: pl.Series, rules: Rules) -> pl.DataFrame:
    """What the policy draws of the allowed candidates, one for each row that has any."""
    allowed = known.filter(pl.col("verdict") == 0)
    asked = allowed.select(
        "row", "kind", "priority", "expected", first.gather(allowed["row"]).alias("draw"),
        pl.coalesce("mean", "expected").alias("mean"), pl.col("spread").fill_null(UNSURE),
    )  # fmt: skip
    picked = rules.policy.choose(asked)
    return allowed.join(picked, on=["row", "kind"], how="inner", maintain_order="left").select(
        "row", pl.col("kind").alias("chosen"), "trigger", "priority", pl.col("expected").alias("gain"), "confidence",
        pl.col("propensity").alias("drawn"), "mode", "side", shadowed().alias("shadow"),
    )  # fmt: skip


def _told() -> pl.Expr:
    """Whether it only tells organisers: nothing to try out on anybody, and nothing to wait for."""
    return pl.col("side") == "organisers"


def _waits() -> pl.Expr:
    careful = (pl.col("mode") == "semi_automatic") & ~pl.col("chosen").is_in(list(LOW_RISK))
    return ((pl.col("mode") == "manual") | careful) & ~_told()


def _result(share: float) -> pl.Expr:
    return (
        pl.when("shadow").then(pl.lit("shadow"))
        .when(_waits()).then(pl.lit("suggested"))
        .when((pl.col("aside") < share) & ~_told()).then(pl.lit("control"))
        .otherwise(pl.lit("acted"))
    )  # fmt: skip


def _propensity(share: float) -> pl.Expr:
    """How likely it was that this became of the moment."""
    tried = ~_waits() & ~_told()
    aside = pl.when(pl.col("aside") < share).then(share).otherwise(1 - share)
    return pl.col("drawn") * pl.when(tried).then(aside).otherwise(1.0)


def _instant(tick: int) -> datetime:
    return EPOCH + timedelta(seconds=tick)
