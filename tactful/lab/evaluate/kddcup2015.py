"""KDD Cup 2015: enrolments in online courses, 30 days of activity each, and who did not come back.

Days of a course become days of the calendar; each enrolment is a person. The truth (no activity
in the ten days after the thirtieth) comes with the data.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from tactful.lab.evaluate import days
from tactful.lab.evaluate.rows import needed
from tactful.learn.ranking import Floats

FOLDER = "dropout_kddcup2015"
DAY_0 = date(2014, 6, 2)
LAST_DAY = 29
# Days of silence after the last that count as dropping out.
HORIZON = 10


@dataclass(frozen=True, slots=True)
class Courses:
    """person_day and known (columns of PERSON_DAY and of MOMENT) as of `day`; truth: person_id, course, dropout."""

    person_day: pl.DataFrame
    known: pl.DataFrame
    truth: pl.DataFrame
    day: date

    def back(self, number: int) -> "Courses":
        """What was known `number` days before."""
        day = self.day - timedelta(days=number)
        log = self.person_day.filter(pl.col("day") <= day)
        return Courses(log, days.known(self.truth["person_id"], log, day), self.truth, day)

    def silent_since(self, day: date) -> Floats:
        """1 for each without activity after `day`, up to now."""
        here = self.person_day.filter(pl.col("day") > day)["person_id"].unique()
        return (~self.truth["person_id"].is_in(here.implode())).to_numpy().astype(np.float64)


def read(data: Path, *, last_day: int = LAST_DAY) -> Courses:
    """What was known at the end of course day `last_day` (0..29). raises: NotFound without the files."""
    events, enrolments = needed(data / FOLDER, "daily_events.parquet", "enrollments.csv.gz")
    person_day = _days(pl.read_parquet(events), last_day)
    day = DAY_0 + timedelta(days=last_day)
    truth = pl.read_csv(enrolments, schema_overrides={"course": pl.String}).select(
        pl.col("enrollment_id").cast(pl.Int64).alias("person_id"), "course", "dropout"
    )
    return Courses(person_day, days.known(truth["person_id"], person_day, day), truth.sort("person_id"), day)


def _days(events: pl.DataFrame, last_day: int) -> pl.DataFrame:
    counted = events.filter(pl.col("day") <= last_day).select(
        pl.col("enrollment_id").cast(pl.Int64).alias("person_id"),
        (pl.lit(DAY_0) + pl.duration(days=pl.col("day").cast(pl.Int64))).cast(pl.Date).alias("day"),
        pl.sum_horizontal(pl.exclude("enrollment_id", "day").cast(pl.Int32)).alias("events"),
    )
    return days.rows(counted)
