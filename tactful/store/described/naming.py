"""What organisations call their subjects, by the catalogue."""

from collections.abc import Collection
from datetime import datetime

from tactful.store.database import Connection

# Beyond that a catalogue names everything, and finding it in a message says nothing.
MOST_NAMES = 50_000
# Cheap to ask; changes whenever the catalogue does.
STAMPS = """
SELECT o.id, o.name, c.count + s.count AS entries, greatest(c.at, s.at) AS changed_at
  FROM organisations o
 CROSS JOIN LATERAL (SELECT count(*), max(updated_at) AS at FROM content x WHERE x.organisation_id = o.id) c
 CROSS JOIN LATERAL (SELECT count(*), max(updated_at) AS at FROM skills x WHERE x.organisation_id = o.id) s
 WHERE o.name = ANY(%s)
"""
NAMES = """
SELECT DISTINCT name FROM (
  SELECT unnest(c.topics) AS name FROM content c JOIN organisations o ON o.id = c.organisation_id
   WHERE o.name = %(name)s
   UNION ALL
  SELECT unnest(s.topics || s.title) FROM skills s JOIN organisations o ON o.id = s.organisation_id
   WHERE o.name = %(name)s) n
 WHERE name <> '' ORDER BY name LIMIT %(most)s
"""

# Our number of an organisation, and what tells its catalogue from another state of it.
Stamp = tuple[int, int, datetime | None]


def stamps(connection: Connection, organisations: Collection[str]) -> dict[str, Stamp]:
    """The stamps of these organisations, of those that are known."""
    rows = connection.execute(STAMPS, (sorted(organisations),)).fetchall()
    return {row["name"]: (row["id"], row["entries"], row["changed_at"]) for row in rows}


def names(connection: Connection, organisation: str) -> list[str]:
    """Topics of content and skills, and titles of skills; each once."""
    return [row["name"] for row in connection.execute(NAMES, {"name": organisation, "most": MOST_NAMES}).fetchall()]
