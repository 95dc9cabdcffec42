"""How fast is outreach planned for everybody in one pass, against one at a time; and how fast do workers send it?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from tactful.bootstrap import place, read_settings, rules_of
from tactful.decide.settings import HOLDOUT, QUIET_END, QUIET_START
from tactful.decide.triggers.settings import SWITCHES
from tactful.kernel.clock import SystemClock
from tactful.kernel.errors import CannotStart
from tactful.lab.bench import result
from tactful.lab.bench.scratch import scratch
from tactful.lab.bench.tick import AT, PEOPLE, STATE, one_by_one, seconds
from tactful.store.database import Database
from tactful.store.running.scratch import heard
from tactful.uses import ticking

CHANNEL, ADDRESS = "pubsub", "bench"
# Nobody is asleep, held out or told of something within the product instead, so that everybody is written to.
EVERYBODY = {
    QUIET_START.name: "00:00",
    QUIET_END.name: "00:00",
    HOLDOUT.name: 0.0,
    SWITCHES["milestone_reached"].name: False,
    "decide.outreach_from": "00:00",
    "decide.outreach_until": "23:59",
}
# Each person can be reached by a channel, and something waits to be said to them.
ASKED = """
INSERT INTO addresses (organisation_id, person_id, channel, address, created_at)
SELECT 1, i, '{channel}', '{address}', %(at)s FROM generate_series(1, {people}) i;
INSERT INTO proactive_outreach (user_id, organization_id, outreach_type, priority_score, trigger, scheduled_time,
                                expires_at)
SELECT i, 1, 'topic_follow_up', 0.9, 'bench', %(at)s, %(until)s FROM generate_series(1, {people}) i;
"""
DUE = """
WITH planned AS (
  INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, channel,
                                 context, triggered_at, due_at, expires_at)
  SELECT i, 1, 'topic_follow_up', 5, 'bench', 'planned', %(channel)s, '{}', %(at)s, %(at)s, %(until)s
    FROM generate_series(1, %(people)s) i RETURNING *)
INSERT INTO deliveries (organisation_id, person_id, intervention_id, channel, due_at, expires_at, address_id)
SELECT p.organization_id, p.user_id, p.id, p.channel, p.due_at, p.expires_at, a.id
  FROM planned p JOIN addresses a ON a.person_id = p.user_id
"""
SENT = "SELECT count(*) AS sent, min(sent_at) AS first, max(sent_at) AS last FROM deliveries WHERE state = 'sent'"
# Longest that a worker may take to send one message more [s].
PATIENCE = 120.0


def run(size: float) -> dict[str, Any]:
    """Outreach planned for 1,000,000 people, and 20,000 messages sent by one worker process and by two."""
    people, messages = max(1000, int(1_000_000 * size)), max(1000, int(20_000 * size))
    settings = read_settings()
    waking = settings.replace(**{name.replace(".", "__"): value for name, value in EVERYBODY.items()})
    rules = rules_of(waking).replace(channels=frozenset({CHANNEL}))
    with scratch() as database:
        _fill(database, people, AT)
        single = one_by_one(database, rules, AT - timedelta(minutes=5))
        whole = seconds(lambda: ticking.tick(database, rules, at=AT, everybody=True))
        planned = _planned(database)
    alone, both = (_sending(messages, workers) for workers in (1, 2))
    return result(
        "outreach",
        value=people / whole,
        unit="people/s",
        baseline="the same engine called once per person",
        baseline_value=single,
        ratio=people / whole / single,
        people=people,
        planned=planned,
        pass_seconds=round(whole, 1),
        messages=messages,
        sent_per_second_by_one_worker=round(alone, 1),
        sent_per_second_by_two_workers=round(both, 1),
        growth=round(both / alone, 2),
        processors=os.cpu_count(),
    )


def _fill(database: Database, people: int, at: datetime) -> None:
    with database.batch() as connection:
        for script in (PEOPLE, STATE):
            connection.execute(script.format(people=people, days=20))
        values = {"at": at - timedelta(hours=1), "until": at + timedelta(days=2)}
        for script in ASKED.format(people=people, channel=CHANNEL, address=ADDRESS).split(";\n"):
            if script.strip():
                connection.execute(script, values)
    with database.batch() as connection:
        connection.execute("ANALYZE")


def _planned(database: Database) -> int:
    with database.batch() as connection:
        row = connection.execute("SELECT count(*) AS planned FROM intervention_logs WHERE state = 'planned'").fetchone()
    return int(row["planned"]) if row else 0


def _sending(messages: int, workers: int) -> float:
    """Messages a second that worker processes send, from the first to the last."""
    with scratch() as database, place(read_settings()) as where, heard(where.redis_url, f"outreach.{ADDRESS}"):
        now = SystemClock().now()
        _fill(database, messages, now)
        with database.batch() as connection:
            values = {"channel": CHANNEL, "people": messages, "at": now, "until": now + timedelta(days=1)}
            connection.execute(DUE, values)
        environ = {
            "DATABASE_URL": database.owner_url,
            "REDIS_URL": where.redis_url,
            "TACTFUL_STORE_ROLE_SECRET": where.role_secret,
            "TACTFUL_PUBSUB_PACE": "100000",
            "TACTFUL_WORKER_OUTSIDE_CRON": "* * * * * *",
        } | {f"TACTFUL_{name.upper().replace('.', '_')}": str(value) for name, value in EVERYBODY.items()}
        with working(environ, workers):
            return _rate(database, messages)


def _rate(database: Database, messages: int) -> float:
    sent, last = 0, time.monotonic()
    while True:
        with database.batch() as connection:
            row: dict[str, Any] = connection.execute(SENT).fetchone() or {}
        if row["sent"] >= messages:
            took: timedelta = row["last"] - row["first"]
            return messages / max(took.total_seconds(), 0.001)
        if row["sent"] > sent:
            sent, last = row["sent"], time.monotonic()
        if time.monotonic() - last > PATIENCE:
            raise CannotStart(f"Workers sent {sent:,} of {messages:,} messages and then no more.")
        time.sleep(0.5)


@contextmanager
def working(environ: dict[str, str], workers: int) -> Iterator[None]:
    """So many worker processes of the product's own."""
    command = [sys.executable, "-m", "tactful", "worker"]
    processes = [
        subprocess.Popen(command, env=os.environ | environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(workers)
    ]
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait()
