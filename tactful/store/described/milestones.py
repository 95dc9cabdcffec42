"""Milestones of an organisation: what it added to or changed of those everybody has, and how they do.

All as service_role.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from tactful.facts.milestones import FIELDS, Milestone
from tactful.kernel.errors import NotFound
from tactful.store.database import Connection

# Those that one organisation may have of its own.
MOST = 200
NAMES = ("milestone_name", *FIELDS)
OWN = f"""
SELECT {", ".join(f"e.{name}" for name in NAMES)} FROM engagement_milestones e
  JOIN organisations o ON o.id = e.organization_id WHERE o.name = %s ORDER BY e.created_at, e.milestone_name
"""
# The organisation's row, so that two who change its milestones come one after the other.
HOLD = "SELECT id FROM organisations WHERE name = %s FOR NO KEY UPDATE"
PUT = f"""
INSERT INTO engagement_milestones AS e (organization_id, {", ".join(NAMES)}, created_at, updated_at)
VALUES (%(organisation)s, {", ".join(f"%({name})s" for name in NAMES)}, %(at)s, %(at)s)
    ON CONFLICT (organization_id, milestone_name) DO UPDATE
   SET ({", ".join(FIELDS)}, version, updated_at)
     = ({", ".join(f"excluded.{name}" for name in FIELDS)}, e.version + 1, excluded.updated_at)
RETURNING version
"""
DROP = "DELETE FROM engagement_milestones WHERE organization_id = %s AND milestone_name = %s"
PERSON = """
SELECT p.id, p.locale, s.current_streak, s.longest_streak, s.streak_day, s.week_days,
       (%s AT TIME ZONE p.zone)::date AS local_day
  FROM people p JOIN organisations o ON o.id = p.organisation_id LEFT JOIN person_state s ON s.person_id = p.id
 WHERE o.name = %s AND p.external_id = %s
"""
REACHED = """
SELECT milestone_name, display_name, metric_name, target_value, current_value, difficulty_level, points, achieved_at,
       celebration, celebrated_at
  FROM user_milestone_progress WHERE user_id = %s ORDER BY achieved_at DESC, points DESC, milestone_name
"""
# From the first thing they did, as far as that is known.
STATISTICS = """
SELECT m.milestone_name, min(m.display_name) AS display_name, count(*) AS reached,
       count(*) FILTER (WHERE m.celebration = 'celebrated') AS celebrated,
       count(*) FILTER (WHERE m.celebration = 'silent') AS silent, sum(m.points) AS points,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(0, extract(epoch FROM m.achieved_at - s.first_seen_at))
                                          / 86400) AS median_days
  FROM user_milestone_progress m LEFT JOIN person_state s ON s.person_id = m.user_id
 WHERE m.organization_id = %s GROUP BY m.milestone_name
"""
PEOPLE = "SELECT count(*) AS people FROM person_state WHERE organisation_id = %s"


def own(connection: Connection, organisation: str) -> dict[str, Milestone]:
    """What an organisation added or changed, by name."""
    return {row["milestone_name"]: Milestone(**row) for row in connection.execute(OWN, (organisation,))}


def hold(connection: Connection, organisation: str) -> int:
    """Our number of the organisation; nobody else changes its milestones until this ends. raises: NotFound."""
    row = connection.execute(HOLD, (organisation,)).fetchone()
    if row is None:
        raise NotFound(f"There is no organisation {organisation} yet.", fields=["organisation"])
    return int(row["id"])


def put(connection: Connection, organisation: int, one: Milestone, *, at: datetime) -> int:
    """Write one, new or in the place of what stood under its name; answers its version."""
    row = connection.execute(PUT, asdict(one) | {"organisation": organisation, "at": at}).fetchone()
    assert row is not None
    return int(row["version"])


def drop(connection: Connection, organisation: int, name: str) -> bool:
    """Remove one of the organisation's own; what was reached of it stays. Whether there was one."""
    return connection.execute(DROP, (organisation, name)).rowcount > 0


def person(connection: Connection, organisation: str, name: str, *, at: datetime) -> dict[str, Any] | None:
    """Somebody's streak and language, and their own day at `at`; None of somebody nobody knows."""
    return connection.execute(PERSON, (at, organisation, name)).fetchone()


def reached(connection: Connection, person_id: int) -> list[dict[str, Any]]:
    """What somebody reached, newest first."""
    return connection.execute(REACHED, (person_id,)).fetchall()


def statistics(connection: Connection, organisation: int) -> tuple[int, dict[str, dict[str, Any]]]:
    """How many people there are, and by name of a milestone how many reached it and how long it took them."""
    row = connection.execute(PEOPLE, (organisation,)).fetchone()
    found = {each["milestone_name"]: each for each in connection.execute(STATISTICS, (organisation,))}
    return (row["people"] if row else 0), found
