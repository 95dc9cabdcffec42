"""Dropout for the inherited checks: generated people, asked at one instant, and the silence that followed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import ibis
import numpy as np
import polars as pl

from tactful.decide import with_local_days, with_wall_clock
from tactful.facts.activity import PERSON_DAY, person_day, window
from tactful.facts.additive import Floats
from tactful.facts.moments import MOMENT
from tactful.kernel.chance import mix
from tactful.predict import dropout

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
DAYS = 60
HORIZON = timedelta(days=dropout.HORIZON.default)
# Counts of a day with activity, as far as the features read them.
COUNTS = {"events": 3, "sessions": 1, "completions": 1, "score_sum": 0.6, "score_count": 1,
          "sentiment_sum": 0.1, "sentiment_count": 1, "seconds": 60.0}  # fmt: skip


def draws(size: int, number: int) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def days(size: int, *, until: datetime) -> pl.DataFrame:
    """PERSON_DAY of people each with a pace of their own, of whom some stop one day for good."""
    pace, stops = 0.05 + 0.9 * draws(size, 1), DAYS * 1.6 * draws(size, 2)
    first = (AT - timedelta(days=DAYS)).date()
    rows = []
    for day in range(DAYS + dropout.HORIZON.default + 1):
        here = np.flatnonzero((draws(size, 100 + day) < pace) & (day < stops))
        rows.append(pl.DataFrame({"person_id": here, "day": [first + timedelta(days=day)] * here.size}))
    every = pl.concat(rows).filter(pl.col("day") <= until.date())
    told = every.with_columns(
        pl.lit(1).alias("organisation_id"),
        pl.lit("UTC").alias("zone"),
        *(pl.lit(n).alias(k) for k, n in COUNTS.items()),
    )
    return told.select(list(PERSON_DAY))


def expression() -> Any:
    """The features asked for at AT."""
    return dropout.features(person_day, window(AT.date()))


def asked(size: int, *, until: datetime | None = None) -> pl.DataFrame:
    """GIVEN of `size` people at AT, from a log that reaches to `until`."""
    log = days(size, until=until or AT)
    statement = ibis.to_sql(expression(), dialect="duckdb")
    with duckdb.connect() as engine:
        engine.register("person_day", log.to_arrow())
        recent = pl.DataFrame(engine.sql(statement).to_arrow_table())
    return dropout.given(_known(size, log.filter(pl.col("day") <= AT.date())), recent)


def lessons(size: int) -> tuple[pl.DataFrame, Floats]:
    """GIVEN with 1 for each who was not there for the whole horizon after AT."""
    later = days(size, until=AT + HORIZON).filter(pl.col("day") > AT.date())
    back = np.isin(np.arange(size), later["person_id"].unique().to_numpy())
    return asked(size), (~back).astype(np.float64)


def baseline(given: pl.DataFrame) -> Floats:
    """Days since the last activity, alone."""
    return given["days_silent"].fill_null(0).to_numpy().astype(np.float64)


def _known(size: int, log: pl.DataFrame) -> pl.DataFrame:
    """MOMENT as far as dropout reads it; streaks play no part here."""
    here = log.group_by("person_id").agg(
        first=pl.col("day").min(), streak_day=pl.col("day").max(), active_days=pl.len(), events=pl.col("events").sum()
    )
    everybody = pl.DataFrame({"person_id": np.arange(size)}).join(
        here, on="person_id", how="left", maintain_order="left"
    )
    noon = (pl.col("first").cast(pl.Datetime("us", "UTC")) + timedelta(hours=12)).alias("first_seen_at")
    last = (pl.col("streak_day").cast(pl.Datetime("us", "UTC")) + timedelta(hours=12)).alias("last_seen_at")
    known = everybody.with_columns(noon, last, pl.lit("UTC").alias("zone"), longest_streak=1, current_streak=1)
    known = known.with_columns(last_completion_at=pl.col("last_seen_at"))
    names = [name for name in MOMENT if name in known.columns]
    return with_local_days(with_wall_clock(known.select(pl.col(name).cast(MOMENT[name]) for name in names), AT))
