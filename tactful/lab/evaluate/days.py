"""From days with activity, as public data tell them, to what the store would know and production would compute."""

from datetime import date

import duckdb
import ibis
import numpy as np
import polars as pl

from tactful.facts.activity import PERSON_DAY, person_day, window
from tactful.learn.ranking import Floats
from tactful.predict import dropout

STATE = (
    "person_id", "local_day", "first_day", "last_seen_at", "completion_day", "events", "active_days",
    "current_streak", "longest_streak", "streak_day",
)  # fmt: skip
SEED_WEIGHTS = {
    "declining_engagement": 25,
    "infrequent_sessions": 20,
    "negative_sentiment": 20,
    "no_progress": 15,
    "declining_performance": 10,
    "broken_streak": 10,
}


def rows(counted: pl.DataFrame) -> pl.DataFrame:
    """Rows of PERSON_DAY from person_id, day and events. A day with activity counts as one session."""
    here = counted.with_columns(
        pl.col("events").cast(pl.Int32),
        sessions=pl.lit(1, pl.Int32),
        zone=pl.lit("UTC"),
        organisation_id=pl.lit(1, pl.Int64),
    )
    rest = {name: kind for name, kind in PERSON_DAY.items() if name not in here.columns}
    zeros = (pl.lit(0, pl.Float64 if kind == "float64" else pl.Int32).alias(name) for name, kind in rest.items())
    return here.with_columns(zeros).select(*PERSON_DAY)


def known(people: pl.Series, log: pl.DataFrame, day: date) -> pl.DataFrame:
    """Columns of MOMENT that follow from the days of `log` up to `day`, for each of `people`, in rising order."""
    state = _state(log.filter(pl.col("day") <= day))
    everybody = people.alias("person_id").to_frame().sort("person_id").join(state, on="person_id", how="left")
    return everybody.with_columns(local_day=pl.lit(day)).select(STATE)


def recent(log: pl.DataFrame, day: date) -> pl.DataFrame:
    """RECENT of the four weeks up to `day`: production features, run by DuckDB. log: rows of PERSON_DAY."""
    statement = ibis.to_sql(dropout.features(person_day, window(day)), dialect="duckdb")
    with duckdb.connect() as engine:
        engine.register("person_day", log.to_arrow())
        return pl.DataFrame(engine.sql(statement).to_arrow_table())


def seed(known: pl.DataFrame, beliefs: pl.DataFrame) -> Floats:
    """One reading of the seed (see `courses`): each factor is there or not, missing data is not; weights add up to one.

    known: columns of MOMENT; beliefs: SCORED of the same people.
    """
    column = pl.col
    signs = {
        "declining_engagement": column("session_frequency_trend") < -0.2,
        "infrequent_sessions": column("avg_days_between_sessions") > 2,
        "negative_sentiment": column("sentiment_trend_7d") < -0.2,
        "no_progress": column("days_since_last_completion") > 7,
        "declining_performance": column("performance_trend") < -0.1,
        "broken_streak": (column("longest_streak") >= 1) & (column("standing_streak") == 0),
    }
    found = [signs[factor].fill_null(False) * weight for factor, weight in SEED_WEIGHTS.items()]
    seen = beliefs.with_columns(known["longest_streak"])
    return seen.select(pl.sum_horizontal(found) / 100).to_series().to_numpy().astype(np.float64)


def _state(log: pl.DataFrame) -> pl.DataFrame:
    """For everybody with a day. Midnight stands for an activity's hour, which the data does not tell."""
    runs = (
        log.select("person_id", "day", "events")
        .sort("person_id", "day")
        .with_columns(run=pl.col("day").to_physical() - pl.int_range(pl.len()).over("person_id"))
        .group_by("person_id", "run")
        .agg(last=pl.col("day").max(), first=pl.col("day").min(), length=pl.len(), events=pl.col("events").sum())
        .sort("last")
    )
    return runs.group_by("person_id").agg(
        first_day=pl.col("first").min(),
        last_seen_at=_midnight(pl.col("last").max()),
        completion_day=pl.lit(None, pl.Date),
        events=pl.col("events").sum().cast(pl.Int64),
        active_days=pl.col("length").sum().cast(pl.Int32),
        current_streak=pl.col("length").last().cast(pl.Int32),
        longest_streak=pl.col("length").max().cast(pl.Int32),
        streak_day=pl.col("last").max(),
    )


def _midnight(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
