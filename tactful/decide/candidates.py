"""Candidates: one line for each person and kind that a trigger proposes, with every guard rail's verdict."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tactful.decide.channels import way_out
from tactful.decide.guardrails import ignored, verdicts
from tactful.decide.localtime import next_wall
from tactful.decide.rules import Rules
from tactful.facts.moments import INSTANT
from tactful.kernel.records import IN_APP, Initiative, Kind

# Beside what guard rails ask for, this goes along with every candidate.
CARRIED = {"row", "zone", "quiet_start", "quiet_end", "shadow_kinds"}


def constants(kind: Kind) -> dict[str, Any]:
    """What is the same for all candidates of a kind; cooldown and lifetime in seconds."""
    return {
        "kind": kind.name,
        "initiative": kind.initiative.value,
        "cooldown": kind.cooldown.total_seconds(),
        "lifetime": kind.lifetime.total_seconds(),
        "deferrable": kind.deferrable,
        "critical": kind.critical,
    }


def about(kind: Kind) -> list[pl.Expr]:
    """What is known of a kind, beside each of its candidates; `last_of_kind` as seconds since 1970."""
    told = [_of_kind(kind, "last_by_kind", "last_of_kind")]
    if kind.initiative is Initiative.OUTREACH:
        told.append(_of_kind(kind, "ignored_by_kind", "ignored_of_kind"))
    else:
        told.append(pl.lit(None, pl.Float64).alias("ignored_of_kind"))
    return [*(pl.lit(value).alias(name) for name, value in constants(kind).items()), *told]


def _of_kind(kind: Kind, told: str, name: str) -> pl.Expr:
    # Our own flat JSON: names are identifiers, values whole numbers.
    return pl.col(told).str.extract(rf'"{kind.name}"\s*:\s*(\d+)').cast(pl.Float64).alias(name)


def propose(moments: pl.DataFrame, at: datetime, rules: Rules) -> pl.DataFrame:
    """Candidates with their verdicts, best first within each `row` (the person's row number in `moments`)."""
    numbered = moments.with_row_index("row").with_columns(_outside(moments, rules).alias("way_out"))
    fired = numbered.select(each.when.fill_null(False).alias(each.name) for each in rules.triggers)
    known = CARRIED | (rules.asked - {"channel"})
    carried = [name for name in numbered.columns if name in known]
    # With no candidate at all, the first trigger's empty part still says what the columns are.
    proposing = [each for each in rules.triggers if fired[each.name].any()] or rules.triggers[:1]
    parts = [
        numbered.filter(fired[each.name]).select(
            *carried,
            *about(rules.kinds[each.kind]),
            _channel(rules.kinds[each.kind]).alias("channel"),
            pl.lit(each.name).alias("trigger"),
            pl.lit(each.priority, pl.Int32).alias("priority"),
            each.expected.cast(pl.Float64).fill_null(0.0).round(6).alias("expected"),
            pl.lit(each.today).alias("today"),
        )
        for each in proposing
    ]
    best_first = ["row", "priority", "expected", "kind", "trigger"]
    worth = (pl.col("expected") * ignored.recovered(rules.bounds(at))).round(6).alias("expected")
    found = judge(pl.concat(parts).with_columns(worth), at, rules).sort(
        best_first, descending=[False, True, True, False, False]
    )
    # Of several reasons for the same kind the strongest counts.
    several = len({each.kind for each in proposing}) < len(proposing)
    return found.unique(["row", "kind"], keep="first", maintain_order=True) if several else found


def _outside(moments: pl.DataFrame, rules: Rules) -> pl.Series:
    """The way out of the product for each; audiences of live sessions have none."""
    if "reach" in moments.columns:
        return way_out(moments, rules.channels)
    return pl.Series([None] * moments.height, dtype=pl.String)


def _channel(kind: Kind) -> pl.Expr:
    """Only what leaves the product has a choice; who cannot be found outside finds it inside."""
    return pl.col("way_out").fill_null(IN_APP) if kind.initiative is Initiative.OUTREACH else pl.lit(IN_APP)


def judge(candidates: pl.DataFrame, at: datetime, rules: Rules, *, claimed: pl.Expr | None = None) -> pl.DataFrame:
    """Candidates with `verdict`. claimed: see `guardrails.verdicts`."""
    return candidates.with_columns(verdicts(rules.rails, rules.bounds(at), claimed=claimed).alias("verdict"))


def with_expiry(candidates: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """`candidates` with `expires_at`: their kind's lifetime, cut at midnight where it is about today."""
    lasting = pl.lit(at).cast(INSTANT) + pl.duration(seconds=pl.col("lifetime"))
    zones = candidates.filter("today")["zone"].unique().to_list()
    midnights = {zone: next_wall(zone, 0, at) for zone in zones}
    midnight = pl.col("zone").replace_strict(midnights, default=None, return_dtype=INSTANT)
    cut = pl.when("today").then(pl.min_horizontal(lasting, midnight)) if zones else pl.lit(None, INSTANT)
    return candidates.with_columns(pl.coalesce(cut, lasting).alias("expires_at"))


def shadowed() -> pl.Expr:
    """Whether the organisation, the kind or the channel is in shadow mode: on record only."""
    names = pl.col("shadow_kinds").list
    listed = (names.contains(name) for name in (pl.lit(""), pl.col("kind"), pl.col("channel")))
    return pl.any_horizontal(listed).fill_null(False)


def is_shadowed(names: Sequence[str], kind: str, channel: str) -> bool:
    """`shadowed` for one candidate. names: its `shadow_kinds`."""
    return not {"", kind, channel}.isdisjoint(names)


def deferring(rules: Rules) -> int:
    """The verdict bits of guard rails that only put off."""
    return sum(1 << number for number, rail in enumerate(rules.rails) if rail.defers)
