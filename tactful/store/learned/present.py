"""How many people did something on each day of their organisation's own zone.

Somebody was active on every day that one of their sessions reaches into. Days that are over are counted for everybody
once a night and kept in `reckonings`; what came after is counted when it is asked for.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tactful.store.database import Connection
from tactful.store.steps import Say, Steps

# Most sessions begin and end on one day; a row for each further day comes from the others alone.
STAYS = """
SELECT x.organisation_id, x.person_id, (x.started_at AT TIME ZONE o.zone)::date AS day
  FROM person_session x JOIN organisations o ON o.id = x.organisation_id WHERE {which}
 UNION ALL
SELECT x.organisation_id, x.person_id, d.day::date
  FROM person_session x JOIN organisations o ON o.id = x.organisation_id
 CROSS JOIN LATERAL generate_series((x.started_at AT TIME ZONE o.zone)::date + 1,
                                    (x.ended_at AT TIME ZONE o.zone)::date, interval '1 day') AS d (day)
 WHERE {which} AND (x.ended_at AT TIME ZONE o.zone)::date > (x.started_at AT TIME ZONE o.zone)::date
"""
COUNTED = f"""
SELECT organisation_id, day, count(*) AS people
  FROM (SELECT DISTINCT organisation_id, day, person_id FROM ({STAYS}) stays WHERE {{within}}) present
 GROUP BY organisation_id, day ORDER BY organisation_id, day
"""
EVERYBODY = COUNTED.format(
    which="x.organisation_id = ANY(%(whose)s) AND x.ended_at >= %(since)s AND x.started_at <= %(until)s", within="true"
)
YESTERDAY = "SELECT id, zone, (%s AT TIME ZONE zone)::date - 1 AS last FROM organisations WHERE id = ANY(%s)"
# Whoever was not seen since need not be looked at; of the others the index has their latest sessions.
LATELY = COUNTED.format(
    which="""x.started_at <= %(until)s AND x.ended_at >= %(since)s
   AND x.person_id IN (SELECT s.person_id FROM person_state s WHERE s.last_seen_at >= %(since)s)""",
    within="day BETWEEN %(first)s AND %(last)s",
)
OURS = """
SELECT o.zone, (%s AT TIME ZONE o.zone)::date AS today, k.at, k.body
  FROM organisations o LEFT JOIN reckonings k ON k.organisation_id = o.id AND k.name = 'present'
 WHERE o.id = current_organisation()
"""


def everybody(
    connection: Connection, organisations: Sequence[int], *, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """organisation_id, day and people of these organisations, in one pass, the first day in part; as service_role."""
    values = {"whose": list(organisations), "since": since, "until": until}
    return connection.execute(EVERYBODY.encode(), values).fetchall()


def yesterdays(connection: Connection, organisations: Sequence[int], *, at: datetime) -> list[dict[str, Any]]:
    """id and zone of these organisations, and the last day that is over there; as service_role."""
    return connection.execute(YESTERDAY, (at, list(organisations))).fetchall()


def ours(at: datetime) -> Steps[dict[str, Any]]:
    """The zone of the identity's organisation, today there, and what was counted last (at and body, None if never)."""
    (row,) = yield Say(OURS, (at,))
    return row


def lately(zone: str, *, first: date, last: date, until: datetime) -> Steps[dict[date, int]]:
    """People by day of the identity's organisation, from the day `first` to the day `last`, by what is known now."""
    (begins,) = yield Say("SELECT %s::date::timestamp AT TIME ZONE %s AS at", (first, zone))
    values = {"since": begins["at"], "until": until, "first": first, "last": last}
    rows = yield Say(LATELY, values)
    return {row["day"]: row["people"] for row in rows}
