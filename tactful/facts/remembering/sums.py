"""What a group of answers adds to the sums of everybody's answers about a skill and about a topic. Pure."""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from tactful.facts.memories import SKILL_SUMS, TOPIC_SUMS

Key = Literal["skill_id", "topic_id"]

_ANSWERS = pl.col("answers")
_OF_BOTH: Mapping[str, pl.Expr] = {
    "asked": _ANSWERS,
    "surprise": pl.col("surprise"),
    "first": _ANSWERS > 0,
    "first_hits": pl.col("first_hit"),
}
# What one person's row adds to each sum.
SHARES: Mapping[Key, Mapping[str, pl.Expr]] = {
    "skill_id": {**_OF_BOTH, "later": (_ANSWERS - 2).clip(0), "later_hits": pl.col("later_hits")},
    "topic_id": _OF_BOTH,
}


def added(before: pl.DataFrame, after: pl.DataFrame, key: Key, whose: pl.DataFrame) -> pl.DataFrame:
    """SKILL_SUMS (or TOPIC_SUMS): what to add to them, in order of their keys.

    before, after: rows of facts.memories SKILL (or TOPIC) as they stood and as they are; those of `before` that are
    not in `after` did not change. whose: person_id and organisation_id of everybody in `after`.
    """
    keys, kinds = ["person_id", key], SKILL_SUMS if key == "skill_id" else TOPIC_SUMS
    if after.is_empty():
        return pl.DataFrame(schema=kinds)
    # One plan for all of it: the sums of a small group cost less than its steps one by one.
    now = after.lazy()
    were = before.lazy().join(now, on=keys, how="semi", maintain_order="left")
    parts = (_shares(now, key, 1), _shares(were, key, -1))
    named = pl.concat(parts).join(whose.lazy(), on="person_id", how="left", maintain_order="left")
    sums = named.group_by("organisation_id", key, maintain_order=True).agg(pl.col(name).sum() for name in SHARES[key])
    told = sums.sort("organisation_id", key).select(pl.col(name).cast(kind) for name, kind in kinds.items())
    return told.collect()


def _shares(rows: pl.LazyFrame, key: Key, sign: int) -> pl.LazyFrame:
    shares = (each.fill_null(0).cast(pl.Float64).mul(sign).alias(name) for name, each in SHARES[key].items())
    return rows.select("person_id", key, *shares)
