"""What came of tests: each person counted once, when they saw it and when their time to answer was over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tactful.store.steps import Say, Steps

# Held first and in order, so that two who count wait for each other and never in a circle.
HOLD = "SELECT id FROM experiments WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"
COUNT = """
WITH found AS (
  UPDATE experiment_assignments a SET {change} FROM intervention_logs i
   WHERE a.experiment_id = ANY(%(ids)s) AND i.id = a.intervention_id AND {when}
  RETURNING a.experiment_id, a.organisation_id, a.variant, a.answered, ({day} AT TIME ZONE 'UTC')::date AS day)
INSERT INTO experiment_days AS d (experiment_id, organisation_id, variant, day, {into})
SELECT experiment_id, organisation_id, variant, day, {sums} FROM found GROUP BY 1, 2, 3, 4
    ON CONFLICT (experiment_id, variant, day) DO UPDATE SET {added}
"""
EXPOSED = COUNT.format(
    change="exposed_at = i.shown_at",
    when="a.exposed_at IS NULL AND i.shown_at <= %(at)s",
    day="i.shown_at",
    into="exposed",
    sums="count(*)",
    added="exposed = d.exposed + excluded.exposed",
)
# Who takes something up does so soon, who does not never says so: nobody counts before the time of all is over.
SETTLED = COUNT.format(
    change="settled_at = i.expires_at, answered = coalesce(i.user_response = 'engaged', false)",
    when="a.exposed_at IS NOT NULL AND a.settled_at IS NULL AND i.expires_at <= %(at)s",
    day="i.expires_at",
    into="settled, answered",
    sums="count(*), count(*) FILTER (WHERE answered)",
    added="settled = d.settled + excluded.settled, answered = d.answered + excluded.answered",
)
DAYS = """
SELECT experiment_id, variant, day, assigned, exposed, settled, answered FROM experiment_days
 WHERE experiment_id = ANY(%(ids)s) ORDER BY experiment_id, day, variant
"""


def settle(experiments: Sequence[int], *, at: datetime) -> Steps[None]:
    """Count who saw what they were given by `at`, and whose time to answer it is over."""
    values = {"ids": list(experiments), "at": at}
    for statement in (HOLD, EXPOSED, SETTLED):
        yield Say(statement, values)


def days(experiments: Sequence[int]) -> Steps[list[dict[str, Any]]]:
    """What became known on each day, by test and variant."""
    return (yield Say(DAYS, {"ids": list(experiments)}))
