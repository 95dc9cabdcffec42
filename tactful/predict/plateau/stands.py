"""From a score to a plateau that is found, goes on, is resolved or is left: a pass over many people and skills."""

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.curves import KEY
from tactful.kernel.settings import Settings
from tactful.predict.plateau import settings as rows
from tactful.predict.plateau.suggestions import said, suggestion

# What was told before of a person and a skill; the latest row of each counts.
BEFORE: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    "is_active": pl.Boolean,
    # mastery when it was found
    "mastery_level": pl.Float64,
    # names of the suggestions made on this skill, oldest first, and whether the last one was followed
    "tried": pl.List(pl.String),
    "intervention_taken": pl.Boolean,
}

PLATEAU: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    "topic": pl.String,
    "days_on_topic": pl.Int32,
    "attempts": pl.Int32,
    "mastery_level": pl.Float64,
    "mastery_improvement": pl.Float64,
    "is_active": pl.Boolean,
    "resolved": pl.Boolean,
    # the name of what is suggested, and its sentence
    "suggestion": pl.String,
    "intervention_suggested": pl.String,
    # found, kept, resolved or left
    "change": pl.String,
}

# What may be known beside a curve.
MORE: dict[str, PolarsDataType] = {"skill_name": pl.String, "days_elsewhere": pl.Int32}

_DEFAULT = Settings({})


def plateaus(
    curves: pl.DataFrame, given: pl.DataFrame, score: pl.Series, before: pl.DataFrame, settings: Settings | None = None
) -> pl.DataFrame:
    """The columns of PLATEAU for every row of `curves` where there is one or was one until now, in their order.

    curves: CURVE of which person_id, skill_id and topic are read; where known also skill_name, what the catalogue
    calls it, and days_elsewhere, days since the person's last attempt at another skill.
    given, score: of the same rows; score [0..1] is the
    cold start's, or a learned chance. before: BEFORE; an active plateau whose curve is not asked about stays as it is.
    Found: as stuck as `plateau.from` asks for, on a topic for more than `plateau.days`, still at it, and not falling
    back from what was learned: that is a loss. Resolved: mastered, no longer stuck, or a step up since it was found.
    Left: neither resolved nor tried for `plateau.fresh_days` (`plateau.moved_on_days` by who tries other skills), or
    lost.
    """
    chosen = _DEFAULT if settings is None else settings
    told = before.rename({"mastery_level": "level_then", "is_active": "open"}).unique(KEY, keep="last")
    known = curves.match_to_schema({**curves.schema, **MORE}, missing_columns="insert")
    pairs = known.select(*KEY, pl.coalesce("topic", "skill_id").alias("topic"),
                         pl.coalesce("skill_name", "topic", "skill_id").alias("name"), "days_elsewhere")  # fmt: skip
    frame = pl.concat([pairs, given, score.alias("score").to_frame()], how="horizontal")
    frame = frame.join(told, on=KEY, how="left", maintain_order="left").with_columns(
        pl.col("open").fill_null(value=False), pl.col("tried").fill_null([])
    )
    changed = frame.with_columns(change=_change(chosen)).filter(pl.col("change").is_not_null())
    return changed.with_columns(suggestion=_next()).with_columns(
        is_active=pl.col("change").is_in(["found", "kept"]),
        resolved=pl.col("change") == "resolved",
        intervention_suggested=said("suggestion", "name"),
    ).select(pl.col(name).cast(kind) for name, kind in PLATEAU.items())  # fmt: skip


def _change(s: Settings) -> pl.Expr:
    level, stuck, began = pl.col("mastery_level"), pl.col("score"), pl.col("mastery_began")
    quiet = pl.col("days_since_last")
    moved_on = (quiet > s[rows.MOVED_ON_DAYS]) & (pl.col("days_elsewhere") < quiet)
    lost = (began >= s[rows.MASTERED]) | ((began >= s[rows.LEARNED]) & (began - level >= s[rows.FALL]))
    here = (quiet <= s[rows.FRESH_DAYS]) & ~(moved_on | lost).fill_null(value=False)
    enough = (pl.col("days_on_topic") > s[rows.DAYS]) & (pl.col("attempts") >= s[rows.ATTEMPTS])
    step = level - pl.col("level_then") >= s[rows.STEP]
    over = (level >= s[rows.MASTERED]) | step | (stuck < s[rows.UNTIL])
    return (
        pl.when(pl.col("open") & over).then(pl.lit("resolved"))
        .when(pl.col("open") & ~here).then(pl.lit("left"))
        .when(pl.col("open")).then(pl.lit("kept"))
        .when((stuck >= s[rows.FROM]) & (level < s[rows.MASTERED]) & enough & here).then(pl.lit("found"))
    )  # fmt: skip


def _next() -> pl.Expr:
    """What was suggested stands until it was followed; then, and for a new plateau, comes what has not been tried."""
    stands = pl.col("open") & ~pl.col("intervention_taken").fill_null(value=False)
    return pl.coalesce(pl.when(stands).then(pl.col("tried").list.last()), suggestion())
