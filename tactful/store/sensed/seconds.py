"""Sums of signals for each second of a session, and the counts that tell whoever reads them what is new."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
from psycopg import sql
from psycopg.rows import tuple_row

from tactful.facts.moments import INSTANT
from tactful.store.database import Connection
from tactful.store.literals import rows
from tactful.store.steps import Say, Steps

KEYS = ["live_session_id", "at"]
# Sums by kind of signal; who came and who went is told by `audience`.
SUMS = {"chats": "chat", "reactions": "reaction", "votes": "poll_vote", "questions": "question", "hands": "hand_raised"}
SECOND = pl.col("at").dt.truncate("1s")
COLUMNS = ("joins", "leaves", *SUMS, "attention_sum", "attention_count")
ADDED = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in COLUMNS)
NAMES = ", ".join(COLUMNS)
ADD = f"""
INSERT INTO live_seconds AS t (live_session_id, organisation_id, at, seq, viewers, {NAMES})
SELECT live_session_id, organisation_id, at, seq, viewers, {NAMES} FROM {{told}}
    ON CONFLICT (live_session_id, at) DO UPDATE
   SET seq = greatest(t.seq, excluded.seq), viewers = excluded.viewers, {ADDED}
"""
COUNTED = """
UPDATE live_counts c SET seq = w.seq, viewers = w.viewers, nameless = w.nameless, changed_at = {now}
  FROM {told} WHERE c.live_session_id = w.live_session_id
"""


def add(fresh: pl.DataFrame, told: pl.DataFrame, *, now: datetime, most: int) -> Steps[None]:
    """Add numbered signals to their seconds. told: see `audience.follow`. most: see `signals.count_signals`."""
    heard = fresh.with_columns(SECOND.alias("at"))
    place = pl.int_range(pl.len()).over("live_session_id", "participant", "at")
    flooding = pl.col("participant").is_not_null() & (place >= most)
    amount = pl.when(flooding).then(0).otherwise(pl.col("count"))
    value = pl.when(~flooding).then("value")
    sums = heard.with_columns(amount.alias("count"), value.alias("value")).group_by(KEYS).agg(
        pl.col("organisation_id").first(), pl.col("seq").max(),
        *(_of(kind).alias(name) for name, kind in SUMS.items()),
        (pl.col("value") * pl.col("count")).sum().alias("attention_sum"),
        pl.col("count").filter(pl.col("value").is_not_null()).sum().cast(pl.Int64).alias("attention_count"),
    )  # fmt: skip
    whole = sums.join(_moves(told), on=KEYS, how="left").join(
        told.select("live_session_id", "viewers"), on="live_session_id", how="left"
    )
    whole = whole.with_columns(pl.col("joins", "leaves").fill_null(0)).sort(KEYS)
    yield Say(sql.SQL(ADD).format(told=rows(whole, "w")))
    counts = fresh.group_by("live_session_id").agg(pl.col("seq").max()).join(
        told.select("live_session_id", "viewers", "nameless"), on="live_session_id"
    )  # fmt: skip
    yield Say(sql.SQL(COUNTED).format(now=sql.Literal(now), told=rows(counts.sort("live_session_id"), "w")))


def _of(kind: str) -> pl.Expr:
    return pl.col("count").filter(pl.col("kind") == kind).sum().cast(pl.Int64)


def _moves(told: pl.DataFrame) -> pl.DataFrame:
    """Who came and went in each second."""
    moves = told.select("live_session_id", "moves").drop_nulls().explode("moves").unnest("moves")
    if moves.is_empty():
        return pl.DataFrame(schema={"live_session_id": pl.Int64, "at": INSTANT, "joins": pl.Int64, "leaves": pl.Int64})
    by = pl.col("by")
    return moves.with_columns(SECOND.alias("at")).group_by(KEYS).agg(
        by.filter(by > 0).sum().alias("joins"), (-by.filter(by < 0).sum()).alias("leaves")
    )  # fmt: skip


HEARD: dict[str, Any] = {
    "live_session_id": pl.Int64, "at": INSTANT, "seq": pl.Int64, "viewers": pl.Int64,
    **dict.fromkeys((*("joins", "leaves"), *SUMS), pl.Int64), "attention_sum": pl.Float64, "attention_count": pl.Int64,
}  # fmt: skip
NEWS = f"""
SELECT s.live_session_id, s.at, s.seq, c.viewers, {", ".join(f"s.{name}" for name in COLUMNS)}
  FROM unnest(%s::bigint[], %s::bigint[]) AS w (live_session_id, seq)
  JOIN live_counts c ON c.live_session_id = w.live_session_id AND c.seq > w.seq
  JOIN live_seconds s ON s.live_session_id = w.live_session_id AND s.seq > w.seq AND s.at >= %s
"""


def news(connection: Connection, known: Mapping[int, int], *, since: datetime) -> pl.DataFrame:
    """Seconds from `since` on with signals after the last ones known: HEARD, whole sums, with viewers as of now.

    known: number of the live session -> the last signal seen of it (0: none). Sums are whole, so reading one again adds
    nothing.
    """
    cursor = connection.cursor(row_factory=tuple_row)
    found = cursor.execute(NEWS, (list(known), list(known.values()), since)).fetchall() if known else []
    return pl.DataFrame(found, schema=HEARD, orient="row")
