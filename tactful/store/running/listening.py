"""What the process that listens to live sessions reads and keeps: which there are, what was heard, where it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tactful.store.copying import copy_frame
from tactful.store.database import Connection
from tactful.store.tables.live import PARTITIONS

# As little as can be: it is asked every second.
LIVE = """
SELECT id, revision FROM live_sessions WHERE state = 'live' AND id %% %(partitions)s = ANY(%(held)s)
"""
DESCRIBED = """
SELECT s.id AS live_session_id, s.organisation_id, s.started_at, s.ends_at, s.prior_level, s.prior_spread, s.revision,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(a.kind, extract(epoch FROM a.starts_at)::float8,
                                                    extract(epoch FROM a.ends_at)::float8)), '[]')
          FROM agenda_items a WHERE a.live_session_id = s.id AND a.kind <> 'talk') AS agenda
  FROM live_sessions s WHERE s.state = 'live' AND s.id = ANY(%s) ORDER BY s.id
"""
# What the detectors knew, and what they have been told since.
SNAPSHOTS = "SELECT live_session_id, bins, body FROM live_snapshots WHERE live_session_id = ANY(%s)"
TOLD = """
SELECT e.live_session_id, e.bin, e.viewers, e.signals, extract(epoch FROM e.at)::float8 AS ends
  FROM engagement e LEFT JOIN live_snapshots s USING (live_session_id)
 WHERE e.live_session_id = ANY(%s) AND e.bin >= coalesce(s.bins, 0) ORDER BY e.bin, e.live_session_id
"""
KEEP = """
INSERT INTO live_snapshots (live_session_id, organisation_id, bins, body, taken_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (live_session_id) DO UPDATE
   SET bins = excluded.bins, body = excluded.body, taken_at = excluded.taken_at
"""
# A stretch is told once; after a takeover it may be there.
STAGE = "CREATE TEMP TABLE IF NOT EXISTS engagement_new (LIKE engagement) ON COMMIT DELETE ROWS"
WRITE = """
INSERT INTO engagement SELECT * FROM engagement_new ON CONFLICT (live_session_id, at) DO NOTHING
"""
COLUMNS = ("live_session_id", "organisation_id", "at", "bin", "viewers", "signals", "score", "parts")
ONE = f"""
INSERT INTO engagement ({", ".join(COLUMNS)}) VALUES ({", ".join(f"%({name})s" for name in COLUMNS)})
    ON CONFLICT (live_session_id, at) DO NOTHING
"""
# Sessions of ours that have ended and were not closed: their snapshot is still there. Their level is what the detectors
# believed of them at last.
OVER = """
SELECT s.id AS live_session_id, s.organisation_id, s.ended_at,
       (SELECT ln(greatest((e.parts ->> 'usual')::float8, 1e-9)) FROM engagement e WHERE e.live_session_id = s.id
         ORDER BY e.at DESC LIMIT 1) AS level
  FROM live_sessions s
  JOIN live_snapshots k ON k.live_session_id = s.id
 WHERE s.state = 'ended' AND s.id %% %(partitions)s = ANY(%(held)s) ORDER BY s.id
"""
CLOSE = (
    "UPDATE live_sessions SET level = coalesce(%(level)s, level) WHERE id = %(session)s",
    "DELETE FROM live_snapshots WHERE live_session_id = %(session)s",
)


def live(connection: Connection, held: Sequence[int]) -> dict[int, int]:
    """The sessions that are live in these partitions: number -> revision of what is said of them."""
    found = connection.execute(LIVE, {"partitions": PARTITIONS, "held": list(held)}).fetchall()
    return {row["id"]: row["revision"] for row in found}


def described(connection: Connection, sessions: Sequence[int]) -> list[dict[str, Any]]:
    """What is said of those that are live, with their agenda: [kind, from, until] in s since 1970."""
    return connection.execute(DESCRIBED, (list(sessions),)).fetchall() if sessions else []


def over(connection: Connection, held: Sequence[int]) -> list[dict[str, Any]]:
    """Sessions of these partitions that have ended and still have to be closed."""
    return connection.execute(OVER, {"partitions": PARTITIONS, "held": list(held)}).fetchall()


def snapshots(connection: Connection, sessions: Sequence[int]) -> list[dict[str, Any]]:
    """What detectors knew of these sessions, of those where it was kept."""
    return connection.execute(SNAPSHOTS, (list(sessions),)).fetchall()


def told(connection: Connection, sessions: Sequence[int]) -> list[dict[str, Any]]:
    """What detectors have been told of these sessions since their snapshot, in order."""
    return connection.execute(TOLD, (list(sessions),)).fetchall()


def keep(connection: Connection, rows: Sequence[tuple[int, int, int, bytes]], at: datetime) -> None:
    """Keep snapshots: live_session_id, organisation_id, after how many stretches, and what is known then."""
    with connection.cursor() as cursor:
        cursor.executemany(KEEP, [(*row, at) for row in rows])


def write(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what was heard in stretches that are over, rows of COLUMNS."""
    if not rows:
        return
    for day in {row["at"].date() for row in rows}:
        connection.execute("SELECT ensure_partition('engagement', %s)", (day,))
    if len(rows) < 20:
        _few(connection, rows)
        return
    connection.execute(STAGE)
    frame = pl.DataFrame([[row[name] for name in COLUMNS] for row in rows], schema=list(COLUMNS), orient="row")
    copy_frame(connection, "engagement_new", frame)
    connection.execute(WRITE)


def _few(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(ONE, [dict(row) for row in rows])


def close(connection: Connection, live_session_id: int, level: float | None) -> None:
    """Let go of a session that has ended; later ones start from its level [log signals per viewer and 10 s]."""
    for statement in CLOSE:
        connection.execute(statement, {"session": live_session_id, "level": level})
