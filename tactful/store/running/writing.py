"""language_model_calls and prepared_words: what is wanting, what may be spent on it, and what waits to be used.

Money is claimed before anybody is asked, at the most that it can cost, and put right when the answer is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from tactful.facts.writing import PURPOSES, Answer
from tactful.store.database import Connection

# Sessions that run and have nothing prepared of a kind, and for which nobody was asked of late. Where something has
# just happened words are needed first, then where they have been wanting for longest.
WANTING = """
SELECT * FROM (
SELECT s.id, s.organisation_id, k.purpose, s.topic, s.title, s.language, coalesce(c.viewers, 0) AS viewers,
       coalesce((SELECT a.anomaly_type FROM anomalies a
                  WHERE a.live_session_id = s.id AND a.timestamp >= %(since)s AND a.timestamp <= %(at)s
                  ORDER BY a.timestamp DESC LIMIT 1), '') AS anomaly,
       ARRAY(SELECT h.line FROM (
               SELECT g.properties ->> 'text' AS line, g.at, g.seq FROM signals g
                WHERE g.live_session_id = s.id AND g.kind = 'chat' AND g.at >= %(since)s AND g.at <= %(at)s
                  AND g.properties ->> 'text' IS NOT NULL
                ORDER BY g.at DESC, g.seq DESC LIMIT %(lines)s) h ORDER BY h.at, h.seq) AS chat,
       (SELECT max(l.at) FROM language_model_calls l
         WHERE l.live_session_id = s.id AND l.purpose = k.purpose) AS asked
  FROM live_sessions s CROSS JOIN unnest(%(purposes)s::text[]) AS k (purpose)
  LEFT JOIN live_counts c ON c.live_session_id = s.id
 WHERE s.state = 'live'
   AND NOT EXISTS (SELECT FROM prepared_words p
                    WHERE p.live_session_id = s.id AND p.purpose = k.purpose AND p.expires_at > %(at)s)
   AND NOT EXISTS (SELECT FROM language_model_calls l
                    WHERE l.live_session_id = s.id AND l.purpose = k.purpose AND l.at > %(paused)s)
) w ORDER BY anomaly = '', asked NULLS FIRST, id, purpose
"""
# One after the other for each organisation, so that no two claims fit under the cap that do not fit together.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('language_model_calls', %(organisation)s))"
CLAIM = """
INSERT INTO language_model_calls (organisation_id, live_session_id, at, model, purpose, cost)
SELECT %(organisation)s, %(session)s::bigint, %(at)s, %(model)s, %(purpose)s, %(cost)s
  FROM (SELECT coalesce(sum(cost), 0) AS spent, count(*) AS calls FROM language_model_calls
         WHERE organisation_id = %(organisation)s AND at >= %(day)s) t
 WHERE t.spent + %(cost)s <= %(most)s AND t.calls < %(calls)s
   AND NOT EXISTS (SELECT FROM language_model_calls l
                    WHERE l.live_session_id = %(session)s::bigint AND l.purpose = %(purpose)s AND l.at > %(paused)s)
RETURNING id
"""
SETTLE = """
UPDATE language_model_calls
   SET input_tokens = %(input)s, output_tokens = %(output)s, cost = %(cost)s, latency_ms = %(ms)s,
       outcome = %(outcome)s, error = %(error)s
 WHERE id = %(id)s
"""
# Not where the session has gone meanwhile.
PREPARE = """
INSERT INTO prepared_words (live_session_id, organisation_id, purpose, call_id, content, prepared_at, expires_at)
SELECT s.id, s.organisation_id, %(purpose)s, %(call)s, %(content)s, %(at)s, %(until)s
  FROM live_sessions s WHERE s.id = %(session)s AND s.state = 'live'
    ON CONFLICT (live_session_id, purpose) DO UPDATE
   SET call_id = excluded.call_id, content = excluded.content, prepared_at = excluded.prepared_at,
       expires_at = excluded.expires_at
"""
# What somebody else is just taking is theirs.
TAKE = """
WITH mine AS MATERIALIZED (
  SELECT p.live_session_id AS session, p.purpose
    FROM unnest(%(sessions)s::bigint[], %(purposes)s::text[]) AS w (session, purpose)
    JOIN prepared_words p ON p.live_session_id = w.session AND p.purpose = w.purpose
   WHERE p.expires_at > %(at)s FOR UPDATE OF p SKIP LOCKED)
DELETE FROM prepared_words p USING mine WHERE p.live_session_id = mine.session AND p.purpose = mine.purpose
RETURNING p.live_session_id, p.purpose, p.content
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """most: what may be spent on an organisation in a day; calls: how often; pause: between two of a kind in a room."""

    most: float
    calls: int
    pause: timedelta


def wanting(
    connection: Connection, *, at: datetime, lines: int, window: timedelta, budget: Budget
) -> list[dict[str, Any]]:
    """For what something should be written now: one row for each session and kind, with what is known of the session.

    lines, window: how many of the newest lines of its chat, and from how long ago at most.
    """
    values = {"at": at, "since": at - window, "paused": at - budget.pause, "lines": lines, "purposes": list(PURPOSES)}
    return connection.execute(WANTING, values).fetchall()


def hold(connection: Connection, organisation: int) -> None:
    """Let nobody else claim anything of an organisation until this transaction ends."""
    connection.execute(LOCK, {"organisation": organisation})


def claim(
    connection: Connection, want: dict[str, Any], *, at: datetime, model: str, cost: float, budget: Budget
) -> int | None:
    """The number of a call that may be made, claimed at `cost`; None where that is beyond the budget of the day.

    Neither where somebody else has just asked for the same. In a transaction of its own: it keeps others waiting.
    """
    values = {
        "organisation": want["organisation_id"], "session": want["id"], "purpose": want["purpose"], "at": at,
        "model": model, "cost": cost, "most": budget.most, "calls": budget.calls, "paused": at - budget.pause,
        "day": at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0),
    }  # fmt: skip
    hold(connection, want["organisation_id"])
    row = connection.execute(CLAIM, values).fetchone()
    return None if row is None else int(row["id"])


def settle(connection: Connection, call: int, answer: Answer, *, cost: float) -> None:
    """Note what came of a call, and what it really cost."""
    values = {
        "id": call, "input": answer.input_tokens, "output": answer.output_tokens, "cost": cost,
        "ms": 1000 * answer.seconds, "outcome": answer.outcome.value, "error": answer.error,
    }  # fmt: skip
    connection.execute(SETTLE, values)


def prepare(
    connection: Connection, want: dict[str, Any], call: int, content: dict[str, Any], *, at: datetime, keep: timedelta
) -> None:
    """Let words wait to be used, until `keep` is over."""
    values = {
        "session": want["id"], "purpose": want["purpose"], "call": call, "content": Jsonb(content), "at": at,
        "until": at + keep,
    }  # fmt: skip
    connection.execute(PREPARE, values)


def take(
    connection: Connection, wanted: Sequence[tuple[int, str]], *, at: datetime
) -> dict[tuple[int, str], dict[str, Any]]:
    """What waits for these (live session, kind), by them; it waits no longer once this transaction is committed.

    One statement for any number. Nothing of what is not there: then templates are said.
    """
    if not wanted:
        return {}
    sessions, purposes = zip(*wanted, strict=True)
    values = {"sessions": list(sessions), "purposes": list(purposes), "at": at}
    rows = connection.execute(TAKE, values).fetchall()
    return {(row["live_session_id"], row["purpose"]): row["content"] for row in rows}
