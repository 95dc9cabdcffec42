"""Who is there: the audience of each session, brought up to date with every signal under the lock of its counts.

What somebody did last, by their own time, tells whether they are there: whoever left is gone, whoever did anything else
has come, even where no joining was told. What comes late changes nothing about who is there now.
"""

from typing import Any

import polars as pl
from psycopg import sql

from tactful.facts.moments import INSTANT
from tactful.store.literals import rows
from tactful.store.steps import Say, Steps

COUNTS: dict[str, Any] = {
    "live_session_id": pl.Int64, "seq": pl.Int64, "viewers": pl.Int64, "nameless": pl.Int64,
}  # fmt: skip
KEYS = ["live_session_id", "participant"]
# What is counted of each participant, by kind of signal.
DONE = {"chats": "chat", "reactions": "reaction", "votes": "poll_vote", "questions": "question", "hands": "hand_raised"}
FOUND: dict[str, Any] = {
    "live_session_id": pl.Int64, "participant": pl.String, "was_present": pl.Boolean, "was_at": INSTANT,
}  # fmt: skip
KNOWN = """
SELECT live_session_id, participant, present AS was_present, last_at AS was_at FROM live_participants
  JOIN {wanted} USING (live_session_id, participant)
"""
NAMES = ", ".join(DONE)
ADDED = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in DONE)
WRITE = f"""
INSERT INTO live_participants AS t (live_session_id, participant, organisation_id, present, since, first_at, last_at,
                                    {NAMES})
SELECT live_session_id, participant, organisation_id, present::int::boolean, last_at, first_at, last_at, {NAMES}
  FROM {{told}} ON CONFLICT (live_session_id, participant) DO UPDATE
   SET present = excluded.present, {ADDED}, last_at = greatest(t.last_at, excluded.last_at),
       first_at = least(t.first_at, excluded.first_at),
       since = CASE WHEN t.present = excluded.present THEN t.since ELSE excluded.last_at END
"""


def follow(fresh: pl.DataFrame, counts: pl.DataFrame) -> Steps[pl.DataFrame]:
    """Take signals into account: `counts` as they are now, with who came and who went.

    Answers live_session_id, viewers, nameless, and `moves`: a list of instants (`at`) at which so many came (`by` above
    0) or went (below).
    """
    named = fresh.filter(pl.col("participant").is_not_null())
    changed = (yield from _participants(named)) if not named.is_empty() else _nobody()
    nameless = fresh.filter(pl.col("participant").is_null() & pl.col("kind").is_in(["join", "leave"])).select(
        "live_session_id", "at", pl.when(pl.col("kind") == "join").then("count").otherwise(-pl.col("count")).alias("by")
    )
    return _moved(changed, nameless, counts)


def _participants(named: pl.DataFrame) -> Steps[pl.DataFrame]:
    wanted = named.select(KEYS).unique()
    found = yield Say(sql.SQL(KNOWN).format(wanted=rows(wanted, "w")))
    last = named.sort("at", "seq").group_by(KEYS, maintain_order=True).agg(
        pl.col("organisation_id").last(), (pl.col("kind").last() != "leave").alias("stays"),
        pl.col("at").last().alias("last_at"), pl.col("at").first().alias("first_at"),
        *((pl.col("kind") == kind).sum().cast(pl.Int64).alias(name) for name, kind in DONE.items()),
    )  # fmt: skip
    told = last.join(pl.DataFrame(found, schema=FOUND, orient="row"), on=KEYS, how="left").with_columns(
        pl.when(pl.col("last_at") < pl.col("was_at")).then("was_present").otherwise("stays").alias("present")
    )
    columns = [*KEYS, "organisation_id", "last_at", "first_at", *DONE]
    written = told.select(*columns, pl.col("present").cast(pl.Int64)).sort(KEYS)
    yield Say(sql.SQL(WRITE).format(told=rows(written, "w")))
    by = pl.col("present").cast(pl.Int64) - pl.col("was_present").fill_null(False).cast(pl.Int64)
    # Whoever came did so with the first they did, whoever went with the last.
    at = pl.when(by > 0).then("first_at").otherwise("last_at")
    return told.select("live_session_id", at.alias("at"), by.alias("by")).filter(pl.col("by") != 0)


def _nobody() -> pl.DataFrame:
    return pl.DataFrame(schema={"live_session_id": pl.Int64, "at": INSTANT, "by": pl.Int64})


def _moved(named: pl.DataFrame, nameless: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    moves = pl.concat([named, nameless.with_columns(pl.col("by").cast(pl.Int64))])
    sums = moves.group_by("live_session_id").agg(pl.struct("at", "by").alias("moves"))
    by_name = named.group_by("live_session_id").agg(pl.col("by").sum().alias("named"))
    by_number = nameless.group_by("live_session_id").agg(pl.col("by").sum().cast(pl.Int64).alias("numbered"))
    both = counts.join(by_name, on="live_session_id", how="left").join(by_number, on="live_session_id", how="left")
    # Nobody can go who was never told to have come.
    rest = pl.max_horizontal(pl.col("nameless") + pl.col("numbered").fill_null(0), 0)
    known = pl.col("viewers") - pl.col("nameless") + pl.col("named").fill_null(0)
    return both.select("live_session_id", (known + rest).alias("viewers"), rest.alias("nameless")).join(
        sums, on="live_session_id", how="left"
    )
