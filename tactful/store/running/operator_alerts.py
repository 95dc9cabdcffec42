"""operator_alerts: raised while something is wrong, told within a cap, cleared when it is well again.

Written as service_role; read by operators of the organisation.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection, Connection

Rows = list[dict[str, Any]]
COLUMNS = "id, kind, about, value, bound, sentence, raised_at, told_at, cleared_at, cleared_because"
OPEN = "SELECT id, organisation_id, kind, about, told_at FROM operator_alerts WHERE cleared_at IS NULL"
# By the day of the organisation's own zone.
TOLD = """
SELECT a.organisation_id, a.kind, a.about, count(*) AS told
  FROM operator_alerts a JOIN organisations o ON o.id = a.organisation_id
 WHERE a.told_at > %(at)s::timestamptz - interval '2 days'
   AND (a.told_at AT TIME ZONE o.zone)::date = (%(at)s::timestamptz AT TIME ZONE o.zone)::date
 GROUP BY 1, 2, 3
"""
RAISE = """
INSERT INTO operator_alerts (organisation_id, kind, about, value, bound, sentence, raised_at, told_at)
VALUES (%(organisation)s, %(kind)s, %(about)s, %(value)s, %(bound)s, %(sentence)s, %(at)s, %(told_at)s)
    ON CONFLICT DO NOTHING RETURNING id
"""
TELL = "UPDATE operator_alerts SET told_at = %s WHERE id = ANY(%s) AND told_at IS NULL AND cleared_at IS NULL"
CLEAR = """
UPDATE operator_alerts SET cleared_at = %s, cleared_because = %s WHERE id = %s AND cleared_at IS NULL
"""
PAGE = f"""
SELECT {COLUMNS} FROM operator_alerts
 WHERE id < %(after)s AND (%(state)s = 'all' OR (cleared_at IS NULL) = (%(state)s = 'open'))
 ORDER BY id DESC LIMIT %(limit)s
"""
# What was told, and not passed on yet; after a day it is no news.
WAITING = """
SELECT a.id, a.kind, a.about, a.sentence, a.cleared_because, a.cleared_at IS NOT NULL AS over, o.name AS organisation
  FROM operator_alerts a JOIN organisations o ON o.id = a.organisation_id
 WHERE a.told_at IS NOT NULL AND CASE WHEN a.cleared_at IS NULL THEN a.passed_at IS NULL AND a.told_at > %(since)s
       ELSE a.passed_at IS NOT NULL AND a.passed_over_at IS NULL AND a.cleared_at > %(since)s END
 ORDER BY a.id
"""
PASSED = """
UPDATE operator_alerts SET passed_at = coalesce(passed_at, %(at)s),
       passed_over_at = CASE WHEN %(over)s THEN %(at)s::timestamptz END WHERE id = ANY(%(ids)s)
"""


def standing(connection: Connection) -> Rows:
    """What is raised and not cleared, of all organisations: id, organisation_id, kind, about and told_at."""
    return connection.execute(OPEN).fetchall()


def told_today(connection: Connection, *, at: datetime) -> Rows:
    """How often each organisation was told of each kind (and about) today."""
    return connection.execute(TOLD, {"at": at}).fetchall()


def put(connection: Connection, row: Mapping[str, Any], *, at: datetime) -> list[int]:
    """Raise one: organisation, kind, about, value, bound, sentence, told_at; its number unless it is raised already."""
    made = connection.execute(RAISE, {**row, "at": at}).fetchall()
    return [int(each["id"]) for each in made]


def tell(connection: Connection, alerts: Sequence[int], *, at: datetime) -> None:
    """Note that what was beyond the cap is told now."""
    connection.execute(TELL, (at, list(alerts)))


def clear(connection: Connection, alert: int, *, at: datetime, because: str) -> None:
    """Note that it is well again."""
    connection.execute(CLEAR, (at, because, alert))


async def page(connection: AsyncConnection, *, state: str, limit: int, after: int) -> Rows:
    """Alerts of the identity's organisation below the number `after`, newest first. state: open, cleared or all."""
    found = await connection.execute(PAGE, {"state": state, "limit": limit, "after": after})
    return await found.fetchall()


def waiting(connection: Connection, *, since: datetime) -> Rows:
    """What was told since then and is not passed on: id, organisation, kind, about, sentence, and if it is over."""
    return connection.execute(WAITING, {"since": since}).fetchall()


def passed(connection: Connection, alerts: Sequence[int], *, over: bool, at: datetime) -> None:
    """Note that they were passed on, or that they are over."""
    connection.execute(PASSED, {"ids": list(alerts), "over": over, "at": at})
