"""Help in context: what is known of people there, what they were shown (inline_help_logs), and what they answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from psycopg.types.json import Jsonb

from tactful.facts.allowances import Defaults
from tactful.facts.here import KNOWN, Asked
from tactful.store.database import AsyncConnection, Connection
from tactful.store.reading import RowReader

# Within this somebody's present local day began; a belief about struggling is as old at most.
A_DAY = timedelta(days=1)

READ = """
SELECT a.number, p.id AS person_id, p.organisation_id, p.zone, p.locale, o.seed,
       coalesce((p.consent->>'engagement')::boolean, %s) AS consented,
       coalesce(n.dnd_enabled, false) AS dnd, coalesce(n.max_notifications_per_day, %s) AS max_per_day,
       n.disabled_intervention_types AS disabled_kinds, n.disabled_channels,
       t.local_day AS attention_day, t.in_context_today::int AS in_context_today,
       t.critical_today::int AS critical_today, t.last_by_kind::text AS last_by_kind,
       q.paused_kinds, q.paused_channels, q.shadow_kinds, c.title AS content_title,
       EXISTS (SELECT FROM practice_person_content x
                WHERE x.person_id = p.id AND x.content_id = a.content_id) AS attempted,
       f.id AS prediction_id, f.struggle_probability, f.confidence AS struggle_confidence,
       EXISTS (SELECT FROM inline_help_logs h
                WHERE h.user_id = p.id AND h.shown_at > %s AND h.about = a.about AND h.user_response = 'dismissed'
                  AND (h.responded_at AT TIME ZONE p.zone)::date = (%s AT TIME ZONE p.zone)::date) AS dismissed_today,
       l.print AS ledger_print
  FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
       AS a (number, organisation, person, content_id, about)
  JOIN organisations o ON o.name = a.organisation
  JOIN people p ON p.organisation_id = o.id AND p.external_id = a.person
  LEFT JOIN user_notification_preferences n ON n.user_id = p.id
  LEFT JOIN attention t ON t.person_id = p.id
  LEFT JOIN ledger_state_here l ON l.person_id = p.id
  LEFT JOIN content c ON c.organisation_id = o.id AND c.id = a.content_id
  LEFT JOIN LATERAL (SELECT id, struggle_probability, confidence FROM struggle_predictions s
                      WHERE s.user_id = p.id AND s.content_id = a.content_id AND s.predicted_at > %s
                      ORDER BY s.predicted_at DESC, s.id DESC LIMIT 1) f ON true
  LEFT JOIN (SELECT organisation_id,
                    array_agg(name) FILTER (WHERE mode = 'pause' AND scope <> 'channel') AS paused_kinds,
                    array_agg(name) FILTER (WHERE mode = 'pause' AND scope = 'channel') AS paused_channels,
                    array_agg(name) FILTER (WHERE mode = 'shadow') AS shadow_kinds
               FROM pauses GROUP BY organisation_id) q ON q.organisation_id = o.id
 ORDER BY a.number
"""
NUMBERED = {"number": pl.Int64, **KNOWN}


def read(connection: Connection, asked: Sequence[Asked], *, at: datetime, defaults: Defaults) -> pl.DataFrame:
    """KNOWN of each of `asked` whose person is known, with `number`, the place in `asked`; one round trip."""
    columns = [[getattr(each, name) for each in asked] for name in ("organisation", "person", "content_id", "about")]
    # A local day lasts 26 hours at most, and help is answered after it is shown.
    values = [defaults.consented, defaults.max_per_day, at - 2 * A_DAY, at, list(range(len(asked))), *columns]
    return RowReader(connection).read(READ, [*values, at - A_DAY], NUMBERED)


SHOWN: Mapping[str, str] = {
    "user_id": "bigint", "organization_id": "bigint", "help_type": "text", "page": "text", "topic": "text",
    "content_id": "text", "concept": "text", "about": "text", "title": "text", "message": "text",
    "decision_id": "bigint", "prediction_id": "bigint",
}  # fmt: skip
NAMES = ", ".join(SHOWN)
SHOW = f"""
WITH told AS MATERIALIZED (
  SELECT nextval('inline_help_logs_id_seq') AS id, w.*
    FROM jsonb_to_recordset(%(rows)s) AS w (number int, {", ".join(f"{name} {kind}" for name, kind in SHOWN.items())})),
made AS (INSERT INTO inline_help_logs (id, {NAMES}, shown_at) SELECT id, {NAMES}, %(at)s FROM told)
SELECT id FROM told ORDER BY number
"""
# In person order, as beats lock these rows. Nobody's beat need have come yet.
COUNT = """
INSERT INTO ambient_presence_states AS s (user_id, organization_id, current_page, current_topic, current_content_id,
       last_seen_at, counters_day, inline_help_count_today)
SELECT p.id, p.organisation_id, w.page, w.topic, w.content_id, %(at)s, (%(at)s AT TIME ZONE p.zone)::date, 1
  FROM jsonb_to_recordset(%(rows)s) AS w (user_id bigint, page text, topic text, content_id text)
  JOIN people p ON p.id = w.user_id ORDER BY p.id
    ON CONFLICT (user_id) DO UPDATE
   SET counters_day = excluded.counters_day,
       inline_help_count_today = CASE WHEN s.counters_day = excluded.counters_day
                                      THEN s.inline_help_count_today ELSE 0 END + 1,
       quick_access_count_today = CASE WHEN s.counters_day = excluded.counters_day
                                       THEN s.quick_access_count_today ELSE 0 END
"""
# Only what was really shown was offered; a belief that was asked for here, and led to nothing, was not.
OFFERED = """
UPDATE struggle_predictions SET intervention_offered = (id = ANY(%(shown)s))
 WHERE id = ANY(%(shown)s) OR id = ANY(%(made)s)
"""


def show(connection: Connection, rows: Sequence[Mapping[str, Any]], *, at: datetime) -> list[int]:
    """Write what is shown, rows of SHOWN, and count it for each person's own day; answers their ids, in order."""
    if not rows:
        return []
    told = {"rows": Jsonb([{"number": number, **row} for number, row in enumerate(rows)]), "at": at}
    made = [row["id"] for row in connection.execute(SHOW, told)]
    connection.execute(COUNT, told)
    return made


def offered(connection: Connection, *, made: Sequence[int], shown: Sequence[int]) -> None:
    """Note with beliefs about struggling whether help was offered. made: those that were asked for just now."""
    if made or shown:
        connection.execute(OFFERED, {"made": list(made), "shown": list(shown)})


LOCK = """
SELECT id, help_type, prediction_id, user_response, responded_at FROM inline_help_logs
 WHERE id = %(id)s AND user_id = (SELECT current_person()) FOR UPDATE
"""
ANSWER = """
UPDATE inline_help_logs SET user_response = %(response)s, responded_at = %(at)s WHERE id = %(id)s
RETURNING id, help_type, prediction_id, user_response, responded_at
"""


async def answer(connection: AsyncConnection, help_id: int, response: str, *, at: datetime) -> dict[str, Any] | None:
    """Record what the identity did with help it was shown; the first answer stands.

    None when there is no such help of theirs; with `repeated` when an earlier answer stands.
    """
    row = await (await connection.execute(LOCK, {"id": help_id})).fetchone()
    if row is None or row["user_response"] is not None:
        return row and {**row, "repeated": True}
    return await (await connection.execute(ANSWER, {"id": help_id, "response": response, "at": at})).fetchone()
