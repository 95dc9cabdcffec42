"""What alerts to operators are judged by, of all organisations at once; as service_role.

Each statement answers organisation_id and its figures, a row for every organisation.
"""

from datetime import datetime, timedelta
from typing import Any

from tactful.store.database import Connection
from tactful.store.learned.days import INTERVENTIONS, REACHED
from tactful.store.learned.performance import SETTLED

Rows = list[dict[str, Any]]
HIGH = """
SELECT o.id AS organisation_id, coalesce(r.people, 0) AS people FROM organisations o LEFT JOIN (
       SELECT organization_id, count(*) AS people FROM dropout_risk_scores
        WHERE risk_level IN ('high', 'critical') GROUP BY 1) r ON r.organization_id = o.id
"""
# Days that are summed up from their sums; of the others, whatever can no longer be answered otherwise.
ANSWERS = f"""
WITH raw AS MATERIALIZED (
  SELECT o.id, w.day::date AS day
    FROM organisations o CROSS JOIN generate_series(%(since)s::date, %(last)s::date, interval '1 day') AS w (day)
   WHERE NOT EXISTS (SELECT FROM counted_days c WHERE c.organisation_id = o.id AND c.day = w.day::date
                        AND c.what = '{INTERVENTIONS}')),
said AS (
  SELECT d.organisation_id, d.day, d.engaged,
         d.engaged + d.dismissed + d.snoozed + d.ignored + d.unanswered AS delivered
    FROM intervention_days d JOIN counted_days c USING (organisation_id, day)
   WHERE c.what = '{INTERVENTIONS}' AND d.day >= %(since)s::date AND d.day <= %(last)s::date
   UNION ALL
  SELECT raw.id, raw.day, i.engaged, i.delivered FROM raw CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE i.user_response = 'engaged') AS engaged, count(*) AS delivered
           FROM intervention_logs i
          WHERE i.organization_id = raw.id AND i.triggered_at >= raw.day::timestamp AT TIME ZONE 'UTC'
            AND i.triggered_at < (raw.day + 1)::timestamp AT TIME ZONE 'UTC' AND {REACHED} AND {SETTLED}) i)
SELECT organisation_id, coalesce(sum(engaged) FILTER (WHERE day >= %(lately)s::date), 0)::bigint AS engaged_now,
       coalesce(sum(delivered) FILTER (WHERE day >= %(lately)s::date), 0)::bigint AS delivered_now,
       coalesce(sum(engaged) FILTER (WHERE day < %(lately)s::date), 0)::bigint AS engaged_before,
       coalesce(sum(delivered) FILTER (WHERE day < %(lately)s::date), 0)::bigint AS delivered_before
  FROM said GROUP BY organisation_id
"""
RUNS = "SELECT coalesce(sum(runs), 0)::bigint AS runs, coalesce(sum(failed), 0)::bigint AS failed FROM job_hours"
KEPT = "SELECT organisation_id, body FROM reckonings WHERE name = 'accuracy' AND at > %s"
RAN = """
INSERT INTO job_hours AS j (hour, name, runs, failed) VALUES (date_trunc('hour', %s, 'UTC'), %s, 1, %s)
    ON CONFLICT (hour, name) DO UPDATE SET runs = j.runs + 1, failed = j.failed + excluded.failed
"""


def high_risk(connection: Connection) -> Rows:
    """people at high risk or more, as it was judged last."""
    return connection.execute(HIGH).fetchall()


def answers(connection: Connection, *, at: datetime, lately: int, before: int) -> Rows:
    """engaged and delivered of the last `lately` days (_now), and of the `before` days ahead of these (_before)."""
    day = timedelta(days=1)
    values = {"until": at, "last": at.date(), "lately": at.date() - (lately - 1) * day}
    values["since"] = at.date() - (lately + before - 1) * day
    return connection.execute(ANSWERS.encode(), values).fetchall()


def runs(connection: Connection, *, since: datetime, until: datetime) -> dict[str, Any]:
    """runs of jobs in whole hours of this span, and how many failed; of the engine, whoever they were for."""
    row = connection.execute(f"{RUNS} WHERE hour > %s AND hour <= %s", (since, until)).fetchone()
    assert row is not None
    return row


def accuracy(connection: Connection, *, since: datetime) -> Rows:
    """body: how far each belief's accuracy fell, by capability, as it was worked out since then."""
    return connection.execute(KEPT, (since,)).fetchall()


def ran(connection: Connection, name: str, *, at: datetime, failed: bool) -> None:
    """Note that a job ran."""
    connection.execute(RAN, (at, name, int(failed)))
