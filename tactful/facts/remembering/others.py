"""What everybody else had answered about a skill and its topic just before each answer of a log. Pure."""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from tactful.facts.memories import OTHERS
from tactful.facts.remembering.state import State

Side = Literal["skill", "topic"]

_COUNTS = ("asked", "surprise", "first", "first_hits", "later", "later_hits")


def others(happened: pl.DataFrame, stood: pl.DataFrame, after: State) -> pl.DataFrame:
    """OTHERS for each answer: sums over those of the same organisation who answered before it, without oneself.

    happened: ANSWER and organisation_id, in the order in which everybody's answers came. stood, after: what `advance`
    made of them from nothing. A test holds the sums to those that are kept (`sums`, `predict.forgetting.features`).
    """
    log = happened.select("organisation_id", "person_id", "skill_id", "topic_id", "hit").hstack(stood)
    skill = _sums(log, "skill", after.skills)
    topic = _sums(log, "topic", after.topics)
    told = skill.hstack(topic.rename({name: name.replace("others_", "others_topic_") for name in topic.columns}))
    return told.select(pl.col(name).cast(kind) for name, kind in OTHERS.items())


def _sums(log: pl.DataFrame, side: Side, after: pl.DataFrame) -> pl.DataFrame:
    """Sums of all answers before each that others gave, about the same skill (topic); null where it has none."""
    key = f"{side}_id"
    now = after.select("person_id", key, pl.col("surprise").alias("surprise_now"))
    frame = log.join(now, on=["person_id", key], how="left", maintain_order="left").with_columns(**_added(side, key))
    everybody, oneself = ["organisation_id", key], ["organisation_id", "person_id", key]
    return frame.select(
        pl.when(pl.col(key).is_not_null())
        .then(pl.col(name).cum_sum().over(everybody) - pl.col(name).cum_sum().over(oneself))
        .alias(f"others_{name}")
        for name in _COUNTS
    )


def _added(side: Side, key: str) -> Mapping[str, pl.Expr]:
    """What each answer adds to the sums."""
    before, surprise = pl.col(f"{side}_answers").fill_null(0), pl.col(f"{side}_surprise")
    then = surprise.shift(-1).over("person_id", key)
    return {
        "asked": pl.lit(1.0),
        "surprise": pl.coalesce(then, "surprise_now") - surprise.fill_null(0.0),
        "first": (before == 0).cast(pl.Float64),
        "first_hits": (before == 0) * pl.col("hit"),
        "later": (before >= 2).cast(pl.Float64),
        "later_hits": (before >= 2) * pl.col("hit"),
    }
