"""What came of moments in live sessions, and what an organisation has learned from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from psycopg.types.json import Jsonb

from tactful.store.database import Connection

# At once; the others come a few seconds later.
MOST = 500
# What somebody did to begin with is not counted as its effect, and so few stretches tell nothing [s, stretches].
AT_FIRST, LEAST = 20, 3
# Moments that effects are told from: of so many days, and of these the latest, at most so many.
LATELY_DAYS, LATEST = 180, 20_000

# What is done later in the same room spoils nothing: rooms that were left alone stay bad and are acted upon more often,
# and without those that were, an intervention that does nothing would seem to do harm. It only makes effects smaller.
# Engagement without votes, which answer what we ask: signals of each viewer beside what was usual at the moment.
SETTLE = """
WITH due AS (
  SELECT decision_id, live_session_id, at, settles_at, intervention_id FROM live_moments
   WHERE settled_at IS NULL AND settles_at + interval '3 seconds' <= %(at)s
   ORDER BY settles_at LIMIT %(most)s FOR UPDATE SKIP LOCKED),
heard AS (
  SELECT d.decision_id, count(e.bin) AS stretches,
         avg(e.signals / (e.signals + e.viewers * u.usual)) AS after
    FROM due d
    LEFT JOIN LATERAL (SELECT (parts ->> 'usual')::float8 AS usual FROM engagement
                        WHERE live_session_id = d.live_session_id AND at <= d.at ORDER BY at DESC LIMIT 1) u ON true
    LEFT JOIN engagement e ON e.live_session_id = d.live_session_id AND e.viewers > 0 AND u.usual > 0
                          AND e.at > d.at + make_interval(secs => %(first)s) AND e.at <= d.settles_at
   GROUP BY d.decision_id)
UPDATE live_moments m
   SET settled_at = %(at)s, after = CASE WHEN h.stretches >= %(least)s THEN h.after END,
       spoiled = h.stretches < %(least)s
  FROM due d JOIN heard h USING (decision_id) WHERE m.decision_id = d.decision_id
RETURNING m.*
"""
MOMENT: dict[str, Any] = {
    "decision_id": pl.Int64,
    "organisation_id": pl.Int64,
    "live_session_id": pl.Int64,
    "at": pl.Datetime("us", "UTC"),
    "anomaly_type": pl.String,
    "context": pl.String,
    "kind": pl.String,
    "template": pl.String,
    "acted": pl.Boolean,
    "propensity": pl.Float64,
    "offered": pl.List(pl.String),
    "control_share": pl.Float64,
    "intervention_id": pl.String,
    "before": pl.Float64,
    "expected": pl.Float64,
    "after": pl.Float64,
    "spoiled": pl.Boolean,
}
READ = f"""
SELECT {", ".join(name if name != "intervention_id" else "intervention_id::text" for name in MOMENT)} FROM live_moments
 WHERE organisation_id = %s AND settled_at IS NOT NULL AND NOT spoiled AND at > %s - make_interval(days => %s)
 ORDER BY settled_at DESC, decision_id LIMIT %s
"""
ARMS = "SELECT arm, body FROM live_arms WHERE organisation_id = %s FOR UPDATE"
LEARNED = """
INSERT INTO live_arms (organisation_id, arm, body, learned_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (organisation_id, arm) DO UPDATE SET body = excluded.body, learned_at = excluded.learned_at
"""
ALL = "SELECT organisation_id, body FROM live_arms WHERE arm = %s ORDER BY organisation_id"
TELL = """
UPDATE interventions i SET outcome = w.outcome
  FROM jsonb_to_recordset(%s) AS w (id uuid, outcome jsonb)
 WHERE i.id = w.id AND i.timestamp > %s - interval '2 days'
"""
# One at a time in an organisation, also where nothing was learned yet.
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('live arms ' || %s, 0))"


def settle(connection: Connection, at: datetime) -> pl.DataFrame:
    """Settle moments whose time is over; MOMENT of each."""
    values = {"at": at, "most": MOST, "first": AT_FIRST, "least": LEAST}
    return _frame(connection.execute(SETTLE, values).fetchall())


def moments(connection: Connection, organisation_id: int, at: datetime) -> pl.DataFrame:
    """MOMENT of what was settled lately in an organisation, unspoiled; the latest first, LATEST at most."""
    return _frame(connection.execute(READ, (organisation_id, at, LATELY_DAYS, LATEST)).fetchall())


def arms(connection: Connection, organisation_id: int) -> dict[str, Any]:
    """What an organisation has learned of each arm (kind, template), to be changed in the same transaction."""
    connection.execute(ALONE, (organisation_id,))
    return {row["arm"]: row["body"] for row in connection.execute(ARMS, (organisation_id,))}


def learned(connection: Connection, organisation_id: int, arm: str, body: Mapping[str, Any], at: datetime) -> None:
    """Keep what an organisation has learned of an arm."""
    connection.execute(LEARNED, (organisation_id, arm, Jsonb(dict(body)), at))


def every(connection: Connection, arm: str) -> list[dict[str, Any]]:
    """What organisations have learned of an arm, each on its own: organisation_id and body."""
    return connection.execute(ALL, (arm,)).fetchall()


def tell(connection: Connection, outcomes: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Write what came of interventions: id and outcome."""
    if outcomes:
        connection.execute(TELL, (Jsonb([dict(each) for each in outcomes]), at))


def _frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    told = [{**row, "intervention_id": row["intervention_id"] and str(row["intervention_id"])} for row in rows]
    return pl.DataFrame([[row[name] for name in MOMENT] for row in told], schema=MOMENT, orient="row")
