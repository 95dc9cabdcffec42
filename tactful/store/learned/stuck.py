"""What was believed of being stuck, kept among `predictions` and held to the attempts that followed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from tactful.store.database import Connection
from tactful.store.learned import predictions
from tactful.store.sensed.measures import SCORE

# How long after the end of the wait what is counted only then still counts.
LATE = timedelta(days=7)

# By who was there lately: only they have curves that are judged.
LARGE = """
SELECT organisation_id, %(most)s / count(*)::float8 AS share FROM person_state WHERE last_seen_at > %(since)s
 GROUP BY organisation_id HAVING count(*) > %(most)s
"""
# What was counted only after the instant was not known at it.
MOVED = "SELECT person_id, skill_id AS about FROM skill_curve WHERE person_id = ANY(%s) AND changed_at > %s"
KEY = {"person_id": pl.Int64, "about": pl.String}
# Too few attempts prove nothing. What somebody stood at is their mastery as it was told.
SETTLE = f"""
UPDATE predictions p SET truth = n.mean - q.stood < %(rise)s
  FROM predictions q
 CROSS JOIN LATERAL (SELECT count(*) AS attempts, avg(score) AS mean
                       FROM (SELECT {SCORE} AS score FROM events e
                              WHERE e.person_id = q.person_id AND e.skill_id = q.about
                                AND e.occurred_at > q.asked_at AND e.occurred_at <= q.due_at) s
                      WHERE score IS NOT NULL) n
 WHERE p.id = q.id AND q.capability = 'plateau' AND q.truth IS NULL AND q.due_at <= %(at)s AND q.due_at > %(since)s
   AND n.attempts >= %(least)s
"""


def large(connection: Connection, *, since: datetime, most: int) -> dict[int, float]:
    """Of which share (0..1) of their people beliefs are kept in organisations where more than `most` came since."""
    found = connection.execute(LARGE, {"since": since, "most": most}).fetchall()
    return {row["organisation_id"]: row["share"] for row in found}


def note(
    connection: Connection, told: pl.DataFrame, shares: Mapping[int, float], *, at: datetime, horizon: timedelta
) -> None:
    """Keep what is believed at `at` of curves of which nothing was kept within a week; of a share of the people.

    told: person_id, organisation_id, about (the skill), score, probability, confidence, stood. shares: see `large`.
    Curves that have moved on since `at` are passed over.
    """
    moved = connection.execute(MOVED, (told["person_id"].unique().to_list(), at)).fetchall()
    still = told.join(pl.DataFrame(moved, KEY, orient="row"), on=list(KEY), how="anti")
    share = pl.col("organisation_id").replace_strict(dict(shares), default=1.0, return_dtype=pl.Float64)
    asked = predictions.Asked("plateau", at, at + horizon, predictions.EVERY)
    predictions.note(connection, still.with_columns(share=share), asked)


def settle(connection: Connection, *, at: datetime, least: int, rise: float) -> None:
    """Note of whom it came true whose wait is over by `at`: `least` attempts and more, which came out no better.

    rise: how much better than they stood [0..1] the mean score must be to count as progress.
    """
    connection.execute(SETTLE, {"at": at, "since": at - LATE, "least": least, "rise": rise})
