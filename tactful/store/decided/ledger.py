"""Writing the decision ledger, by its rule: silence that repeats itself is not written again.

A row is written when somebody asked, when something was chosen, or when candidates, verdicts
or policy differ from the person's last row. Until the next row, the last one holds.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from tactful.store.copying import copy_frame, reserve, stage
from tactful.store.database import AsyncConnection, Connection

ROW = """id, organisation_id, person_id, tick_id, at, result, policy, kinds, triggers, priorities, expected,
         verdicts, chosen, due_at, propensity, draw, facts"""

KEEP = """
INSERT INTO {state} (person_id, organisation_id, print, decision_id, since)
SELECT person_id, organisation_id, print, id, at FROM ledger_new ORDER BY person_id
ON CONFLICT (person_id) DO UPDATE
   SET print = excluded.print, decision_id = excluded.decision_id, since = excluded.since
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What all ledger rows of one turn share."""

    tick_id: int
    at: datetime
    policy: str


def due(decisions: pl.DataFrame, *, asked: bool) -> pl.DataFrame:
    """The decisions that the writing rule wants in the ledger.

    decisions: DECISION with `ledger_print`, the print of the person's last row (null: none yet).
    """
    if asked:
        return decisions
    news = pl.col("ledger_print").is_null() & (pl.col("kinds").list.len() > 0)
    changed = pl.col("ledger_print").is_not_null() & (pl.col("ledger_print") != pl.col("print"))
    return decisions.filter((pl.col("result") != "silent") | news | changed)


def numbered(connection: Connection, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the `decision_id` each will have."""
    ids = reserve(connection, "decisions_id_seq", rows.height) if rows.height else pl.Series([], dtype=pl.Int64)
    return rows.with_columns(ids.alias("decision_id"))


def record(connection: Connection, rows: pl.DataFrame, entry: Entry, *, state: str = "ledger_state") -> None:
    """Write rows that are `due`. rows: DECISION with `facts` (JSON text), numbered. state: where the last one is kept.

    state: a table of ours, never a text of somebody else's.
    """
    if rows.is_empty():
        return
    connection.execute("SELECT ensure_partition('decisions', %s)", (entry.at.astimezone(UTC).date(),))
    rows = rows.rename({"decision_id": "id"}).with_columns(
        pl.lit(entry.tick_id).alias("tick_id"),
        pl.lit(entry.at).alias("at"),
        pl.lit(entry.policy).alias("policy"),
    )
    copy_frame(connection, "decisions", rows.select(name.strip() for name in ROW.split(",")))
    kept = rows.select("person_id", "organisation_id", "print", "id", "at")
    connection.execute("DROP TABLE IF EXISTS ledger_new")
    stage(
        connection,
        "ledger_new",
        kept,
        "person_id bigint, organisation_id bigint, print bigint, id bigint, at timestamptz",
    )
    connection.execute(KEEP.format(state=state))


# What the organisation had set for itself by the tick that decided.
OWN = """
LEFT JOIN LATERAL (
  SELECT s.body, s.version FROM own_settings s
   WHERE s.organisation_id = d.organisation_id AND s.area = 'settings' AND s.id <= t.own_upto
   ORDER BY s.version DESC LIMIT 1) v ON true
"""
READ = f"""
SELECT d.*, t.scope, t.configuration, c.body->'settings' AS settings, coalesce(v.body, '{{}}') AS own,
       coalesce(v.version, 0) AS own_version, p.external_id, p.zone,
       i.state, coalesce(i.shown_at, h.shown_at) AS shown_at, i.withdrawn_at, i.withdrawn_because,
       h.user_response AS help_response, h.responded_at AS help_answered_at
  FROM decisions d JOIN ticks t ON t.id = d.tick_id JOIN people p ON p.id = d.person_id
  JOIN configurations c ON c.print = t.configuration
  JOIN organisations o ON o.id = d.organisation_id {OWN}
  LEFT JOIN intervention_logs i ON i.user_id = d.person_id AND i.triggered_at = d.at AND i.decision_id = d.id
  LEFT JOIN inline_help_logs h ON h.user_id = d.person_id AND h.shown_at = d.at AND h.decision_id = d.id
"""


def by_id(connection: Connection, organisation: str, decision_id: int) -> dict[str, Any] | None:
    """One ledger row of the organisation."""
    return connection.execute(READ + " WHERE o.name = %s AND d.id = %s", (organisation, decision_id)).fetchone()


# One that waited too long is over, whether or not somebody has written so.
READ_LIVE = f"""
SELECT d.*, jsonb_set(c.body, '{{settings}}', c.body->'settings' || coalesce(v.body, '{{}}')) AS configuration,
       coalesce(v.version, 0) AS own_version, s.session_id, s.event_id, i.id::text AS intervention_id, i.outcome,
       CASE WHEN g.state = 'waiting' AND g.expires_at <= %(at)s THEN 'expired' ELSE g.state END AS suggestion_state,
       g.expires_at, g.answered_at, g.answered_by
  FROM decisions d JOIN ticks t ON t.id = d.tick_id JOIN configurations c ON c.print = t.configuration
  JOIN live_sessions s ON s.id = d.live_session_id JOIN organisations o ON o.id = d.organisation_id {OWN}
  LEFT JOIN interventions i ON i.decision_id = d.id AND i.timestamp = d.at AND i.live_session_id = d.live_session_id
  LEFT JOIN live_suggestions g ON g.decision_id = d.id AND g.live_session_id = d.live_session_id
 WHERE o.name = %(organisation)s AND d.id = %(id)s
"""


def live_by_id(connection: Connection, organisation: str, decision_id: int, at: datetime) -> dict[str, Any] | None:
    """A ledger row about a live session of the organisation, with what had become of it by `at`.

    suggestion: state (None where nothing was proposed), expires_at, answered_at and answered_by.
    """
    values = {"organisation": organisation, "id": decision_id, "at": at}
    row = connection.execute(READ_LIVE, values).fetchone()
    if row is None:
        return None
    told = {name: row.pop(name) for name in ("expires_at", "answered_at", "answered_by")}
    return {**row, "suggestion": {"state": row.pop("suggestion_state"), **told}}


def holding_at(connection: Connection, person_id: int, at: datetime) -> dict[str, Any] | None:
    """The ledger row that holds for a person at an instant: the last one written until then.

    What was decided about help on a page holds for its own instant alone.
    """
    lasting = "(t.scope <> 'help' OR d.at = %s)"
    return connection.execute(
        f"{READ} WHERE d.person_id = %s AND d.at <= %s AND {lasting} ORDER BY d.at DESC, d.id DESC LIMIT 1",
        (person_id, at, at),
    ).fetchone()


# Of the very instant of a tick, what held in it; of any other, what had been set by then.
SETTINGS_AT = """
SELECT c.body->'settings' AS settings, coalesce(v.body, '{}') AS own
  FROM (SELECT at, configuration, own_upto FROM ticks WHERE at <= %(at)s AND scope NOT IN ('ask','help','live')
         ORDER BY at DESC, id DESC LIMIT 1) t
  JOIN configurations c ON c.print = t.configuration
  LEFT JOIN LATERAL (
       SELECT body FROM own_settings s
        WHERE s.organisation_id = (SELECT organisation_id FROM people WHERE id = %(person)s) AND s.area = 'settings'
          AND CASE WHEN t.at = %(at)s THEN s.id <= t.own_upto ELSE s.at <= %(at)s END
        ORDER BY s.version DESC LIMIT 1) v ON true
"""


def settings_at(connection: Connection, person_id: int, at: datetime) -> dict[str, Any] | None:
    """The settings of the last tick at or before an instant, and the `own` ones of that person's organisation.

    None when there was no tick.
    """
    return connection.execute(SETTINGS_AT, {"person": person_id, "at": at}).fetchone()


async def moment(connection: AsyncConnection, tick_id: int) -> datetime | None:
    """The instant a tick was about, at which everything it decided is written; None where there is no such tick."""
    row = await (await connection.execute("SELECT at FROM ticks WHERE id = %s", (tick_id,))).fetchone()
    return row["at"] if row else None


async def summary(connection: AsyncConnection, tick_id: int) -> dict[str, Any]:
    """What one tick did: people looked at and reached, ledger rows by result, what was chosen."""
    found = await connection.execute(
        "SELECT id, at, scope, policy, people, reached, started_at, finished_at FROM ticks WHERE id = %s", (tick_id,)
    )
    row = await found.fetchone() or {}
    results = await connection.execute(
        """SELECT result, chosen, count(*) AS people FROM decisions WHERE tick_id = %s AND at = %s
            GROUP BY result, chosen ORDER BY people DESC""",
        (tick_id, row.get("at")),
    )
    return {**row, "decisions": await results.fetchall()}
