"""Rows that pages look back at: interventions and decisions of made people, by plain statements."""

import asyncio
from typing import Any

from tactful.bootstrap import Engine
from tactful.store.database import Database, Identity

ORGANISATION = "INSERT INTO organisations (name, seed) VALUES (%s, 7) ON CONFLICT DO NOTHING"
PEOPLE = """
INSERT INTO people (organisation_id, external_id, holdout_bucket)
SELECT o.id, n::text, (n * 37) %% 10000 FROM organisations o, generate_series(1, %s) AS n WHERE o.name = %s
"""
# Every hour one, of kinds, channels, wordings and answers in turn, so many hours back.
INTERVENTIONS = """
INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, channel, template, state,
                               triggered_at, due_at, expires_at, shown_at, user_response)
SELECT p.id, p.organisation_id, k.kind, 5, 'x', CASE n %% 3 WHEN 0 THEN 'webhook' ELSE 'in_app' END,
       CASE n %% 4 WHEN 0 THEN '' ELSE 'Day {next_day} <b>' || n %% 4 END,
       CASE WHEN n %% 5 = 0 THEN 'withdrawn' WHEN n %% 5 = 1 THEN 'expired' ELSE 'answered' END,
       w.at, w.at, w.at + interval '1 day', CASE WHEN n %% 5 > 0 THEN w.at + interval '1 minute' END,
       CASE n %% 7 WHEN 2 THEN 'engaged' WHEN 3 THEN 'dismissed' WHEN 4 THEN 'snoozed' WHEN 5 THEN 'ignored' END
  FROM generate_series(1, %(many)s) AS n
 CROSS JOIN LATERAL (SELECT now() - make_interval(mins => 60 * n + 7) AS at) w
 CROSS JOIN LATERAL (SELECT (ARRAY['gentle_nudge', 'skill_refresh', 'morning_ritual'])[1 + n %% 3] AS kind) k
  JOIN organisations o ON o.name = %(organisation)s
  JOIN people p ON p.organisation_id = o.id AND p.external_id = (1 + n %% 20)::text
"""
TICKS = """
INSERT INTO ticks (at, scope, policy, configuration, people, started_at, finished_at)
SELECT now() - make_interval(hours => n), 'all', 'ranked-1', 'made', 10, now() - make_interval(hours => n),
       now() - make_interval(hours => n) FROM generate_series(1, 3) AS n ON CONFLICT DO NOTHING
"""
# Of a person each, one an hour: nobody, two guard rails, one of them, nothing against it.
DECISIONS = """
INSERT INTO decisions (organisation_id, person_id, tick_id, at, result, policy, kinds, triggers, priorities, expected,
                       verdicts, chosen, propensity, draw)
SELECT p.organisation_id, p.id, (SELECT min(id) FROM ticks), w.at,
       (ARRAY['silent', 'silent', 'acted', 'lost'])[1 + n %% 4], 'ranked-1',
       CASE WHEN n %% 4 = 0 THEN '{}'::text[] ELSE ARRAY['gentle_nudge', 'skill_refresh'] END,
       CASE WHEN n %% 4 = 0 THEN '{}'::text[] ELSE ARRAY['back', 'fading'] END,
       CASE WHEN n %% 4 = 0 THEN '{}'::int[] ELSE ARRAY[5, 4] END, '{}',
       CASE n %% 4 WHEN 0 THEN '{}'::bigint[] WHEN 1 THEN ARRAY[3, 1] WHEN 2 THEN ARRAY[0, 2] ELSE ARRAY[0, 0] END,
       CASE WHEN n %% 4 > 1 THEN 'gentle_nudge' END, 1, 0.5
  FROM generate_series(1, %(many)s) AS n
 CROSS JOIN LATERAL (SELECT now() - make_interval(mins => 60 * n + 11) AS at) w
  JOIN organisations o ON o.name = %(organisation)s
  JOIN people p ON p.organisation_id = o.id AND p.external_id = (1 + n %% 20)::text
"""
MONTHS = "SELECT ensure_partition('decisions', (now() - make_interval(days => n))::date) FROM generate_series(0, 99) n"


def fill(database: Database, organisation: str, *, people: int = 0, interventions: int = 0, decisions: int = 0) -> None:
    """An organisation with people called 1, 2, 3, ..., and of these one intervention and one decision an hour."""
    with database.batch() as connection:
        connection.execute(ORGANISATION, (organisation,))
        connection.execute(PEOPLE, (people, organisation))
        connection.execute(INTERVENTIONS, {"organisation": organisation, "many": interventions})
        if decisions:
            connection.execute(MONTHS)
            connection.execute(TICKS)
            connection.execute(DECISIONS, {"organisation": organisation, "many": decisions})


async def people(engine: Engine, organisation: str, many: int = 20) -> None:
    """An organisation with people called 1, 2, 3, ..."""
    await asyncio.to_thread(fill, engine.database, organisation, people=many)


async def interventions(engine: Engine, organisation: str, many: int = 200) -> None:
    """One an hour before now, of people who are there."""
    await asyncio.to_thread(fill, engine.database, organisation, interventions=many)


async def decisions(engine: Engine, organisation: str, many: int = 200) -> None:
    """One an hour before now, of people who are there."""
    await asyncio.to_thread(fill, engine.database, organisation, decisions=many)


async def asked(engine: Engine, organisation: str, statement: str) -> list[dict[str, Any]]:
    """What a statement answers to an operator of the organisation."""
    async with engine.database.acting_as(Identity(organisation)) as connection:
        return await (await connection.execute(statement.encode())).fetchall()
