"""educator_alerts: an educator is told once of each episode in which somebody they teach is critical.

All of it happens in the transaction that writes the risk rows. First those are kept from erasure whom new alerts may
name; then come the risk rows, in person order, the educators' days, in educator order, and alerts. So nobody waits in
a circle.
"""

from collections.abc import Mapping
from datetime import datetime

from tactful.facts.allowances import Telling
from tactful.store.apart import apart_all
from tactful.store.database import Connection
from tactful.store.decided import webhooks

# What `predict.dropout.reasons` words its sentences from.
FACTS = (
    "sessions_by_week",
    "days_silent",
    "avg_days_between_sessions",
    "sentiment_trend_7d",
    "days_since_last_completion",
    "performance_trend",
    "longest_streak",
)

# Who may become critical in a moment, and their educators: to be erased, they have to wait for us, not we for them.
KEEP = """
SELECT 1 FROM people WHERE id IN (
  SELECT unnest(ARRAY[m.person_id, e.person_id])
    FROM risks x LEFT JOIN dropout_risk_scores r ON r.user_id = x.person_id
    JOIN group_members m ON m.person_id = x.person_id AND m.role = 'member'
    JOIN group_members e ON e.group_id = m.group_id AND e.role = 'educator'
   WHERE x.risk_level = 'critical' AND coalesce(r.critical_since <= %(at)s - %(again)s * interval '1 day', true))
 ORDER BY id FOR KEY SHARE
"""
KEEP_HOLDERS = """
SELECT 1 FROM people WHERE id IN (SELECT educator_id FROM educator_alerts WHERE state = 'held')
 ORDER BY id FOR KEY SHARE
"""

# Where an educator has somebody in several groups, the first of them is named.
FRESH = f"""
CREATE TEMP TABLE fresh_alerts ON COMMIT DROP AS
SELECT DISTINCT ON (e.person_id, r.user_id)
       e.person_id AS educator_id, r.user_id AS person_id, r.organization_id AS organisation_id, e.group_id,
       r.critical_since AS episode, r.risk_score, r.risk_factors,
       jsonb_build_object({", ".join(f"'{name}', r.{name}" for name in FACTS)}) AS facts,
       (%(at)s::timestamptz AT TIME ZONE p.zone)::date AS day
  FROM risks x
  JOIN dropout_risk_scores r ON r.user_id = x.person_id AND r.critical_since = %(at)s
  JOIN group_members m ON m.person_id = r.user_id AND m.role = 'member'
  JOIN group_members e ON e.group_id = m.group_id AND e.role = 'educator' AND e.person_id <> m.person_id
  JOIN people p ON p.id = e.person_id
 WHERE x.risk_level = 'critical'
   AND NOT EXISTS (SELECT FROM educator_alerts a
                    WHERE a.educator_id = e.person_id AND a.person_id = r.user_id AND a.episode = r.critical_since)
 ORDER BY e.person_id, r.user_id, e.group_id
"""

# A day that goes back (an educator flew west) does not give alerts back.
DAYS = """
INSERT INTO educator_days AS d (educator_id, organisation_id, day)
SELECT educator_id, min(organisation_id), min(day) FROM fresh_alerts GROUP BY educator_id ORDER BY educator_id
    ON CONFLICT (educator_id) DO UPDATE
   SET told = CASE WHEN d.day < excluded.day THEN 0 ELSE d.told END, day = greatest(d.day, excluded.day)
"""

# Also what is still open of an episode that lasted so long that it is told again.
CLOSE = """
UPDATE educator_alerts a
   SET state = 'closed', closed_at = %(at)s, closed_by = 'engine',
       closed_because = CASE WHEN r.critical_since IS NULL THEN 'The risk is no longer critical.'
                             ELSE 'They are still critical; a newer alert says so.' END
  FROM dropout_risk_scores r
 WHERE a.state <> 'closed' AND r.user_id = a.person_id AND r.critical_since IS DISTINCT FROM a.episode
   AND a.person_id IN (SELECT person_id FROM risks)
"""

# The highest risks come within the cap.
RAISE = """
INSERT INTO educator_alerts (organisation_id, educator_id, person_id, group_id, episode, risk_score, risk_factors,
                             facts, state, raised_at, told_at)
SELECT organisation_id, educator_id, person_id, group_id, episode, risk_score, risk_factors, facts,
       CASE WHEN within THEN 'raised' ELSE 'held' END, %(at)s, CASE WHEN within THEN %(at)s::timestamptz END
  FROM (SELECT f.*, d.told + row_number() OVER (PARTITION BY educator_id ORDER BY f.risk_score DESC, f.person_id)
                    <= %(per_day)s AS within
          FROM fresh_alerts f JOIN educator_days d USING (educator_id)) f
 ORDER BY educator_id, risk_score DESC, person_id
    ON CONFLICT (educator_id, person_id, episode) DO NOTHING
"""

COUNT = """
UPDATE educator_days d SET told = d.told + n.told
  FROM (SELECT educator_id, count(*) AS told
          FROM educator_alerts JOIN fresh_alerts USING (educator_id, person_id, episode)
         WHERE state = 'raised' GROUP BY educator_id) n
 WHERE d.educator_id = n.educator_id
"""

WHOSE = "SELECT DISTINCT educator_id FROM fresh_alerts"

# Whose next day has begun; they are locked in educator order.
NEXT_DAY = """
WITH awake AS MATERIALIZED (
  SELECT d.educator_id, (%(at)s::timestamptz AT TIME ZONE p.zone)::date AS day
    FROM educator_days d JOIN people p ON p.id = d.educator_id
   WHERE d.educator_id IN (SELECT educator_id FROM educator_alerts WHERE state = 'held')
     AND d.day < (%(at)s::timestamptz AT TIME ZONE p.zone)::date
   ORDER BY d.educator_id FOR NO KEY UPDATE OF d)
UPDATE educator_days d SET day = awake.day, told = 0 FROM awake WHERE d.educator_id = awake.educator_id
RETURNING d.educator_id
"""
LET_THROUGH = """
WITH told AS (
  UPDATE educator_alerts a SET state = 'raised', told_at = %(at)s
    FROM (SELECT id, row_number() OVER (PARTITION BY educator_id ORDER BY risk_score DESC, id) AS place
            FROM educator_alerts WHERE state = 'held' AND educator_id = ANY(%(educators)s)) waiting
   WHERE a.id = waiting.id AND a.state = 'held' AND waiting.place <= %(per_day)s
  RETURNING a.educator_id)
UPDATE educator_days d SET told = d.told + n.told
  FROM (SELECT educator_id, count(*) AS told FROM told GROUP BY educator_id) n WHERE d.educator_id = n.educator_id
"""


def keep(
    connection: Connection, *, at: datetime, telling: Telling, others: Mapping[int, Telling] | None = None
) -> None:
    """Let nobody be erased of whom `follow` may tell; before the risk rows are written."""
    again = {"again": {whose: each.again_days for whose, each in (others or {}).items()}}
    connection.execute(apart_all(KEEP, again, whose="x.organisation_id"), {"at": at, "again": telling.again_days})


def follow(
    connection: Connection,
    *,
    at: datetime,
    telling: Telling,
    others: Mapping[int, Telling] | None = None,
    some: bool,
) -> None:
    """Raise and close what follows from the risk rows just written; reads the caller's temporary table `risks`.

    others: how educators of organisations are told that have it their own way, by our number of them. some: whether
    anybody in it is critical; if nobody is, only what is open is looked at.
    """
    values = {"at": at, "per_day": telling.per_day}
    if some:
        connection.execute("DROP TABLE IF EXISTS fresh_alerts")
        connection.execute(FRESH, values)
        connection.execute("ANALYZE fresh_alerts")
        connection.execute(DAYS)
    connection.execute(CLOSE, values)
    if some:
        connection.execute(apart_all(RAISE, _caps(others), whose="f.organisation_id"), values)
        connection.execute(COUNT)
        educators = [row["educator_id"] for row in connection.execute(WHOSE).fetchall()]
        webhooks.plan(connection, educators, at=at)


def release(connection: Connection, *, at: datetime, per_day: int, others: Mapping[int, Telling] | None = None) -> None:
    """Let through what was held, highest risk first, of educators whose next day has begun. others: see `follow`."""
    connection.execute(KEEP_HOLDERS)
    awake = connection.execute(NEXT_DAY, {"at": at}).fetchall()
    if awake:
        educators = [row["educator_id"] for row in awake]
        let_through = apart_all(LET_THROUGH, _caps(others), whose="a.organisation_id")
        connection.execute(let_through, {"at": at, "per_day": per_day, "educators": educators})
        webhooks.plan(connection, educators, at=at)


def _caps(others: Mapping[int, Telling] | None) -> dict[str, dict[int, int]]:
    return {"per_day": {whose: each.per_day for whose, each in (others or {}).items()}}
