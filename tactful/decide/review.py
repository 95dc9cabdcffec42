"""Asking again, just before something is let go: every guard rail, and the reason it was chosen for."""

from datetime import datetime

import polars as pl

from tactful.decide.candidates import about, deferring, judge, shadowed
from tactful.decide.due import free
from tactful.decide.localtime import with_quiet_over
from tactful.decide.rules import Rules
from tactful.facts.moments import INSTANT


def review(open_ones: pl.DataFrame, moments: pl.DataFrame, *, at: datetime, rules: Rules) -> pl.DataFrame:
    """Verdicts for open interventions of people in `moments`: `allowed`, `later` or `never`.

    open_ones: intervention_id, person_id, organisation_id, kind, trigger, channel, priority, state,
    snoozed, due_at, expires_at, triggered_at. Answers the same rows and columns with `verdict`,
    `because` (why never, in words), `initiative`, `critical` and `cooldown`; `due_at` is moved where
    the verdict is `later`. A planned one has claimed its attention already, so only a deferred one is
    asked what it would spend. What time alone will allow comes later, as long as it is still worth
    saying then; in shadow mode nothing does, and nothing whose reason is gone. Each by the rules of their organisation.
    """
    if not rules.own:
        return _reviewed(open_ones, moments, at, rules)
    asked = open_ones.with_row_index("nth")
    found = [_reviewed(asked[rows], moments, at, each) for each, rows in rules.parts(asked["organisation_id"])]
    return (pl.concat(found) if found else _reviewed(asked, moments, at, rules)).sort("nth").drop("nth")


def _reviewed(open_ones: pl.DataFrame, moments: pl.DataFrame, at: datetime, rules: Rules) -> pl.DataFrame:
    known = open_ones.join(moments.drop("organisation_id"), on="person_id", how="inner", maintain_order="left")
    # Its own open row is not another of its kind.
    known = known.with_columns(pl.lit(None, pl.List(pl.String)).alias("open_kinds")).with_row_index("place")
    judged = judge(_with_kinds(known, rules), at, rules, claimed=pl.col("state") != "deferred")
    judged = with_quiet_over(judged, at, "quiet_over").join(_over(known, rules), on="place", how="left")
    put_off = (pl.col("verdict") & ~deferring(rules)).eq(0)
    wait = (free(rules.rails, rules.bounds(at)) * 1e6).ceil().cast(pl.Int64)
    again = pl.when(put_off).then("quiet_over").otherwise(pl.lit(at).cast(INSTANT) + pl.duration(microseconds=wait))
    never = shadowed() | pl.col("initiative").is_null() | pl.col("over").is_not_null() | (pl.col("expires_at") <= at)
    verdict = (
        pl.when(never)
        .then(pl.lit("never"))
        .when(pl.col("verdict") == 0)
        .then(pl.lit("allowed"))
        .when((again > at) & (again < pl.col("expires_at")))
        .then(pl.lit("later"))
        .otherwise(pl.lit("never"))
    )
    return (
        judged.sort("place")
        .with_columns(
            pl.when(verdict == "never").then(_because(rules, at)).alias("because"),
            verdict.alias("verdict"),
            pl.when(verdict == "later").then(again).otherwise("due_at").alias("due_at"),
        )
        .select(*open_ones.columns, "verdict", "because", "initiative", "critical", "cooldown")
    )


def _over(known: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Why the reason is gone, for each `place` where it is.

    What somebody snoozed comes back as they asked, unless it is about a day that has changed.
    A trigger that no longer exists cannot be asked; its kind's lifetime counts.
    """
    over = pl.DataFrame(schema={"place": known.schema["place"], "over": pl.String})
    asked = known.filter(pl.col("trigger").is_not_null())
    for each in rules.triggers:
        rows = asked.filter((pl.col("trigger") == each.name) & (~pl.col("snoozed") | each.today))
        if rows.height:
            over.extend(rows.select("place", each.over.alias("over")).drop_nulls())
    return over


def _because(rules: Rules, at: datetime) -> pl.Expr:
    rails = (
        pl.when(pl.col("verdict").cast(pl.Int64) & (1 << number) != 0).then(pl.lit(rail.name.replace("_", " ")))
        for number, rail in enumerate(rules.rails)
    )
    forbidden = pl.concat_str(*rails, separator=", ", ignore_nulls=True)
    return (
        pl.when(pl.col("expires_at") <= at).then(pl.lit("It was no longer worth saying."))
        .when(pl.col("initiative").is_null()).then(pl.lit("There is no such kind any more."))
        .when(shadowed()).then(pl.lit("Shadow mode is on."))
        .when(pl.col("over").is_not_null()).then("over")
        .otherwise(pl.format("Forbidden by: {}.", forbidden))
    )  # fmt: skip


def _with_kinds(known: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """What is known of each one's kind; nothing where the kind no longer exists."""
    parts = [known.filter(pl.col("kind") == kind.name).with_columns(about(kind)) for kind in rules.kinds.values()]
    strange = known.filter(~pl.col("kind").is_in(list(rules.kinds)))
    return pl.concat([*parts, strange], how="diagonal").sort("place")
