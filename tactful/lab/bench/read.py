"""How long people wait for their interventions when a hundred of them ask at once."""

from datetime import timedelta
from typing import Any

from tactful.kernel.clock import SystemClock
from tactful.lab.bench import result
from tactful.lab.bench.load import load, request
from tactful.lab.bench.serving import Served, serving

CONCURRENT = 100
PEOPLE = 10_000
SECONDS = 15.0

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
    seconds, people = max(2.0, SECONDS * size), max(CONCURRENT, int(PEOPLE * size))
    with serving() as served:
        _fill(served, people)
        tokens = [served.token(str(number)) for number in range(1, people + 1)]
        beat = b'{"page": "lesson"}'
        bare = [request("POST", served.bare, token=token, body=beat) for token in tokens]
        reads = [request("GET", "/proactive/interventions", token=token) for token in tokens]
        # Connections and plans are made in the first second; that is not what people wait for.
        load(served.port, reads[:CONCURRENT], connections=CONCURRENT, seconds=1.0)
        before = load(served.port, bare, connections=CONCURRENT, seconds=seconds)
        found = load(served.port, reads, connections=CONCURRENT, seconds=seconds)
    return result(
        "read",
        value=found.p95,
        unit="ms, 95th percentile",
        baseline="the bare address",
        baseline_value=before.p95,
        ratio=found.p95 / before.p95,
        higher_is_better=False,
        concurrent=CONCURRENT,
        people=people,
        p50_ms=found.p50,
        p99_ms=found.p99,
        per_second=round(found.per_second),
        bare_per_second=round(before.per_second),
        failures=found.failures + before.failures,
    )


def _fill(served: Served, people: int) -> None:
    now = SystemClock().now()
    at, until = now - timedelta(minutes=1), now + timedelta(days=1)
    with served.database.batch() as connection:
        connection.execute(FILL.format(people=people, at=at.isoformat(), until=until.isoformat()))
        connection.execute("ANALYZE")
