"""What a group of events adds up to: by session, day, hour, skill and person. Pure.

Summing here, column by column, leaves the database a row for each person and day instead of one
for each event.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tactful.store.sensed.kept import parted
from tactful.store.sensed.measures import SESSION_SILENCE

ORGANISATION = pl.col("organisation_id").first()
EVENTS = pl.len().cast(pl.Int32).alias("events")
AT = pl.col("occurred_at")
LOCAL = pl.col("local")


@dataclass(frozen=True, slots=True)
class Sums:
    """One row each: run of events without a long silence, person's local day, hour of the week, skill, person."""

    runs: pl.DataFrame
    days: pl.DataFrame
    hours: pl.DataFrame
    skills: pl.DataFrame
    people: pl.DataFrame

    def split(self, people: Sequence[int]) -> tuple["Sums", "Sums"]:
        """The sums of these people, and those of all others."""
        parts = [parted(getattr(self, name), people) for name in self.__slots__]
        return Sums(*(theirs for theirs, _ in parts)), Sums(*(rest for _, rest in parts))


def sums(group: pl.DataFrame) -> Sums:
    """The sums of a GROUP (see `counting`) in order of people and time."""
    told = with_wall_clock(group)
    return Sums(
        told.group_by("person_id", _run(), maintain_order=True)
        .agg(
            ORGANISATION,
            AT.first().alias("started_at"),
            AT.last().alias("ended_at"),
            LOCAL.first().dt.date().alias("day"),
            EVENTS,
        )
        .drop("run"),
        told.group_by("person_id", LOCAL.dt.date().alias("day"), maintain_order=True).agg(
            ORGANISATION, pl.col("zone").first(), EVENTS, *_measured()
        ),
        told.group_by("person_id", _hour_of_week(), maintain_order=True).agg(ORGANISATION, EVENTS, *_scored()),
        told.drop_nulls("skill_id")
        .group_by("person_id", "skill_id", maintain_order=True)
        .agg(ORGANISATION, EVENTS, pl.col("score").sum(), AT.last().alias("last_at")),
        told.group_by("person_id", maintain_order=True).agg(
            AT.first().alias("first_at"),
            AT.last().alias("last_at"),
            AT.filter(pl.col("completed")).last().alias("completed_at"),
            EVENTS,
            pl.col("completed").sum().cast(pl.Int32).alias("completions"),
            pl.col("seconds").sum(),
        ),
    )


def with_wall_clock(group: pl.DataFrame) -> pl.DataFrame:
    """`group` with what the person's clock showed at each event, as `local`.

    By zone; everybody has one, so their events stay together and in order.
    """
    if group.is_empty():
        return group.with_columns(AT.dt.replace_time_zone(None).alias("local"))
    zones = [
        part.with_columns(AT.dt.convert_time_zone(zone).dt.replace_time_zone(None).alias("local"))
        for (zone,), part in group.partition_by("zone", as_dict=True).items()
    ]
    return pl.concat(zones)


def _run() -> pl.Expr:
    begins = (pl.col("person_id") != pl.col("person_id").shift()) | (AT.diff() > SESSION_SILENCE)
    return begins.fill_null(True).cum_sum().alias("run")


def _hour_of_week() -> pl.Expr:
    return ((LOCAL.dt.weekday().cast(pl.Int16) - 1) * 24 + LOCAL.dt.hour()).alias("hour")


def _measured() -> list[pl.Expr]:
    return [
        pl.col("completed").sum().cast(pl.Int32).alias("completions"),
        *_scored(),
        pl.col("sentiment").sum().alias("sentiment_sum"),
        pl.col("sentiment").count().cast(pl.Int32).alias("sentiment_count"),
        pl.col("seconds").sum(),
    ]


def _scored() -> list[pl.Expr]:
    return [pl.col("score").sum().alias("score_sum"), pl.col("score").count().cast(pl.Int32).alias("score_count")]
