"""Candidates: one line for each person and kind that a trigger proposes, with every guard rail's verdict."""

from datetime import datetime
from typing import Any

import polars as pl

from tactful.decide.guardrails import verdicts
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
        )
        for each in rules.triggers
    ]
    return judge(pl.concat(parts), at, rules).sort(
        ["row", "priority", "expected", "kind"], descending=[False, True, True, False]
    )


def judge(candidates: pl.DataFrame, at: datetime, rules: Rules, *, claimed: pl.Expr | None = None) -> pl.DataFrame:
    """Candidates with `verdict`, and `expires_at` where they have none yet.

    claimed: see `guardrails.verdicts`.
    """
    known = candidates.join(kind_table(rules), on="kind", how="left", maintain_order="left")
    lasting = pl.lit(at).cast(INSTANT) + pl.duration(seconds=pl.col("lifetime"))
    expiry = pl.coalesce(pl.col("expires_at"), lasting) if "expires_at" in known.columns else lasting
    bits = verdicts(rules.rails, rules.bounds(at), claimed=claimed)
    return known.with_columns(bits.alias("verdict"), expiry.alias("expires_at"))


def deferring(rules: Rules) -> int:
    """The verdict bits of guard rails that only put off."""
    return sum(1 << number for number, rail in enumerate(rules.rails) if rail.defers)
