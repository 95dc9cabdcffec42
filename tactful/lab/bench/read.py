"""How long people wait for their interventions when a hundred of them ask at once."""

from datetime import timedelta
from typing import Any

from tactful.kernel.clock import SystemClock
from tactful.lab.bench.load import request
from tactful.lab.bench.serving import Served, serving
from tactful.lab.bench.waiting import CONCURRENT, tokens, told, wait

PEOPLE = 10_000

# Everybody was here today, answered one intervention and has another open; for one in fifty it is
# new, so every guard rail is asked again before it is shown.
FILL = """
INSERT INTO organisations (name, seed) VALUES ('bench', 1);
INSERT INTO people (organisation_id, external_id, holdout_bucket)
SELECT 1, i::text, i % 10000 FROM generate_series(1, {people}) i;
INSERT INTO person_state (person_id, organisation_id, first_seen_at, last_seen_at, events, active_days, streak_day)
SELECT i, 1, '{at}', '{at}', 1, 1, '{at}'::date FROM generate_series(1, {people}) i;
INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, triggered_at,
                               due_at, expires_at, shown_at, user_response, title, message, action)
SELECT i, 1, kind, 5, 'bench', CASE WHEN kind = 'gentle_nudge' AND i % 50 = 0 THEN 'planned' ELSE state END,
       '{at}', '{at}', '{until}', CASE WHEN kind = 'gentle_nudge' AND i % 50 = 0 THEN NULL ELSE '{at}'::timestamptz END,
       response, title, 'A message', 'open'
  FROM generate_series(1, {people}) i,
       (VALUES ('gentle_nudge', 'shown', NULL, 'A title'), ('morning_ritual', 'answered', 'engaged', 'A title'))
       k (kind, state, response, title);
"""


def run(size: float) -> dict[str, Any]:
    """GET /proactive/interventions with 100 concurrent people, with the bare address beside it."""
    people = max(CONCURRENT, int(PEOPLE * size))
    with serving() as served:
        _fill(served, people)
        whose = tokens(served, people)
        asked = [request("GET", "/proactive/interventions", token=token) for token in whose]
        measured = wait(served, whose, asked, size)
    return told("read", *measured, people=people)


def _fill(served: Served, people: int) -> None:
    now = SystemClock().now()
    at, until = now - timedelta(minutes=1), now + timedelta(days=1)
    with served.database.batch() as connection:
        connection.execute(FILL.format(people=people, at=at.isoformat(), until=until.isoformat()))
        connection.execute("ANALYZE")
