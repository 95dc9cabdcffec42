"""reckonings: what takes long to work out of many people, kept from the last time; and how much there is of it."""

from datetime import datetime
from typing import Any

from tactful.store.database import Connection

KEEP = """
INSERT INTO reckonings (organisation_id, name, at, body) VALUES (%s, %s, %s, %s::jsonb)
    ON CONFLICT (organisation_id, name) DO UPDATE SET at = excluded.at, body = excluded.body
     WHERE reckonings.at <= excluded.at
"""
KEPT = "SELECT at, body FROM reckonings WHERE organisation_id = %s AND name = %s"
# Never counted further than it matters.
DECIDED = """
SELECT count(*) AS many FROM (SELECT FROM decisions WHERE organisation_id = %s AND at > %s AND at <= %s LIMIT %s) d
"""
PEOPLE = "SELECT count(*) AS many FROM (SELECT FROM person_state WHERE organisation_id = %s LIMIT %s) p"
BELIEVED = """
SELECT count(*) AS many
  FROM (SELECT FROM predictions WHERE organisation_id = %(organisation)s AND capability = %(capability)s
           AND asked_at > %(since)s
         UNION ALL
        SELECT FROM struggle_predictions WHERE organization_id = %(organisation)s AND %(capability)s = 'struggle'
           AND predicted_at > %(since)s
         LIMIT %(most)s) b
"""


def keep(connection: Connection, organisation: int, name: str, *, at: datetime, body: str) -> None:
    """Keep what was worked out as of `at`, unless something later is kept. body: JSON."""
    connection.execute(KEEP, (organisation, name, at, body))


def kept(connection: Connection, organisation: int, name: str) -> dict[str, Any] | None:
    """What was worked out last: at and body."""
    return connection.execute(KEPT, (organisation, name)).fetchone()


def decided(connection: Connection, organisation: int, *, since: datetime, until: datetime, most: int) -> int:
    """How many rows the ledger has of a span; `most` for that many and more."""
    row = connection.execute(DECIDED, (organisation, since, until, most)).fetchone()
    return int(row["many"]) if row else 0


def believed(connection: Connection, organisation: int, capability: str, *, since: datetime, most: int) -> int:
    """How many beliefs are kept of a capability; `most` for that many and more."""
    values = {"organisation": organisation, "capability": capability, "since": since, "most": most}
    row = connection.execute(BELIEVED, values).fetchone()
    return int(row["many"]) if row else 0


def people(connection: Connection, organisation: int, *, most: int) -> int:
    """How many people an organisation has who did anything; `most` for that many and more."""
    row = connection.execute(PEOPLE, (organisation, most)).fetchone()
    return int(row["many"]) if row else 0
