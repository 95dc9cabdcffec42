"""Counting what a live audience does: each id once within its session, with all sums that are read every second.

A group is one transaction. The sessions' counts are locked in order, so whoever counts for the same session comes
after us; numbers (`seq`) are therefore without gaps and in the order of commits, and whoever reads sums with a number
above the last one they saw has missed nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import polars as pl
from msgspec.json import Encoder
from psycopg import sql

from tactful.facts.audiences import Signal
from tactful.facts.moments import INSTANT
from tactful.kernel.errors import Conflict, NotFound, TactfulError
from tactful.store.copying import pour
from tactful.store.database import Database
from tactful.store.literals import rows as literal_rows
from tactful.store.sensed import audience, seconds
from tactful.store.steps import Say, Steps, run

# An organisation's name and a signal from it.
Row = tuple[str, Signal]


class Counted(StrEnum):
    """What became of a signal: counted, counted before, or from before or after its session."""

    NEW = "new"
    KNOWN = "known"
    OUTSIDE = "outside"


# For each row: what became of it, or why nothing of its session could be counted.
Result = Counted | TactfulError

# So long after its end signals of before are still taken: they were on their way.
ON_THEIR_WAY = timedelta(minutes=5)
# So long before its start an audience may gather.
BEFORE = timedelta(hours=12)

GROUP: dict[str, Any] = {
    "number": pl.Int64,
    "live_session_id": pl.Int64,
    "organisation_id": pl.Int64,
    "id": pl.String,
    "kind": pl.String,
    "participant": pl.String,
    "at": INSTANT,
    "count": pl.Int32,
    "value": pl.Float64,
    "properties": pl.String,
}
STORED = [name for name in GROUP if name != "number"] + ["seq", "received_at"]
LINES = Encoder()

# From here on others wait for what is locked: whoever stands still with it for 5 s is cut off.
FIND = """
SELECT s.id, set_config('idle_in_transaction_session_timeout', '5000', true)
  FROM live_sessions s JOIN organisations o ON o.id = s.organisation_id
  JOIN unnest(%s::text[], %s::text[]) AS w (name, session_id) ON w.name = o.name AND w.session_id = s.session_id
"""
LOCK = """
SELECT live_session_id, seq, viewers, nameless FROM live_counts
 WHERE live_session_id = ANY(%s) ORDER BY live_session_id FOR NO KEY UPDATE
"""
# Asked only once they are locked: who ends a session locks its counts too.
READ = """
SELECT o.name, s.session_id, s.id, s.organisation_id, s.state, s.started_at, s.ended_at
  FROM live_sessions s JOIN organisations o ON o.id = s.organisation_id WHERE s.id = ANY(%s)
"""
ENSURE = "SELECT ensure_partition(parent, day) FROM unnest(%s::text[], %s::date[]) AS w (parent, day)"
CLAIM = """
INSERT INTO signal_keys (live_session_id, id, received_at) SELECT live_session_id, id, {now} FROM {keys}
    ON CONFLICT DO NOTHING RETURNING live_session_id, id
"""


def count_signals(rows: Sequence[Row], *, now: datetime, most: int) -> Steps[list[Result]]:
    """Count a group of signals, all of them checked (`sense.signals`); one Result for each, in order.

    most: of one participant's signals in one second so many are heard, the others only stored.
    """
    counts, sessions = yield from _sessions(rows)
    refused = {key: _refusal(key, sessions.get(key), now) for key in {(name, each.session) for name, each in rows}}
    results: list[Result] = [
        refused[name, each.session] or _place(sessions[name, each.session], each) for name, each in rows
    ]
    group = _group(rows, [number for number, told in enumerate(results) if told is Counted.KNOWN], sessions)
    if group.is_empty():
        return results
    yield from _room(group)
    fresh = _numbered((yield from _claim(group, now)), counts)
    if not fresh.is_empty():
        yield pour("signals", fresh.with_columns(pl.lit(now.isoformat()).alias("received_at")).select(STORED))
        told = yield from audience.follow(fresh, counts)
        yield from seconds.add(fresh, told, now=now, most=most)
    for number in fresh["number"].to_list():
        results[number] = Counted.NEW
    return results


def write_large(database: Database, rows: Sequence[Row], *, now: datetime, most: int) -> list[Result]:
    """`count_signals` in a transaction of its own and in the caller's thread, for groups that keep Python busy."""
    with database.batch() as connection:
        return run(connection, count_signals(rows, now=now, most=most))


def _sessions(rows: Sequence[Row]) -> Steps[tuple[pl.DataFrame, dict[tuple[str, str], dict[str, Any]]]]:
    """Counts, locked, and what is known of the sessions by organisation and name."""
    keys = sorted({(name, each.session) for name, each in rows})
    ids = [row["id"] for row in (yield Say(FIND, ([name for name, _ in keys], [own for _, own in keys])))]
    counts = pl.DataFrame((yield Say(LOCK, (ids,))), schema=audience.COUNTS, orient="row")
    found = yield Say(READ, (ids,))
    return counts, {(row["name"], row["session_id"]): row for row in found}


def _refusal(key: tuple[str, str], session: dict[str, Any] | None, now: datetime) -> TactfulError | None:
    if session is None:
        return NotFound(f"There is no live session {key[1]}; create it first.", fields=["session_id"])
    if session["state"] == "ended" and now > session["ended_at"] + ON_THEIR_WAY:
        return Conflict(f"The live session {key[1]} has ended; nothing is heard of it any more.", fields=["session_id"])
    return None


def _place(session: dict[str, Any], told: Signal) -> Counted:
    after = session["ended_at"] is not None and told.at > session["ended_at"]
    before = session["started_at"] is not None and told.at < session["started_at"] - BEFORE
    return Counted.OUTSIDE if after or before else Counted.KNOWN


def _group(rows: Sequence[Row], numbers: list[int], sessions: dict[tuple[str, str], dict[str, Any]]) -> pl.DataFrame:
    pairs = [(sessions[rows[number][0], rows[number][1].session], rows[number][1]) for number in numbers]
    told = [each for _, each in pairs]
    frame = pl.DataFrame(
        {
            "number": numbers,
            "live_session_id": [session["id"] for session, _ in pairs],
            "organisation_id": [session["organisation_id"] for session, _ in pairs],
            "id": [each.id for each in told],
            "kind": [each.kind for each in told],
            "participant": [each.participant for each in told],
            "at": pl.Series([round(each.at.timestamp() * 1e6) for each in told], dtype=pl.Int64).cast(INSTANT),
            "count": [each.count for each in told],
            "value": [each.value for each in told],
            "properties": LINES.encode_lines([each.properties for each in told]).decode().split("\n")[:-1],
        },
        schema=GROUP,
    )
    return frame.unique(["live_session_id", "id"], keep="first", maintain_order=True)


def _room(group: pl.DataFrame) -> Steps[None]:
    days = group["at"].dt.date().unique().to_list()
    yield Say(ENSURE, (["signals"] * len(days) + ["live_seconds"] * len(days), days * 2))


def _claim(group: pl.DataFrame, now: datetime) -> Steps[pl.DataFrame]:
    keys = group.select("live_session_id", "id").sort("live_session_id", "id")
    claimed = yield Say(sql.SQL(CLAIM).format(now=sql.Literal(now), keys=literal_rows(keys, "w")))
    if len(claimed) == group.height:
        return group
    fresh = pl.DataFrame(claimed, schema={"live_session_id": pl.Int64, "id": pl.String}, orient="row")
    return group.join(fresh, on=["live_session_id", "id"], how="semi", maintain_order="left")


def _numbered(fresh: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    place = pl.int_range(1, pl.len() + 1).over("live_session_id")
    before = counts.select("live_session_id", pl.col("seq").alias("before"))
    return fresh.join(before, on="live_session_id", how="left", maintain_order="left").with_columns(
        (pl.col("before") + place).alias("seq")
    )
