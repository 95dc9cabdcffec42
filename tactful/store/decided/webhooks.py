"""webhook_posts: planned with the alerts they tell of, claimed by whoever is free, and noted when they are through.

Whoever changes both an endpoint and its posts takes the endpoint first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tactful.store.database import Connection
from tactful.store.running import audit, jobs

RAISED, HELD = "alert.raised", "alert.held"
OPERATORS, OPERATORS_WELL = "operator_alert.raised", "operator_alert.cleared"
TASK = "tactful.post_webhooks"
# A summary waits, so that one message tells of all that came in one go.
GATHER = timedelta(hours=1)
# What was claimed and not held again for this long died half-way. Longer than one post may take, and than an endpoint
# may wait for its turn: 40 posts of a minute each (`webhook.timeout`), eight at a time.
LEASE = timedelta(minutes=10)

# Educators who switched this channel off are told nothing through it.
WANTED = "'webhook' <> ALL (coalesce(n.disabled_channels, '{}'))"
OPEN = f"""webhooks w ON w.organisation_id = e.organisation_id AND w.disabled_at IS NULL
  LEFT JOIN user_notification_preferences n ON n.user_id = e.educator_id
 WHERE {WANTED} AND e.educator_id = ANY(%(educators)s)"""
PLAN_RAISED = f"""
INSERT INTO webhook_posts (organisation_id, webhook_id, kind, alert_id, planned_at, next_at)
SELECT e.organisation_id, w.id, 'alert.raised', e.id, %(at)s, %(at)s FROM educator_alerts e JOIN {OPEN}
   AND e.told_at = %(at)s AND e.state = 'raised' ORDER BY e.id
    ON CONFLICT DO NOTHING
"""
PLAN_HELD = f"""
INSERT INTO webhook_posts (organisation_id, webhook_id, kind, educator_id, day, planned_at, next_at)
SELECT e.organisation_id, w.id, 'alert.held', e.educator_id, e.day, %(at)s, %(later)s FROM educator_days e JOIN {OPEN}
   AND EXISTS (SELECT FROM educator_alerts a WHERE a.educator_id = e.educator_id AND a.state = 'held')
    ON CONFLICT DO NOTHING
"""
PLAN_OPERATORS = """
INSERT INTO webhook_posts (organisation_id, webhook_id, kind, operator_alert_id, planned_at, next_at)
SELECT a.organisation_id, w.id, %(kind)s, a.id, %(at)s, %(at)s
  FROM operator_alerts a JOIN webhooks w ON w.organisation_id = a.organisation_id AND w.disabled_at IS NULL
 WHERE a.id = ANY(%(alerts)s) ORDER BY a.id, w.id
    ON CONFLICT DO NOTHING
"""

UNPAUSED = """
NOT EXISTS (SELECT FROM pauses q WHERE q.organisation_id = w.organisation_id
               AND (q.scope = 'organisation' OR (q.scope = 'channel' AND q.name = 'webhook')))
"""
CLAIM = f"""
WITH due AS MATERIALIZED (
  SELECT p.id FROM webhook_posts p JOIN webhooks w ON w.id = p.webhook_id
   WHERE p.state = 'due' AND p.next_at <= %(at)s AND w.disabled_at IS NULL
     AND coalesce(w.resting_until <= %(at)s, true)
     AND {UNPAUSED}
   ORDER BY p.next_at, p.id LIMIT %(size)s FOR UPDATE OF p SKIP LOCKED)
UPDATE webhook_posts p SET attempts = p.attempts + 1, next_at = %(lease)s
  FROM due, webhooks w WHERE p.id = due.id AND w.id = p.webhook_id
RETURNING p.id, p.webhook_id, p.organisation_id, p.kind, p.alert_id, p.operator_alert_id, p.educator_id,
          p.day, p.planned_at, p.attempts,
          w.url, w.secret, w.failures
"""
# Whoever claimed a post after its lease was over has tried it once more: it is theirs then.
ENDPOINT = f"SELECT 1 FROM webhooks w WHERE w.id = %s AND w.disabled_at IS NULL AND {UNPAUSED} FOR NO KEY UPDATE"
HOLD = """
WITH mine AS MATERIALIZED (
  SELECT p.id FROM webhook_posts p
    JOIN unnest(%(posts)s::bigint[], %(attempts)s::int[]) AS m (id, attempts) USING (id, attempts)
   WHERE p.state = 'due' ORDER BY p.id FOR UPDATE OF p)
UPDATE webhook_posts p SET next_at = %(lease)s FROM mine WHERE p.id = mine.id RETURNING p.id
"""

ALERTS = f"""
SELECT a.id, a.state, a.raised_at, a.risk_score, a.risk_factors, a.facts, e.external_id AS educator, p.external_id,
       p.name, g.external_id AS group_id, g.name AS group_name
  FROM educator_alerts a JOIN people e ON e.id = a.educator_id JOIN people p ON p.id = a.person_id
  LEFT JOIN groups g ON g.id = a.group_id
  LEFT JOIN user_notification_preferences n ON n.user_id = a.educator_id
 WHERE a.id = ANY(%s) AND {WANTED}
"""
WAITING = f"""
SELECT a.educator_id, e.external_id AS educator, count(*) AS held,
       (array_agg(p.external_id ORDER BY a.risk_score DESC, a.id))[:20] AS people
  FROM educator_alerts a JOIN people e ON e.id = a.educator_id JOIN people p ON p.id = a.person_id
  LEFT JOIN user_notification_preferences n ON n.user_id = a.educator_id
 WHERE a.state = 'held' AND a.educator_id = ANY(%s) AND {WANTED} GROUP BY a.educator_id, e.external_id
"""
OF_OPERATORS = """
SELECT a.id, a.kind, a.about, a.value, a.bound, a.sentence, a.raised_at, a.cleared_at, a.cleared_because
  FROM operator_alerts a WHERE a.id = ANY(%s)
"""

SENT = "UPDATE webhooks SET failures = 0, resting_until = NULL, last_sent_at = %(at)s WHERE id = %(webhook)s"
TAKEN = "UPDATE webhook_posts SET state = 'sent', sent_at = %s, error = NULL WHERE id = %s"
FAILED = "UPDATE webhooks SET failures = failures + 1, resting_until = %(until)s WHERE id = %(webhook)s"
OFF = """
UPDATE webhooks SET disabled_at = %(at)s, disabled_because = %(error)s WHERE id = %(webhook)s AND disabled_at IS NULL
RETURNING url, (SELECT name FROM organisations o WHERE o.id = organisation_id) AS organisation
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """tries: how often a post is sent at most; first, longest: waits before it is sent again."""

    tries: int
    first: timedelta
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        """How long to leave an endpoint alone that failed so often in a row: doubled each time."""
        return min(self.first * float(2 ** min(failures - 1, 30)), self.longest)


def plan(connection: Connection, educators: Sequence[int], *, at: datetime) -> None:
    """Let it be posted what these educators were told at `at`, and wake a worker for it."""
    values = {"educators": list(educators), "at": at, "later": at + GATHER}
    planned = sum(connection.execute(statement, values).rowcount for statement in (PLAN_RAISED, PLAN_HELD))
    if planned:
        jobs.wake(connection, TASK, at=at)


def plan_operators(connection: Connection, alerts: Sequence[int], *, kind: str, at: datetime) -> None:
    """Let it be posted that these alerts to operators were raised, or are over; and wake a worker for it."""
    if connection.execute(PLAN_OPERATORS, {"alerts": list(alerts), "kind": kind, "at": at}).rowcount:
        jobs.wake(connection, TASK, at=at)


def claim(connection: Connection, *, at: datetime, size: int) -> list[dict[str, Any]]:
    """Up to `size` posts that are due, nobody else's until the lease is over; oldest first."""
    rows = connection.execute(CLAIM, {"at": at, "size": size, "lease": at + LEASE}).fetchall()
    return sorted(rows, key=lambda row: row["id"])


def hold(connection: Connection, posts: Sequence[dict[str, Any]], *, at: datetime) -> set[int]:
    """Which of these claimed posts of one endpoint are still ours to send; their lease begins anew.

    None while the endpoint is switched off or the channel paused: they wait until their lease is over.
    """
    if connection.execute(ENDPOINT, (posts[0]["webhook_id"],)).fetchone() is None:
        return set()
    mine = {"posts": [post["id"] for post in posts], "attempts": [post["attempts"] for post in posts]}
    return {row["id"] for row in connection.execute(HOLD, mine | {"lease": at + LEASE}).fetchall()}


def facts(connection: Connection, posts: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """What each of these posts has to tell, by its number; nothing of what is no longer so, or no longer wanted."""
    alerts = connection.execute(ALERTS, ([post["alert_id"] for post in posts],)).fetchall()
    raised = {row["id"]: row for row in alerts if row["state"] == "raised"}
    waiting = connection.execute(WAITING, ([post["educator_id"] for post in posts],)).fetchall()
    held = {row["educator_id"]: row for row in waiting}
    theirs = connection.execute(OF_OPERATORS, ([post["operator_alert_id"] for post in posts],)).fetchall()
    operators = {row["id"]: row for row in theirs}
    told = {
        post["id"]: raised.get(post["alert_id"])
        or held.get(post["educator_id"])
        or operators.get(post["operator_alert_id"])
        for post in posts
    }
    return {number: row for number, row in told.items() if row is not None}


def sent(connection: Connection, post: dict[str, Any], *, at: datetime) -> None:
    """Note that the endpoint took it."""
    connection.execute(SENT, {"at": at, "webhook": post["webhook_id"]})
    connection.execute(TAKEN, (at, post["id"]))


def withdrawn(connection: Connection, posts: Sequence[int]) -> None:
    """Note that these are not worth sending any more."""
    connection.execute("UPDATE webhook_posts SET state = 'withdrawn' WHERE id = ANY(%s)", (list(posts),))


def failed(
    connection: Connection, post: dict[str, Any], others: Sequence[int], *, at: datetime, patience: Patience, error: str
) -> None:
    """Note that the endpoint did not take it now, and leave it alone for a while. others: claimed and not tried."""
    until = at + patience.wait(post["failures"] + 1)
    connection.execute(FAILED, {"until": until, "webhook": post["webhook_id"]})
    state = "given_up" if post["attempts"] >= patience.tries else "due"
    connection.execute(
        "UPDATE webhook_posts SET state = %s, next_at = %s, error = %s WHERE id = %s", (state, until, error, post["id"])
    )
    connection.execute(
        "UPDATE webhook_posts SET attempts = attempts - 1, next_at = %s WHERE id = ANY(%s)", (until, list(others))
    )


def switch_off(connection: Connection, post: dict[str, Any], *, at: datetime, error: str) -> None:
    """Note that the endpoint refuses for good: it gets nothing any more, and the audit log says why."""
    off = connection.execute(OFF, {"at": at, "error": error, "webhook": post["webhook_id"]}).fetchone()
    connection.execute(
        "UPDATE webhook_posts SET state = 'refused', error = %s WHERE webhook_id = %s AND state = 'due'",
        (error, post["webhook_id"]),
    )
    if off is not None:
        detail = {"webhook": post["webhook_id"], "url": off["url"], "because": error}
        audit.note(connection, off["organisation"], actor="engine", act="switch off webhook", detail=detail)
