"""Candidates: one line for each person and kind that a trigger proposes, with every guard rail's verdict."""

from datetime import datetime
from typing import Any

import polars as pl

from tactful.decide.guardrails import verdicts
from tactful.decide.localtime import with_next_wall
from tactful.decide.rules import Rules
from tactful.facts.moments import INSTANT

# What is known of a kind, beside each candidate.
KIND: dict[str, Any] = {
    "kind": pl.String,
    "initiative": pl.String,
    "cooldown": pl.Float64,
    "lifetime": pl.Float64,
    "deferrable": pl.Boolean,
    "critical": pl.Boolean,
}


def kind_table(rules: Rules) -> pl.DataFrame:
    """The kinds as a frame. cooldown and lifetime in seconds."""
    rows = [
        (
            kind.name,
            kind.initiative.value,
            kind.cooldown.total_seconds(),
            kind.lifetime.total_seconds(),
            kind.deferrable,
            kind.critical,
        )
        for kind in rules.kinds.values()
    ]
    return pl.DataFrame(rows, schema=KIND, orient="row")


def propose(moments: pl.DataFrame, at: datetime, rules: Rules) -> pl.DataFrame:
    """Candidates with their verdicts, best first within each `row` (the person's row number in `moments`)."""
    numbered = moments.with_row_index("row").with_columns(pl.lit("in_app").alias("channel"))
    fired = numbered.select(each.when.fill_null(False).alias(each.name) for each in rules.triggers)
    parts = [
        numbered.filter(fired[each.name]).with_columns(
            pl.lit(each.kind).alias("kind"),
            pl.lit(each.name).alias("trigger"),
            pl.lit(each.priority, pl.Int32).alias("priority"),
            each.expected.cast(pl.Float64).fill_null(0.0).round(6).alias("expected"),
            pl.lit(each.today).alias("today"),
        )
        for each in rules.triggers
    ]
    return judge(pl.concat(parts), at, rules).sort(
        ["row", "priority", "expected", "kind"], descending=[False, True, True, False]
    )


def judge(candidates: pl.DataFrame, at: datetime, rules: Rules, *, claimed: pl.Expr | None = None) -> pl.DataFrame:
    """Candidates with what is known of their kind, and `verdict`. claimed: see `guardrails.verdicts`."""
    known = candidates.join(kind_table(rules), on="kind", how="left", maintain_order="left")
    return known.with_columns(verdicts(rules.rails, rules.bounds(at), claimed=claimed).alias("verdict"))


def with_expiry(candidates: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """`candidates` with `expires_at`: their kind's lifetime, cut at midnight where it is about today."""
    midnight = with_next_wall(candidates.with_columns(pl.lit(0).alias("first_minute")), "first_minute", at, "midnight")
    lasting = pl.lit(at).cast(INSTANT) + pl.duration(seconds=pl.col("lifetime"))
    cut = pl.when("today").then(pl.min_horizontal(lasting, "midnight")).otherwise(lasting)
    return midnight.with_columns(cut.alias("expires_at"))


def shadowed() -> pl.Expr:
    """Whether the organisation, the kind or the channel is in shadow mode: on record only."""
    names = pl.col("shadow_kinds").list
    listed = (names.contains(name) for name in (pl.lit(""), pl.col("kind"), pl.col("channel")))
    return pl.any_horizontal(listed).fill_null(False)


def deferring(rules: Rules) -> int:
    """The verdict bits of guard rails that only put off."""
    return sum(1 << number for number, rail in enumerate(rules.rails) if rail.defers)
