"""struggle_predictions: what was believed of people before they started, what they chose, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from psycopg.types.json import Jsonb

from tactful.facts.practice import HORIZON_DAYS, WELL
from tactful.store.database import AsyncConnection, Connection
from tactful.store.steps import Say, Steps


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody is about to start something. What is not named here is as the organisation described it.

    difficulty: 0 (easy) to 1 (hard). prerequisites: ids of skills, or of content that stands for its skills; those
    nobody knows are allowed. similar: ids of topics, skills or content that are alike.
    """

    organisation: str
    person: str
    content_id: str
    kind: str | None = None
    difficulty: float | None = None
    prerequisites: Sequence[str] = ()
    similar: Sequence[str] = ()


# circle: something named comes after the content itself. builds_on: skills of what is named, or else of what the
# content was described to come after. about: the skills that practice is asked about: what the request names, the
# content's own as described, what it builds on, or what attempts at it were said to be about. before: whether these
# come before the content. own: what the organisation has set for itself. basics: what comes before these, one step
# back, as content and skills were described.
QUESTIONS = """
WITH asked AS (SELECT * FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])
                    AS w (number, organisation, person, content_id)),
named AS (SELECT * FROM unnest(%s::int[], %s::text[]) AS w (number, name))
SELECT a.number, o.id AS organisation_id, p.id AS person_id, c.difficulty, c.kind, c.topics, f.about,
       coalesce(f.about = e.builds_on, false) AS before,
       (SELECT array_agg(DISTINCT s.id)
          FROM (SELECT unnest(e.builds_on) UNION
                SELECT unnest(t.prerequisites) FROM skills t WHERE t.organisation_id = o.id AND t.id = ANY (f.about)
               ) s (id) WHERE s.id <> ALL (f.about)) AS basics,
       coalesce((SELECT body FROM own_settings s WHERE s.organisation_id = o.id AND s.area = 'settings'
                  ORDER BY version DESC LIMIT 1), '{}') AS own,
       EXISTS (WITH RECURSIVE before (id) AS (
                 SELECT name FROM named n WHERE n.number = a.number
                  UNION SELECT unnest(t.prerequisites) FROM before b
                          JOIN content t ON t.organisation_id = o.id AND t.id = b.id)
               SELECT FROM before WHERE id = a.content_id) AS circle
  FROM asked a
  LEFT JOIN organisations o ON o.name = a.organisation
  LEFT JOIN people p ON p.organisation_id = o.id AND p.external_id = a.person
  LEFT JOIN content c ON c.organisation_id = o.id AND c.id = a.content_id
  LEFT JOIN practice_content k ON k.organisation_id = o.id AND k.content_id = a.content_id
 CROSS JOIN LATERAL (
       SELECT array_agg(DISTINCT coalesce(s.skill, b.name)) AS builds_on
         FROM (SELECT name FROM named n WHERE n.number = a.number
                UNION SELECT unnest(c.prerequisites) WHERE NOT EXISTS (SELECT FROM named n WHERE n.number = a.number)
              ) b
         LEFT JOIN content d ON d.organisation_id = o.id AND d.id = b.name
         LEFT JOIN LATERAL unnest(d.skills) AS s (skill) ON true) e
 CROSS JOIN LATERAL (
       SELECT coalesce(CASE WHEN EXISTS (SELECT FROM named n WHERE n.number = a.number) THEN e.builds_on END,
                       nullif(c.skills, '{}'), e.builds_on, array_remove(ARRAY[k.skill_id], NULL)) AS about) f
 ORDER BY a.number
"""

NOTED: Mapping[str, str] = {
    "user_id": "bigint", "organization_id": "bigint", "content_id": "text", "content_type": "text",
    "struggle_probability": "float8", "confidence": "float8", "prereq_mastery": "float8",
    "similar_performance": "float8", "content_difficulty": "float8", "days_since_review": "int",
    "cognitive_load": "float8", "sentiment_trend": "float8", "prediction_features": "jsonb", "cold_score": "float8",
    "learned": "boolean",
    "contributions": "float8[]", "intervention_offered": "boolean",
}  # fmt: skip
NAMES = ", ".join(NOTED)
NOTE = f"""
WITH told AS MATERIALIZED (
  SELECT nextval('struggle_predictions_id_seq') AS id, w.*
    FROM jsonb_to_recordset(%(rows)s) AS w (number int, {", ".join(f"{name} {kind}" for name, kind in NOTED.items())})),
made AS (INSERT INTO struggle_predictions (id, {NAMES}, predicted_at) SELECT id, {NAMES}, %(at)s FROM told)
SELECT id FROM told ORDER BY number
"""

# Few attempts are at content that somebody was asked about: the others are not looked at one by one.
OPEN = """
SELECT DISTINCT user_id AS person_id, content_id FROM struggle_predictions
 WHERE user_id = ANY(%s) AND predicted_at >= %s AND predicted_at < %s AND actual_struggled IS NULL
"""
ABOUT = {"person_id": pl.Int64, "content_id": pl.String}
# Each attempt that came soon enough closes the person's latest question about it, the first attempt of several.
CLOSE = """
UPDATE struggle_predictions p
   SET actual_struggled = f.score < %s, actual_outcome_at = f.at, outcome_from = 'event'
  FROM (SELECT DISTINCT ON (q.id) q.id, w.at, w.score
          FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::float8[]) AS w (person_id, content_id, at, score)
         CROSS JOIN LATERAL (SELECT id, predicted_at, actual_struggled FROM struggle_predictions x
                              WHERE x.user_id = w.person_id AND x.content_id = w.content_id AND x.predicted_at < w.at
                              ORDER BY x.predicted_at DESC, x.id DESC LIMIT 1) q
         WHERE q.actual_struggled IS NULL AND w.at <= q.predicted_at + make_interval(days => %s)
         ORDER BY q.id, w.at) f
 WHERE p.id = f.id AND p.actual_struggled IS NULL
"""

LATEST = """
SELECT id, actual_struggled, actual_outcome_at, outcome_from FROM struggle_predictions
 WHERE user_id = (SELECT current_person()) AND content_id = %(content)s
 ORDER BY predicted_at DESC, id DESC LIMIT 1 FOR UPDATE
"""
RECORD = """
UPDATE struggle_predictions
   SET actual_struggled = %(struggled)s, actual_outcome_at = coalesce(actual_outcome_at, %(at)s), outcome_from = 'told',
       completion_time_seconds = %(seconds)s, gave_up = %(gave_up)s
 WHERE id = %(id)s RETURNING id, actual_struggled, actual_outcome_at, outcome_from
"""
OFFERED = """
SELECT id, intervention_offered, intervention_accepted, intervention_action, intervention_answered_at
  FROM struggle_predictions WHERE id = %(id)s AND user_id = (SELECT current_person()) FOR UPDATE
"""
CHOOSE = """
UPDATE struggle_predictions
   SET intervention_accepted = %(accepted)s, intervention_action = %(action)s, intervention_answered_at = %(at)s
 WHERE id = %(id)s
RETURNING id, intervention_offered, intervention_accepted, intervention_action, intervention_answered_at
"""


def questions(connection: Connection, asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """What is known of each of `asked`, in their order: whose it is, and what the organisation said of the content."""
    named = [(number, name) for number, each in enumerate(asked) for name in dict.fromkeys(each.prerequisites)]
    values = (
        list(range(len(asked))),
        [each.organisation for each in asked],
        [each.person for each in asked],
        [each.content_id for each in asked],
        [number for number, _ in named],
        [name for _, name in named],
    )
    return connection.execute(QUESTIONS, values).fetchall()


def note(connection: Connection, believed: Sequence[Mapping[str, Any]], *, at: datetime) -> list[int]:
    """Write what is believed, rows of NOTED; answers their ids, in order."""
    told = [{"number": number, **row} for number, row in enumerate(believed)]
    return [row["id"] for row in connection.execute(NOTE, {"rows": Jsonb(told), "at": at})] if told else []


def close(attempts: pl.DataFrame) -> Steps[None]:
    """Let attempts (see `sensed.attempts`) tell what came of the questions about them; people are locked."""
    named = attempts.filter(pl.col("content_id").is_not_null())
    if named.is_empty():
        return
    times = named["occurred_at"].sort()
    since = times[0] - timedelta(days=HORIZON_DAYS)
    found = yield Say(OPEN, (named["person_id"].unique().to_list(), since, times[-1]))
    asked = named.join(pl.DataFrame(found, schema=ABOUT, orient="row"), on=list(ABOUT), how="semi")
    if not asked.is_empty():
        columns = (asked[name].to_list() for name in ("person_id", "content_id", "occurred_at", "score"))
        yield Say(CLOSE, (WELL, *columns, HORIZON_DAYS))


async def somebody(connection: AsyncConnection) -> bool:
    """Whether the identity is anybody who is known."""
    row = await (await connection.execute("SELECT current_person() IS NOT NULL AS known")).fetchone()
    return row is not None and bool(row["known"])


async def record(
    connection: AsyncConnection, content_id: str, *, struggled: bool, seconds: float | None, gave_up: bool, at: datetime
) -> dict[str, Any] | None:
    """Say what came of the identity's latest question about this content; what the product said first stands.

    None where there is none; with `repeated` where it was said before. What an attempt told by itself is
    corrected.
    """
    row = await (await connection.execute(LATEST, {"content": content_id})).fetchone()
    if row is None or row["outcome_from"] == "told":
        return row and {**row, "repeated": True}
    values = {"id": row["id"], "struggled": struggled, "seconds": seconds, "gave_up": gave_up, "at": at}
    return await (await connection.execute(RECORD, values)).fetchone()


async def choose(
    connection: AsyncConnection, prediction_id: int, action: str, *, accepted: bool, at: datetime
) -> dict[str, Any] | None:
    """Note what the identity chose of the help it was offered; the first choice stands.

    None where there is no such question of theirs; with `repeated` where they had chosen before or nothing was
    offered.
    """
    row = await (await connection.execute(OFFERED, {"id": prediction_id})).fetchone()
    if row is None or row["intervention_action"] is not None or not row["intervention_offered"]:
        return row and {**row, "repeated": True}
    values = {"id": prediction_id, "action": action, "accepted": accepted, "at": at}
    return await (await connection.execute(CHOOSE, values)).fetchone()
