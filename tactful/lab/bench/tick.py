"""How fast is a whole tick, against one bare GROUP BY over the same roll-up rows?"""

import resource
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tactful import loop
from tactful.bootstrap import read_settings, rules_of
from tactful.decide import Rules
from tactful.lab.bench import result
from tactful.lab.bench.scratch import scratch
from tactful.store.database import Connection, Database
from tactful.store.decided import ticks
from tactful.store.decided.moments import Scope
from tactful.store.reading import RowReader
from tactful.store.running import housekeeping
from tactful.uses import ticking

AT = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)

PEOPLE = """
INSERT INTO organisations (name, seed) VALUES ('bench', 1);
INSERT INTO people (organisation_id, external_id, zone, holdout_bucket)
SELECT 1, i::text, (ARRAY['Europe/Berlin','America/New_York','Asia/Tokyo','UTC','America/Sao_Paulo'])[1 + i % 5],
       i % 10000
  FROM generate_series(1, {people}) i;
"""

# Six people in ten are still active; the others fell silent up to eight weeks ago. Rows are written
# day by day, as they come in real life.
DAYS = """
INSERT INTO person_day (person_id, organisation_id, day, zone, events, sessions, completions, score_sum, score_count,
                        sentiment_sum, sentiment_count, seconds)
SELECT i, 1, DATE '2026-03-04' - back - quiet, 'UTC', 3 + (i + back) % 9, 1 + (i + back) % 3, (i + back) % 2,
       0.5 + (i % 5) / 10.0, 1, ((i + back) % 3 - 1) / 2.0, 1, 300
  FROM generate_series({days} - 1, 0, -1) back,
       LATERAL (SELECT i, CASE WHEN i % 10 < 6 THEN 0 ELSE i % 56 END AS quiet FROM generate_series(1, {people}) i) p;
"""

STATE = """
INSERT INTO person_state (person_id, organisation_id, first_seen_at, last_seen_at, last_completion_at, events,
                          active_days, current_streak, longest_streak, streak_day, morning_hour, evening_hour)
SELECT i, 1, TIMESTAMPTZ '2026-03-04 17:00Z' - ({days} + quiet) * interval '1 day',
       TIMESTAMPTZ '2026-03-04 17:00Z' - quiet * interval '1 day',
       TIMESTAMPTZ '2026-03-04 17:00Z' - (quiet + i % 2) * interval '1 day',
       {days} * 6, {days}, {days}, {days}, DATE '2026-03-04' - quiet, 7 + i % 4, 18 + i % 4
  FROM (SELECT i, CASE WHEN i % 10 < 6 THEN 0 ELSE i % 56 END AS quiet FROM generate_series(1, {people}) i) p;
"""

BASELINE = "SELECT person_id, count(*) AS days, sum(events) AS events FROM person_day GROUP BY person_id"


def fill(database: Database, *, people: int, days: int) -> None:
    """`people` people with `days` active days each."""
    with database.batch() as connection:
        for back in range(0, days + 60, 28):
            connection.execute("SELECT ensure_partition('person_day', %s)", ((AT - timedelta(days=back)).date(),))
        connection.execute("SELECT ensure_partition('person_day', %s)", ((AT - timedelta(days=days + 60)).date(),))
        connection.execute("SELECT ensure_partition('person_day', %s)", ((AT + timedelta(days=7)).date(),))
        for script in (PEOPLE, DAYS, STATE):
            connection.execute(script.format(people=people, days=days))
    with database.batch() as connection:
        housekeeping.count_partitioned(connection)


def seconds(work: Any) -> float:
    """How long `work()` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def baseline(connection: Connection) -> None:
    """The bare GROUP BY, every group computed, none sent.

    Both of its columns are asked for: the planner leaves out a sum that nobody reads, and then no row either.
    """
    connection.execute(f"SELECT sum(days), sum(events) FROM ({BASELINE} OFFSET 0) g")


def run(size: float) -> dict[str, Any]:
    """The whole tick for 1,000,000 people; the same engine one by one; and 200 days against 20."""
    rules = rules_of(read_settings())
    people = max(1000, int(1_000_000 * size))
    with scratch() as database:
        fill(database, people=people, days=20)
        first = seconds(lambda: ticking.tick(database, rules, at=AT, everybody=True))
        with database.batch() as connection:
            baseline(connection)
            bare = min(seconds(lambda: baseline(connection)) for _ in range(3))
        whole = _median_tick(database, rules, rounds=3)
        reached = _reached(database)
        single = one_by_one(database, rules, AT + timedelta(hours=2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result(
        "tick",
        value=people / whole,
        unit="people/s",
        baseline="bare GROUP BY over the same rows",
        baseline_value=people / bare,
        ratio=bare / whole,
        people=people,
        tick_seconds=round(whole, 2),
        first_tick_seconds=round(first, 2),
        baseline_seconds=round(bare, 2),
        reached=reached,
        per_person_ratio=round(people / whole / single, 1),
        history_ratio=round(_history(rules, size), 3),
        peak_mb=round(peak),
    )


def _median_tick(database: Database, rules: Rules, *, rounds: int) -> float:
    """The median time of `rounds` ticks over everybody, five minutes apart."""
    took = []
    for step in range(1, rounds + 1):
        start = time.perf_counter()
        ticking.tick(database, rules, at=AT + timedelta(minutes=5 * step), everybody=True)
        took.append(time.perf_counter() - start)
    return sorted(took)[rounds // 2]


def _reached(database: Database) -> int:
    with database.batch() as connection:
        row = connection.execute("SELECT count(*) AS reached FROM intervention_logs").fetchone()
    return int(row["reached"]) if row else 0


def one_by_one(database: Database, rules: Rules, at: datetime, people: int = 300) -> float:
    """People per second of the same engine called once per person."""

    def one(person: int) -> None:
        with database.batch() as connection:
            tick = ticks.begin(connection, at=at, scope="ask", policy=rules.policy_name, configuration=rules.stored())
            seen = loop.look(RowReader(connection), Scope(people=(person,)), at=at, rules=rules)
            loop.turn(connection, seen, rules=rules, tick=tick)

    one(1)
    start = time.perf_counter()
    for person in range(2, people + 2):
        one(person)
    return people / (time.perf_counter() - start)


def _history(rules: Rules, size: float) -> float:
    """The time of a tick with 200 days of history over the time with 20, for 100,000 people."""
    took = {}
    for days in (20, 200):
        with scratch() as database:
            fill(database, people=max(1000, int(100_000 * size)), days=days)
            ticking.tick(database, rules, at=AT, everybody=True)
            took[days] = _median_tick(database, rules, rounds=5)
    return took[200] / took[20]
