"""Claiming attention: caps hold because they are claimed under the person's lock, not hoped for.

Every decider, on whichever server, first locks the attention rows of the people it wants to
reach, in person order, and then updates those whose caps still allow it. The update is a
statement of its own, so it sees what was committed while it waited for the lock.
The rules here are the ones `decide.claims` states in Python; a test holds both to each other.
"""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from tactful.facts.allowances import Limits
from tactful.store.apart import apart_all
from tactful.store.copying import stage
from tactful.store.database import Connection

CLAIMED = {
    "person_id": "bigint",
    "organisation_id": "bigint",
    "local_day": "date",
    "kind": "text",
    "initiative": "text",
    "critical": "boolean",
    "max_per_day": "int",
    "cooldown": "double precision",
}

ROWS = """INSERT INTO attention (person_id, organisation_id, local_day)
          SELECT person_id, organisation_id, local_day FROM claims ORDER BY person_id
          ON CONFLICT (person_id) DO NOTHING"""

LOCK = "SELECT 1 FROM attention a JOIN claims c USING (person_id) ORDER BY a.person_id FOR UPDATE OF a"

# A counter belongs to the local day it was counted on; a day that goes back (somebody flew west)
# does not give attention back.
TODAY = "CASE WHEN a.local_day < c.local_day THEN 0 ELSE a.{0} END"
SPENDS = "(c.initiative IN ('nudge', 'outreach'))"

CLAIM = f"""
UPDATE attention a
   SET local_day = greatest(a.local_day, c.local_day),
       sent_today = {TODAY.format("sent_today")} + {SPENDS}::int,
       outreach_today = {TODAY.format("outreach_today")} + (c.initiative = 'outreach')::int,
       in_context_today = {TODAY.format("in_context_today")} + (c.initiative = 'in_context')::int,
       critical_today = {TODAY.format("critical_today")} + c.critical::int,
       last_outreach_at = CASE WHEN c.initiative = 'outreach' THEN greatest(a.last_outreach_at, %(at)s)
                               ELSE a.last_outreach_at END,
       last_by_kind = a.last_by_kind
                      || jsonb_build_object(c.kind, ceil(extract(epoch FROM %(at)s::timestamptz))::bigint)
  FROM claims c
 WHERE a.person_id = c.person_id
   AND (NOT {SPENDS} OR {TODAY.format("sent_today")} < c.max_per_day)
   AND (c.initiative <> 'outreach' OR (
            {TODAY.format("outreach_today")} < %(outreach_per_day)s
        AND (a.last_outreach_at IS NULL
             OR a.last_outreach_at + %(hours_between)s * interval '1 hour' <= %(at)s)))
   AND (c.initiative <> 'in_context' OR {TODAY.format("in_context_today")} < %(in_context_per_day)s)
   AND (NOT c.critical OR {TODAY.format("critical_today")} < %(critical_per_day)s)
   AND (c.cooldown <= 0 OR a.last_by_kind->>c.kind IS NULL
        OR (a.last_by_kind->>c.kind)::double precision + c.cooldown <= extract(epoch FROM %(at)s::timestamptz))
   AND NOT EXISTS (SELECT 1 FROM intervention_logs i
                    WHERE i.user_id = c.person_id AND i.intervention_type = c.kind
                      AND i.state IN ('planned', 'deferred') AND NOT i.id = ANY(%(own)s::bigint[]))
RETURNING a.person_id
"""
LIMITED = ("outreach_per_day", "hours_between", "in_context_per_day", "critical_per_day")


def claim(
    connection: Connection,
    wanted: pl.DataFrame,
    seen: pl.DataFrame,
    *,
    at: datetime,
    limits: Limits,
    others: Mapping[int, Limits] | None = None,
    own: list[int] | None = None,
) -> list[int]:
    """Claim attention for at most one intervention per person; answer the people who got it.

    wanted: person_id, organisation_id, kind, initiative, critical, cooldown [seconds].
    seen: person_id, local_day, max_per_day. others: limits of organisations that have their own, by our number of
    them. own: interventions that are being released now and therefore do not stand in their own way.
    """
    if wanted.is_empty():
        return []
    claims = wanted.join(seen.select("person_id", "local_day", "max_per_day"), on="person_id")
    connection.execute("DROP TABLE IF EXISTS claims")
    stage(connection, "claims", claims.select(*CLAIMED), ", ".join(f"{name} {kind}" for name, kind in CLAIMED.items()))
    connection.execute(ROWS)
    connection.execute(LOCK)
    values = {"at": at, "own": own or []} | {name: getattr(limits, name) for name in LIMITED}
    theirs = {name: {whose: getattr(each, name) for whose, each in (others or {}).items()} for name in LIMITED}
    statement = apart_all(CLAIM, theirs, whose="c.organisation_id")
    return [row["person_id"] for row in connection.execute(statement, values)]
