"""Asking every guard rail again, just before something is let go."""

from datetime import datetime, timedelta

import polars as pl

from tactful.decide.candidates import deferring, judge
from tactful.decide.localtime import with_next_wall
from tactful.decide.rules import Rules
from tactful.facts.moments import INSTANT

# What holds only for a while, but without a known end: look again then, as long as it is worth saying.
AGAIN = timedelta(hours=1)


def review(open_ones: pl.DataFrame, moments: pl.DataFrame, *, at: datetime, rules: Rules) -> pl.DataFrame:
    """Verdicts for open interventions of people in `moments`: `allowed`, `later` or `never`.

    open_ones: intervention_id, person_id, organisation_id, kind, channel, priority, state, due_at,
    expires_at, triggered_at. Answers the same rows and columns with `verdict`, `initiative`,
    `critical` and `cooldown`; `due_at` is moved where the verdict is `later`. A planned one has
    claimed its attention already, so only a deferred one is asked what it would spend.
    """
    known = open_ones.join(moments.drop("organisation_id"), on="person_id", how="inner", maintain_order="left")
    claimed = pl.col("state") != "deferred"
    # Its own open row is not another of its kind.
    known = known.with_columns(_others(known).alias("open_kinds"))
    judged = with_next_wall(judge(known, at, rules, claimed=claimed), "quiet_end", at, "quiet_over")
    put_off = (pl.col("verdict") & ~pl.lit(deferring(rules), pl.Int64)).eq(0)
    paused = _only(rules, ("do_not_disturb", "paused", "hours_between", "daily_maximum", "outreach_daily", "quiet_hours"))
    again = pl.when(put_off).then(pl.col("quiet_over")).otherwise(pl.lit(at + AGAIN).cast(INSTANT))
    worth = again < pl.col("expires_at")
    verdict = (
        pl.when((pl.col("verdict") == 0) & (pl.col("expires_at") > at))
        .then(pl.lit("allowed"))
        .when((put_off | paused) & worth)
        .then(pl.lit("later"))
        .otherwise(pl.lit("never"))
    )
    return judged.with_columns(
        verdict.alias("verdict"), pl.when(verdict == "later").then(again).otherwise("due_at").alias("due_at")
    ).select(*open_ones.columns, "verdict", "initiative", "critical", "cooldown")


def _only(rules: Rules, names: tuple[str, ...]) -> pl.Expr:
    """Whether nothing but these guard rails forbids."""
    bits = sum(1 << number for number, rail in enumerate(rules.rails) if rail.name in names)
    return (pl.col("verdict") & ~pl.lit(bits, pl.Int64)).eq(0)


def _others(known: pl.DataFrame) -> pl.Expr:
    """The person's open kinds without the one under review."""
    return pl.when(pl.col("open_kinds").is_not_null()).then(
        pl.col("open_kinds").list.set_difference(pl.concat_list("kind"))
    )
