"""People's first events: where there is no history to merge with, the sums of a group are the state.

The same state as `rollup` makes, without asking what was there: rows are poured in, and streaks
and habits are worked out from the sums alone. A test holds the two to each other.
"""

from datetime import datetime

import polars as pl
from psycopg import sql

from tactful.facts.streaks import COMEBACK, WEEK
from tactful.store.copying import pour
from tactful.store.literals import rows
from tactful.store.sensed.rest import Rest
from tactful.store.sensed.sums import Sums
from tactful.store.steps import Say, Steps

STATE = """
UPDATE person_state s
   SET first_seen_at = n.first_at, last_seen_at = n.last_at, last_completion_at = n.completed_at, events = n.events,
       completions = n.completions, seconds = n.seconds, week_days = n.week_days, comebacks = n.comebacks,
       active_days = n.active_days, current_streak = n.current_streak, longest_streak = n.longest_streak,
       streak_day = n.streak_day, morning_hour = n.morning_hour, evening_hour = n.evening_hour,
       changed_at = {now}, next_due_at = least(s.next_due_at, {now})
  FROM {newcomers} WHERE s.person_id = n.person_id
"""


# Of `week_days`, by how many days before the last one.
BIT = {back: 1 << back for back in range(WEEK)}


def welcome(sums: Sums, now: datetime, rest: Rest) -> Steps[None]:
    """All state of people who have none but their row of person_state, which the transaction has just made."""
    yield pour("person_session", sums.runs)
    yield pour("person_day", _days(sums))
    yield pour("person_hour", sums.hours)
    if sums.skills.height:
        yield pour("person_skill", sums.skills.rename({"events": "attempts", "score": "score_sum"}))
    yield Say(sql.SQL(STATE).format(now=sql.Literal(now), newcomers=rows(_states(sums, rest), "n")))


def _days(sums: Sums) -> pl.DataFrame:
    # A session counts on the day it began.
    began = sums.runs.lazy().group_by("person_id", "day").agg(pl.len().alias("sessions"))
    days = sums.days.lazy().join(began, on=["person_id", "day"], how="left", maintain_order="left")
    return days.with_columns(pl.col("sessions").fill_null(0)).collect()


def _states(sums: Sums, rest: Rest) -> pl.DataFrame:
    # One plan for all of it: for a few hundred people, every step on its own would cost more than its work.
    states, hours = sums.people.lazy().join(_streaks(sums.days.lazy(), rest), on="person_id"), sums.hours.lazy()
    for name, first, last in (("morning_hour", 5, 11), ("evening_hour", 17, 23)):
        states = states.join(_busiest(hours, first, last).rename({"hour": name}), on="person_id", how="left")
    return states.collect()


def _streaks(days: pl.LazyFrame, rest: Rest) -> pl.LazyFrame:
    """Days in a row: how many there are, the longest streak, the one that ends last and when; see `facts.streaks`.

    They came in one group, so all their days were lived in one zone.
    """
    allowed, missed = rest.of(pl.col("organisation_id")), pl.col("gap") - 1
    # Of the seven days before a day, as many as lie on its six neighbours before it or less were active.
    lately = pl.sum_horizontal((pl.col("number") - pl.col("number").shift(n)).over("person_id") <= WEEK
                               for n in range(1, WEEK + 1))  # fmt: skip
    broken = (missed > allowed) | ((missed > 0) & (WEEK - pl.col("lately") > allowed))
    told = (
        days.sort("person_id", "day")
        .with_columns(number=pl.col("day").cast(pl.Int32))
        .with_columns(gap=pl.col("number").diff().over("person_id"), lately=lately)
        .with_columns(chain=broken.fill_null(False).cum_sum().over("person_id"))
        .with_columns(back=pl.col("number").max().over("person_id") - pl.col("number"))
    )
    chains = told.group_by("person_id", "chain", maintain_order=True).agg(
        pl.col("day").last(),
        pl.len().cast(pl.Int32).alias("length"),
        (pl.col("gap") > COMEBACK).sum().cast(pl.Int32).alias("comebacks"),
        # Each day is there once, so the bits add up.
        pl.col("back").filter(pl.col("back") < WEEK).replace_strict(BIT, return_dtype=pl.Int32).sum().alias("bits"),
    )
    return chains.group_by("person_id", maintain_order=True).agg(
        pl.col("length").sum().alias("active_days"),
        pl.col("length").max().alias("longest_streak"),
        pl.col("length").last().alias("current_streak"),
        pl.col("day").last().alias("streak_day"),
        pl.col("bits").sum().alias("week_days"),
        pl.col("comebacks").sum(),
    )


def _busiest(hours: pl.LazyFrame, first: int, last: int) -> pl.LazyFrame:
    """The local hour of the day from `first` to `last` with most events; the earlier of two that are even."""
    daily = hours.with_columns(pl.col("hour") % 24).filter(pl.col("hour").is_between(first, last))
    counts = daily.group_by("person_id", "hour").agg(pl.col("events").sum())
    ranked = counts.sort("person_id", -pl.col("events"), "hour")
    return ranked.group_by("person_id", maintain_order=True).agg(pl.col("hour").first())
