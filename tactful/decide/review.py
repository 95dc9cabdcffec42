"""Asking every guard rail again, just before something is let go."""

from datetime import datetime

import polars as pl

from tactful.decide.candidates import about, deferring, judge, shadowed
from tactful.decide.due import free
from tactful.decide.localtime import with_quiet_over
from tactful.decide.rules import Rules
from tactful.facts.moments import INSTANT


def review(open_ones: pl.DataFrame, moments: pl.DataFrame, *, at: datetime, rules: Rules) -> pl.DataFrame:
    """Verdicts for open interventions of people in `moments`: `allowed`, `later` or `never`.

    open_ones: intervention_id, person_id, organisation_id, kind, channel, priority, state, due_at,
    expires_at, triggered_at. Answers the same rows and columns with `verdict`, `initiative`,
    `critical` and `cooldown`; `due_at` is moved where the verdict is `later`. A planned one has
    claimed its attention already, so only a deferred one is asked what it would spend. What time
    alone will allow comes later, as long as it is still worth saying then; in shadow mode nothing does.
    """
    known = open_ones.join(moments.drop("organisation_id"), on="person_id", how="inner", maintain_order="left")
    # Its own open row is not another of its kind.
    known = known.with_columns(pl.lit(None, pl.List(pl.String)).alias("open_kinds")).with_row_index("place")
    judged = judge(_with_kinds(known, rules), at, rules, claimed=pl.col("state") != "deferred")
    judged = with_quiet_over(judged, at, "quiet_over")
    put_off = (pl.col("verdict") & ~deferring(rules)).eq(0)
    wait = (free(rules.rails, rules.bounds(at)) * 1e6).ceil().cast(pl.Int64)
    again = pl.when(put_off).then("quiet_over").otherwise(pl.lit(at).cast(INSTANT) + pl.duration(microseconds=wait))
    never = shadowed() | pl.col("initiative").is_null() | (pl.col("expires_at") <= at)
    verdict = (
        pl.when(never)
        .then(pl.lit("never"))
        .when(pl.col("verdict") == 0)
        .then(pl.lit("allowed"))
        .when((again > at) & (again < pl.col("expires_at")))
        .then(pl.lit("later"))
        .otherwise(pl.lit("never"))
    )
    return judged.with_columns(
        verdict.alias("verdict"), pl.when(verdict == "later").then(again).otherwise("due_at").alias("due_at")
    ).select(*open_ones.columns, "verdict", "initiative", "critical", "cooldown")


def _with_kinds(known: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """What is known of each one's kind; nothing where the kind no longer exists."""
    parts = [known.filter(pl.col("kind") == kind.name).with_columns(about(kind)) for kind in rules.kinds.values()]
    strange = known.filter(~pl.col("kind").is_in(list(rules.kinds)))
    return pl.concat([*parts, strange], how="diagonal").sort("place")
