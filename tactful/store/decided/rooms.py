"""Live sessions at the moment something is decided about them, and what is written then.

Whoever decides holds the session's attention from reading it to the commit, so that no two decide at once and a
cooldown holds across processes, for what organisers set off by hand too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.copying import reserve
from tactful.store.database import Connection

# In a statement of its own: what is read beside a row that was waited for is as it was before.
HOLD = """
SELECT 1 FROM live_attention WHERE live_session_id = ANY(%s) ORDER BY live_session_id FOR NO KEY UPDATE
"""
ROOMS = """
SELECT s.id AS live_session_id, s.organisation_id, o.name AS organisation, s.session_id, s.event_id, s.title, s.topic,
       s.language, s.mode, s.state, s.seed, s.started_at, s.ends_at, c.viewers, a.last_by_kind::text AS last_by_kind,
       a.templates,
       (SELECT count(*) FROM interventions i
         WHERE i.live_session_id = s.id AND i.timestamp > %(at)s - interval '1 hour') AS acted_last_hour,
       ARRAY(SELECT type FROM live_suggestions g
              WHERE g.live_session_id = s.id AND g.state = 'waiting' AND g.expires_at > %(at)s) AS open_kinds,
       ARRAY(SELECT name FROM pauses p WHERE p.organisation_id = o.id AND mode = 'pause' AND scope <> 'channel')
         AS paused_kinds,
       ARRAY(SELECT name FROM pauses p WHERE p.organisation_id = o.id AND mode = 'pause' AND scope = 'channel')
         AS paused_channels,
       ARRAY(SELECT name FROM pauses p WHERE p.organisation_id = o.id AND mode = 'shadow') AS shadow_kinds,
       coalesce((SELECT body FROM own_settings w WHERE w.organisation_id = o.id AND w.area = 'settings'
                  ORDER BY version DESC LIMIT 1), '{}') AS own,
       coalesce((SELECT body::text FROM own_settings w WHERE w.organisation_id = o.id AND w.area = 'templates'
                  ORDER BY version DESC LIMIT 1), '') AS own_templates,
       (SELECT coalesce(max(id), 0) FROM own_settings) AS own_upto,
       coalesce((SELECT kind FROM agenda_items g
                  WHERE g.live_session_id = s.id AND g.starts_at <= %(at)s AND g.ends_at > %(at)s
                  ORDER BY kind = 'talk', g.starts_at LIMIT 1), 'talk') AS on_agenda
  FROM live_attention a JOIN live_sessions s ON s.id = a.live_session_id
  JOIN organisations o ON o.id = s.organisation_id JOIN live_counts c ON c.live_session_id = s.id
 WHERE a.live_session_id = ANY(%(sessions)s) ORDER BY a.live_session_id
"""
# A second look, by another holder perhaps, finds it noticed: of one kind in one session within this it is the same.
SAME = timedelta(minutes=1)
NOTICE = """
INSERT INTO anomalies (organisation_id, live_session_id, session_id, event_id, timestamp, bin, anomaly_type, severity,
                       anomaly_score, current_engagement, expected_engagement, deviation, reasoning, signals)
SELECT organisation_id, live_session_id, session_id, event_id, timestamp, bin, anomaly_type, severity, anomaly_score,
       current_engagement, expected_engagement, deviation, reasoning, signals
  FROM jsonb_to_recordset(%(rows)s) AS w (organisation_id bigint, live_session_id bigint, session_id text,
       event_id text, timestamp timestamptz, bin int, anomaly_type text, severity text, anomaly_score float8,
       current_engagement float8, expected_engagement float8, deviation float8, reasoning text, signals jsonb)
 WHERE NOT EXISTS (SELECT FROM anomalies a
                    WHERE a.live_session_id = w.live_session_id AND a.anomaly_type = w.anomaly_type
                      AND a.timestamp BETWEEN w.timestamp - %(same)s AND w.timestamp + %(same)s)
 ORDER BY live_session_id, anomaly_type
    ON CONFLICT (live_session_id, anomaly_type, timestamp) DO NOTHING
RETURNING id::text AS id, live_session_id, anomaly_type, timestamp
"""
CONFIGURATION = "INSERT INTO configurations (print, body) VALUES (%s, %s) ON CONFLICT DO NOTHING"
RECORD = """
WITH tick AS (INSERT INTO ticks (at, scope, policy, configuration, own_upto, people, reached, finished_at)
              VALUES (%(at)s, 'live', %(policy)s, %(configuration)s, %(upto)s, 0, 0, now()) RETURNING id)
INSERT INTO decisions (id, organisation_id, live_session_id, tick_id, at, result, policy, kinds, triggers, priorities,
                       expected, verdicts, chosen, due_at, propensity, draw, facts)
SELECT w.id, organisation_id, live_session_id, tick.id, %(at)s, result, %(policy)s, kinds, triggers, priorities,
       expected, verdicts, chosen, %(at)s, propensity, draw, facts
  FROM jsonb_to_recordset(%(rows)s) AS w (id bigint, organisation_id bigint, live_session_id bigint, result text,
       kinds text[], triggers text[], priorities int[], expected float8[], verdicts bigint[], chosen text,
       propensity float8, draw float8, facts jsonb), tick
"""
ACT = """
INSERT INTO interventions (id, organisation_id, live_session_id, session_id, event_id, timestamp, type, confidence,
                           reasoning, metadata, decision_id, actor)
SELECT id, organisation_id, live_session_id, session_id, event_id, %(at)s, type, confidence, reasoning, metadata,
       decision_id, actor
  FROM jsonb_to_recordset(%(rows)s) AS w (id uuid, organisation_id bigint, live_session_id bigint, session_id text,
       event_id text, type text, confidence float8, reasoning text, metadata jsonb, decision_id bigint, actor text)
"""
POLL = """
INSERT INTO polls (id, organisation_id, live_session_id, intervention_id, template, question, type, options, results,
                   opened_at, closes_at)
SELECT id, organisation_id, live_session_id, intervention_id, template, question, type, options, results, %(at)s,
       %(at)s + make_interval(secs => seconds)
  FROM jsonb_to_recordset(%(rows)s) AS w (id uuid, organisation_id bigint, live_session_id bigint, intervention_id uuid,
       template text, question text, type text, options text[], results text, seconds float8)
"""
# Of one moment there may be several in a session: a row is updated once, so they are gathered first.
SPEND = """
UPDATE live_attention a
   SET last_by_kind = a.last_by_kind || w.last, acted = a.acted + w.many,
       templates = (w.said || ARRAY(SELECT t FROM unnest(a.templates) WITH ORDINALITY u (t, n)
                                     WHERE t <> ALL(w.said) ORDER BY n))[1:10]
  FROM (SELECT live_session_id, jsonb_object_agg(type, epoch) AS last, count(*) AS many,
               coalesce(array_agg(template) FILTER (WHERE template IS NOT NULL), '{}') AS said
          FROM jsonb_to_recordset(%s) AS r (live_session_id bigint, type text, epoch bigint, template text)
         GROUP BY live_session_id) w
 WHERE a.live_session_id = w.live_session_id
"""
SUGGEST = """
INSERT INTO live_suggestions (organisation_id, live_session_id, decision_id, type, confidence, priority, reasoning,
                              content, suggested_at, expires_at)
SELECT organisation_id, live_session_id, decision_id, type, confidence, priority, reasoning, content, %(at)s,
       %(at)s + make_interval(secs => seconds)
  FROM jsonb_to_recordset(%(rows)s) AS w (organisation_id bigint, live_session_id bigint, decision_id bigint, type text,
       confidence float8, priority text, reasoning text, content jsonb, seconds float8)
 ORDER BY live_session_id, type
    ON CONFLICT (live_session_id, type) WHERE state = 'waiting' DO NOTHING
RETURNING id, live_session_id, type, confidence, priority, reasoning, content, suggested_at, expires_at
"""
# What waited too long makes room, before anything new is proposed.
EXPIRE = """
UPDATE live_suggestions SET state = 'expired', answered_at = %(at)s
 WHERE state = 'waiting' AND expires_at <= %(at)s AND live_session_id = ANY(%(sessions)s)
RETURNING id, organisation_id, live_session_id
"""
# The same in all sessions, for nobody may look at one again. What somebody is answering just now is theirs.
EXPIRE_ALL = """
WITH over AS (SELECT id FROM live_suggestions WHERE state = 'waiting' AND expires_at <= %(at)s
               ORDER BY id FOR UPDATE SKIP LOCKED)
UPDATE live_suggestions g SET state = 'expired', answered_at = %(at)s FROM over WHERE g.id = over.id
RETURNING g.id, g.organisation_id, g.live_session_id
"""
MOMENTS = """
INSERT INTO live_moments (decision_id, organisation_id, live_session_id, at, anomaly_type, context, kind, template,
                          acted, propensity, offered, control_share, intervention_id, before, expected, settles_at)
SELECT decision_id, organisation_id, live_session_id, %(at)s, anomaly_type, context, kind, template, acted, propensity,
       offered, control_share, intervention_id, before, expected, %(at)s + make_interval(secs => %(seconds)s)
  FROM jsonb_to_recordset(%(rows)s) AS w (decision_id bigint, organisation_id bigint, live_session_id bigint,
       anomaly_type text, context text, kind text, template text, acted boolean, propensity float8, offered text[],
       control_share float8, intervention_id uuid, before float8, expected float8)
"""
POST = """
INSERT INTO outbox (organisation_id, channel, body)
SELECT organisation_id, channel, body
  FROM ROWS FROM (jsonb_to_recordset(%s) AS (organisation_id bigint, channel text, body jsonb))
       WITH ORDINALITY AS w (organisation_id, channel, body, n)
 ORDER BY n RETURNING id, mark, channel, body
"""

Rows = Sequence[Mapping[str, Any]]


def rooms(connection: Connection, sessions: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    """What is known of these sessions, by number; their attention is held until the transaction ends."""
    connection.execute(HOLD, (list(sessions),))
    return connection.execute(ROOMS, {"sessions": list(sessions), "at": at}).fetchall()


def notice(connection: Connection, rows: Rows) -> dict[tuple[int, str, datetime], str]:
    """Write what was noticed; the ids of those that nobody had noticed before, by session, type and instant.

    rows: of one type in one session further apart than SAME.
    """
    for day in {str(row["timestamp"])[:10] for row in rows}:
        connection.execute("SELECT ensure_partition('anomalies', %s)", (day,))
    found = connection.execute(NOTICE, {"rows": _json(rows), "same": SAME}).fetchall()
    return {(row["live_session_id"], row["anomaly_type"], row["timestamp"]): row["id"] for row in found}


def record(
    connection: Connection,
    rows: Rows,
    *,
    at: datetime,
    policy: str,
    configuration: tuple[str, Mapping[str, Any]],
    own_upto: int,
) -> list[int]:
    """Write decisions to the ledger; their numbers, in order. own_upto: see `ticks.Tick`."""
    name, body = configuration
    connection.execute("SELECT ensure_partition('decisions', %s)", (at.date(),))
    connection.execute(CONFIGURATION, (name, Jsonb(dict(body))))
    ids = reserve(connection, "decisions_id_seq", len(rows)).to_list()
    told = [{**row, "id": number} for row, number in zip(rows, ids, strict=True)]
    connection.execute(
        RECORD, {"rows": _json(told), "at": at, "policy": policy, "configuration": name, "upto": own_upto}
    )
    return ids


def act(connection: Connection, rows: Rows, polls: Rows, spent: Rows, at: datetime) -> None:
    """Write interventions, the polls they open and the attention they take."""
    if not rows:
        return
    connection.execute("SELECT ensure_partition('interventions', %s)", (at.date(),))
    connection.execute(ACT, {"rows": _json(rows), "at": at})
    if polls:
        connection.execute(POLL, {"rows": _json(polls), "at": at})
    connection.execute(SPEND, (_json(spent),))


def expire(connection: Connection, sessions: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    """Let suggestions go that waited too long; id, organisation_id and live_session_id of each."""
    return connection.execute(EXPIRE, {"sessions": list(sessions), "at": at}).fetchall()


def expire_all(connection: Connection, at: datetime) -> list[dict[str, Any]]:
    """Let all suggestions go that waited too long; id, organisation_id, organisation_id and live_session_id of each."""
    return connection.execute(EXPIRE_ALL, {"at": at}).fetchall()


def suggest(connection: Connection, rows: Rows, *, at: datetime) -> list[dict[str, Any]]:
    """Propose to organisers, each for so many `seconds`; those that were not waiting already, as they are now."""
    return connection.execute(SUGGEST, {"rows": _json(rows), "at": at}).fetchall() if rows else []


def remember(connection: Connection, rows: Rows, *, at: datetime, seconds: float) -> None:
    """Keep moments whose outcome is to be compared, `seconds` from now."""
    if rows:
        connection.execute(MOMENTS, {"rows": _json(rows), "at": at, "seconds": seconds})


def post(connection: Connection, rows: Rows) -> list[dict[str, Any]]:
    """Lay out for publishing; the entries, in order."""
    return connection.execute(POST, (_json(rows),)).fetchall() if rows else []


def _json(rows: Rows) -> Jsonb:
    return Jsonb([dict(row) for row in rows])
