"""How many people did something on each day of their organisation's own zone.

Somebody was active on every day that one of their sessions reaches into. Days that are over are counted for everybody
once a night and kept in `reckonings`; what came after is counted when it is asked for.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tactful.store.database import Connection
from tactful.store.steps import Say, Steps

# Most sessions begin and end on one day; rows for further days come from the others alone.
COUNTED = """
WITH stays AS MATERIALIZED (
  SELECT x.organisation_id, x.person_id, (x.started_at AT TIME ZONE o.zone)::date AS first,
         (x.ended_at AT TIME ZONE o.zone)::date AS last
    FROM {stays} x JOIN organisations o ON o.id = x.organisation_id WHERE {which})
SELECT organisation_id, day, count(*) AS people
  FROM (SELECT organisation_id, person_id, first AS day FROM stays
         UNION
        SELECT organisation_id, person_id, d.day::date
          FROM stays CROSS JOIN LATERAL generate_series(first + 1, last, interval '1 day') AS d (day)
         WHERE last > first) present
 WHERE {within} GROUP BY organisation_id, day ORDER BY organisation_id, day
"""
EVERYBODY = COUNTED.format(
    stays="person_session",
    which="x.organisation_id = ANY(%(whose)s) AND x.ended_at >= %(since)s AND x.started_at <= %(until)s",
    within="true",
)
# Whoever was not seen since need not be looked at. Of the others the index has the sessions that began since, and the
# one before these, which may have lasted.
STAYED = """
SELECT started_at, ended_at, person_id, organisation_id FROM person_session
 WHERE person_id = s.person_id AND started_at"""
LATELY = COUNTED.format(
    stays=f"""person_state s CROSS JOIN LATERAL (
       {STAYED} >= %(since)s AND started_at <= %(until)s UNION ALL
       ({STAYED} < %(since)s ORDER BY started_at DESC LIMIT 1))""",
    which="s.last_seen_at >= %(since)s AND x.ended_at >= %(since)s",
    within="day BETWEEN %(first)s AND %(last)s",
)
YESTERDAY = "SELECT id, zone, (%s AT TIME ZONE zone)::date - 1 AS last FROM organisations WHERE id = ANY(%s)"
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
