"""KDD Cup 2015: enrolments in online courses, 30 days of activity each, and who did not come back.

Days of a course become days of the calendar; each enrolment is a person. The truth (no activity
in the ten days after the thirtieth) comes with the data.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from tactful.facts.activity import PERSON_DAY
from tactful.lab.evaluate.rows import needed

FOLDER = "dropout_kddcup2015"
DAY_0 = date(2014, 6, 2)
LAST_DAY = 29
STATE = (
    "person_id", "local_day", "first_day", "last_seen_at", "completion_day", "events", "active_days",
    "current_streak", "longest_streak", "streak_day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Courses:
    """person_day and known (columns of PERSON_DAY and of MOMENT) as of `day`; truth: person_id, course, dropout."""

    person_day: pl.DataFrame
    known: pl.DataFrame
    truth: pl.DataFrame
    day: date


def read(data: Path, *, last_day: int = LAST_DAY) -> Courses:
    """What was known at the end of course day `last_day` (0..29). raises: NotFound without the files."""
    events, enrolments = needed(data / FOLDER, "daily_events.parquet", "enrollments.csv.gz")
    person_day = _days(pl.read_parquet(events), last_day)
    day = date.fromordinal(DAY_0.toordinal() + last_day)
    truth = pl.read_csv(enrolments, schema_overrides={"course": pl.String}).select(
        pl.col("enrollment_id").cast(pl.Int64).alias("person_id"), "course", "dropout"
    )
    known = truth.select("person_id").sort("person_id").join(state(person_day), on="person_id", how="left")
    return Courses(person_day, known.with_columns(local_day=pl.lit(day)).select(STATE), truth.sort("person_id"), day)


def _days(events: pl.DataFrame, last_day: int) -> pl.DataFrame:
    """Rows of PERSON_DAY. The data knows days, not sessions: a day with activity counts as one."""
    counted = events.filter(pl.col("day") <= last_day).select(
        pl.col("enrollment_id").cast(pl.Int64).alias("person_id"),
        (pl.lit(DAY_0) + pl.duration(days=pl.col("day").cast(pl.Int64))).cast(pl.Date).alias("day"),
        pl.sum_horizontal(pl.exclude("enrollment_id", "day").cast(pl.Int32)).alias("events"),
        pl.lit(1, pl.Int32).alias("sessions"),
        pl.lit("UTC").alias("zone"),
        pl.lit(1, pl.Int64).alias("organisation_id"),
    )
    rest = {name: kind for name, kind in PERSON_DAY.items() if name not in counted.columns}
    zeros = (pl.lit(0, pl.Float64 if kind == "float64" else pl.Int32).alias(name) for name, kind in rest.items())
    return counted.with_columns(zeros).select(*PERSON_DAY)


def state(person_day: pl.DataFrame) -> pl.DataFrame:
    """Columns of MOMENT that follow from somebody's days, for everybody with one.

    Midnight stands for an activity's hour, which the data does not tell.
    """
    days = person_day.select("person_id", "day").sort("person_id", "day")
    runs = (
        days.with_columns(run=pl.col("day").to_physical() - pl.int_range(pl.len()).over("person_id"))
        .group_by("person_id", "run")
        .agg(last=pl.col("day").max(), first=pl.col("day").min(), length=pl.len())
        .sort("last")
    )
    events = person_day.group_by("person_id").agg(pl.col("events").sum().cast(pl.Int64))
    spells = runs.group_by("person_id").agg(
        first_day=pl.col("first").min(),
        last_seen_at=_midnight(pl.col("last").max()),
        completion_day=pl.lit(None, pl.Date),
        active_days=pl.col("length").sum().cast(pl.Int32),
        current_streak=pl.col("length").last().cast(pl.Int32),
        longest_streak=pl.col("length").max().cast(pl.Int32),
        streak_day=pl.col("last").max(),
    )
    return spells.join(events, on="person_id")


def _midnight(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
