"""Interventions and their deliveries: planned in the same transaction as the decision they follow from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tactful.facts.moments import INSTANT
from tactful.kernel.records import IN_APP, Delivery, Receipt
from tactful.store.copying import stage
from tactful.store.database import Connection
from tactful.store.decided import outreach
from tactful.store.decided.milestones import celebrated
from tactful.store.decided.moments import Scope
from tactful.store.decided.regressions import reminded
from tactful.store.reading import Reader
from tactful.store.running import jobs

# One open intervention, as `decide.review` wants to see it.
OPEN: dict[str, Any] = {
    "intervention_id": pl.Int64,
    "person_id": pl.Int64,
    "organisation_id": pl.Int64,
    "kind": pl.String,
    "trigger": pl.String,
    "channel": pl.String,
    "priority": pl.Int32,
    "state": pl.String,
    "snoozed": pl.Boolean,
    "due_at": INSTANT,
    "expires_at": INSTANT,
    "triggered_at": INSTANT,
}

STATES = {"acted": "planned", "deferred": "deferred", "shadow": "shadow"}


STAGED = """user_id bigint, organization_id bigint, intervention_type text, priority int, trigger text, channel text,
            context jsonb, state text, decision_id bigint, triggered_at timestamptz, due_at timestamptz,
            expires_at timestamptz"""
NAMES = ", ".join(column.split()[0] for column in STAGED.split(","))

# What a worker does to send through one channel.
SENDING = "tactful.send"
# Phones and browsers of one person that get the same message at most.
MOST = 5


def addressed(rows: str, condition: str, *, again: str = "0") -> str:
    """A WITH part `sending`: a delivery for every address that rows `m` of interventions go to, latest told first.

    Where there is none, one all the same: in the product there is nothing to find, and elsewhere it says that it
    could not be delivered. again: how many went before; what was snoozed comes anew.
    """
    return f"""
sending AS (
  INSERT INTO deliveries (organisation_id, person_id, intervention_id, channel, due_at, expires_at, address_id, again)
  SELECT m.organization_id, m.user_id, m.id, m.channel, m.due_at, m.expires_at, a.id, {again}
    FROM {rows}
    LEFT JOIN LATERAL (SELECT id FROM addresses
                        WHERE person_id = m.user_id AND channel = m.channel AND disabled_at IS NULL
                        ORDER BY created_at DESC, id DESC LIMIT {MOST}) a ON true
   WHERE {condition} ORDER BY m.user_id, a.id)"""


# Whoever has one of the kind open already keeps that one. In person order, so that deciders wait for
# each other and never in a circle.
PLAN = f"""
WITH made AS (
  INSERT INTO intervention_logs ({NAMES})
  SELECT {NAMES} FROM wanted ORDER BY user_id ON CONFLICT DO NOTHING
  RETURNING id, user_id, organization_id, channel, state, decision_id, due_at, expires_at),
{addressed("made m", "m.state = 'planned'")}
SELECT decision_id FROM wanted EXCEPT SELECT decision_id FROM made
"""


def plan(connection: Connection, chosen: pl.DataFrame, *, at: datetime) -> list[int]:
    """Write an intervention for each row, and a delivery for those that are to be shown now.

    chosen: DECISION rows with a result in STATES, `decision_id`, `channel` and `context` (JSON text).
    Answers the decisions that came too late, because one of their kind is open for that person: their
    rows are not written.
    """
    if chosen.is_empty():
        return []
    rows = chosen.select(
        pl.col("person_id").alias("user_id"),
        pl.col("organisation_id").alias("organization_id"),
        pl.col("chosen").alias("intervention_type"),
        pl.col("chosen_priority").alias("priority"),
        pl.col("chosen_trigger").alias("trigger"),
        "channel",
        "context",
        pl.col("result").replace_strict(STATES).alias("state"),
        "decision_id",
        pl.lit(at).alias("triggered_at"),
        "due_at",
        "expires_at",
    )
    connection.execute("DROP TABLE IF EXISTS wanted")
    stage(connection, "wanted", rows, STAGED)
    late = [row["decision_id"] for row in connection.execute(PLAN)]
    made = chosen.filter(~pl.col("decision_id").is_in(late), pl.col("result") != "shadow")
    outreach.chosen(connection, made["decision_id"].to_list(), at=at)
    wake(connection, chosen.filter(pl.col("result") == "acted")["channel"], at=at)
    return late


def wake(connection: Connection, channels: pl.Series, *, at: datetime) -> None:
    """Let workers send through these channels as soon as this transaction is committed; what is fetched waits."""
    for channel in sorted(set(channels) - {IN_APP}):
        jobs.wake(connection, SENDING, at=at, channel=channel)


OPEN_QUERY = """
SELECT i.id AS intervention_id, i.user_id AS person_id, i.organization_id AS organisation_id,
       i.intervention_type AS kind, i.trigger, i.channel, i.priority, i.state,
       coalesce(i.user_response = 'snoozed', false) AS snoozed, i.due_at, i.expires_at, i.triggered_at
  FROM intervention_logs i
"""


def deferred(reader: Reader, scope: Scope, *, at: datetime, lock: bool = False) -> pl.DataFrame:
    """Deferred interventions whose moment has come, of the people in `scope`.

    lock: keep others from letting them go as well, until the transaction ends.
    """
    clause, values = scope.where(at, person="i.user_id")
    where = f"WHERE i.state = 'deferred' AND i.due_at <= %s AND {clause} ORDER BY i.user_id, i.id"
    where += " FOR UPDATE" if lock else ""
    return reader.read(OPEN_QUERY + where, [at, *values], OPEN)


def planned(reader: Reader, scope: Scope, *, channels: Sequence[str], at: datetime) -> pl.DataFrame:
    """Interventions of the people in `scope` that may go through these channels now and have not yet gone."""
    clause, values = scope.where(at, person="i.user_id")
    where = f"""WHERE i.state = 'planned' AND i.channel = ANY(%s) AND i.triggered_at <= %s AND i.due_at <= %s
                 AND i.expires_at > %s AND {clause} ORDER BY i.user_id, i.id FOR UPDATE"""
    return reader.read(OPEN_QUERY + where, [list(channels), at, at, at, *values], OPEN)


def outgoing(connection: Connection, ids: list[int]) -> list[dict[str, Any]]:
    """What deliveries of these interventions are made from; title, message and action are empty until worded."""
    return connection.execute(
        """SELECT i.id AS intervention_id, i.organization_id AS organisation_id, i.intervention_type AS kind,
                  i.channel, i.context, i.expires_at, i.title, i.message, i.action, p.locale
             FROM intervention_logs i JOIN people p ON p.id = i.user_id
            WHERE i.id = ANY(%s) ORDER BY i.id""",
        (ids,),
    ).fetchall()


SHOWN = """
UPDATE intervention_logs i
   SET state = 'shown', shown_at = coalesce(i.shown_at, %s), title = h.title, message = h.message, action = h.action,
       template = coalesce(nullif(h.template, ''), i.template),
       polished_by = coalesce(nullif(h.model, ''), i.polished_by)
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
       AS h (id, title, message, action, template, model)
 WHERE i.id = h.id AND i.state = 'planned'
"""
# Of a message, in the order in which it is written.
WORDS = ("title", "body", "action", "template", "polished_by")
SENT = """
UPDATE deliveries d SET state = 'sent', sent_at = %s, attempts = d.attempts + 1, reference = h.reference
  FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS h (id, channel, reference)
 WHERE d.intervention_id = h.id AND d.channel = h.channel AND d.state = 'due'
"""


def handed_over(connection: Connection, handed: Sequence[tuple[Delivery, Receipt]], *, at: datetime) -> None:
    """Note that channels took these, with the words that were said; a second time changes nothing."""
    ids = [delivery.intervention_id for delivery, _ in handed]
    texts = [delivery.message for delivery, _ in handed]
    parts = ([getattr(text, part) for text in texts] for part in WORDS)
    connection.execute(SHOWN, (at, ids, *parts))
    channels = [delivery.channel for delivery, _ in handed]
    connection.execute(SENT, (at, ids, channels, [receipt.reference for _, receipt in handed]))
    reminded(connection, ids, at=at)
    celebrated(connection, ids, at=at)


def release(connection: Connection, released: pl.DataFrame, *, at: datetime) -> None:
    """Turn deferred interventions into planned ones with a delivery. released: intervention_id, channel."""
    connection.execute("DROP TABLE IF EXISTS released")
    stage(connection, "released", released.select("intervention_id"), "intervention_id bigint")
    connection.execute(
        f"""WITH now_planned AS (
             UPDATE intervention_logs i SET state = 'planned', due_at = %s FROM released r
              WHERE i.id = r.intervention_id AND i.state = 'deferred' RETURNING i.*),
           {addressed("now_planned m", "true")}
           SELECT""",
        (at,),
    )
    wake(connection, released["channel"], at=at)


def postpone(connection: Connection, rows: pl.DataFrame) -> None:
    """Move open interventions to a later moment, with what is still to be sent. rows: intervention_id, due_at."""
    connection.execute("DROP TABLE IF EXISTS postponed")
    stage(
        connection, "postponed", rows.select("intervention_id", "due_at"), "intervention_id bigint, due_at timestamptz"
    )
    connection.execute(
        """WITH moved AS (UPDATE intervention_logs i SET due_at = p.due_at FROM postponed p
                           WHERE i.id = p.intervention_id RETURNING i.id, i.due_at)
           UPDATE deliveries d SET due_at = m.due_at FROM moved m WHERE d.intervention_id = m.id AND d.state = 'due'"""
    )


def withdraw(connection: Connection, rows: pl.DataFrame, *, at: datetime) -> None:
    """Take back what must not be shown any more. rows: intervention_id, because (in words)."""
    if rows.is_empty():
        return
    ids = rows["intervention_id"].to_list()
    connection.execute(
        """UPDATE intervention_logs i SET state = 'withdrawn', withdrawn_at = %s, withdrawn_because = w.because
             FROM unnest(%s::bigint[], %s::text[]) AS w (id, because)
            WHERE i.id = w.id AND i.state IN ('planned', 'deferred')""",
        (at, ids, rows["because"].to_list()),
    )
    connection.execute(
        "UPDATE deliveries SET state = 'withdrawn' WHERE intervention_id = ANY(%s) AND state = 'due'", (ids,)
    )


# Interventions before their deliveries and in person order, as everybody does who writes both.
OVER = """
  SELECT id FROM intervention_logs WHERE state IN ('planned', 'deferred', 'shown') AND expires_at <= %s {}
   ORDER BY user_id, id FOR NO KEY UPDATE
"""
# Attention before interventions, as everybody does who writes both.
THEIRS = """
SELECT count(*) FROM (
  SELECT 1 FROM attention WHERE person_id IN (
    SELECT user_id FROM intervention_logs
     WHERE state = 'shown' AND user_response IS NULL AND expires_at <= %s {})
   ORDER BY person_id FOR NO KEY UPDATE) held
"""
EXPIRE = """
WITH over AS MATERIALIZED ({}),
closed AS (
  UPDATE intervention_logs i SET state = 'expired' FROM over WHERE i.id = over.id
  RETURNING i.user_id, i.intervention_type, i.shown_at IS NOT NULL AND i.user_response IS NULL AS ignored),
told AS (
  UPDATE attention a
     SET ignored_by_kind = a.ignored_by_kind
         || (SELECT jsonb_object_agg(kind, coalesce((a.ignored_by_kind->>kind)::int, 0) + 1) FROM unnest(c.kinds) kind)
    FROM (SELECT user_id, array_agg(DISTINCT intervention_type) AS kinds FROM closed WHERE ignored GROUP BY user_id) c
   WHERE a.person_id = c.user_id)
SELECT count(*) AS closed FROM closed
"""
UNSENT = """
WITH over AS MATERIALIZED (
  SELECT id FROM deliveries WHERE state = 'due' AND expires_at <= %s {} ORDER BY person_id, id FOR NO KEY UPDATE)
UPDATE deliveries d SET state = 'expired' FROM over WHERE d.id = over.id
"""


def expire(connection: Connection, at: datetime, people: Sequence[int] | None = None) -> int:
    """Close what nobody saw or answered in time, and what was asked for and never had its moment.

    An intervention shown and never answered was ignored, and is remembered as such by its kind.

    people: only theirs. Answers how many were closed.
    """
    only, values = ("", [at]) if people is None else ("AND {} = ANY(%s)", [at, list(people)])
    connection.execute(THEIRS.format(only.format("user_id")), values)
    [row] = connection.execute(EXPIRE.format(OVER.format(only.format("user_id"))), values).fetchall()
    connection.execute(UNSENT.format(only.format("person_id")), values)
    outreach.expire(connection, at)
    closed: int = row["closed"]
    return closed
