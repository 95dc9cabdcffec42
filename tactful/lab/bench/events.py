"""Events ingested over HTTP, counted and rolled up, against a raw COPY of the same rows."""

import json
import time
from datetime import datetime, timedelta
from typing import Any

from tactful.kernel.clock import SystemClock
from tactful.lab.bench import result
from tactful.lab.bench.load import load, request
from tactful.lab.bench.scratch import raw_copy
from tactful.lab.bench.serving import serving

BATCH = 1_000
CONNECTIONS = 16
PEOPLE = 20_000
ACTIVE = 200
STAY = 4
BODIES = 600
SECONDS = 30.0
ROUNDS = 3


def run(size: float) -> dict[str, Any]:
    """POST /api/v1/events in batches of 1,000 from 16 connections; then the stored rows by raw COPY.

    Of both, the fastest of three rounds.
    """
    bodies, seconds = max(CONNECTIONS * 2 * ROUNDS, int(BODIES * size)), max(3.0, SECONDS * size) / ROUNDS
    with serving() as served:
        token = served.token("bench", scope="service")
        now = SystemClock().now()
        requests = [request("POST", "/api/v1/events", token=token, body=_body(number, now)) for number in range(bodies)]
        start = time.perf_counter()
        rounds = [
            load(served.port, each, connections=CONNECTIONS, seconds=seconds, once=True)
            for each in (requests[number * bodies // ROUNDS :][: bodies // ROUNDS] for number in range(ROUNDS))
        ]
        with served.database.batch() as connection:
            row = connection.execute("SELECT count(*) AS events FROM events").fetchone()
        stored = int(row["events"]) if row else 0
        raw = raw_copy(served.database)
    found = max(rounds, key=lambda each: each.per_second)
    per_second = found.per_second * BATCH
    return result(
        "events",
        value=per_second,
        unit="events/s",
        baseline="raw COPY of the same rows into a table with the same columns and indexes",
        baseline_value=raw,
        ratio=per_second / raw,
        batch=BATCH,
        connections=CONNECTIONS,
        stored=stored,
        p95_ms=found.p95,
        failures=sum(each.failures for each in rounds),
        seconds=round(time.perf_counter() - start, 1),
    )


def _body(number: int, now: datetime) -> bytes:
    """What a product's servers buffer in five minutes: 200 people who are at it, five events each.

    They stay for four bodies, then others come; the bodies follow each other in time.
    """
    start = now - timedelta(minutes=5 * (BODIES - number))
    events = [
        {
            "id": f"bench-{number}-{each}",
            "user_id": f"person-{(number // STAY * ACTIVE + each % ACTIVE) % PEOPLE}",
            "kind": "attempt",
            "occurred_at": (start + timedelta(seconds=each * 300 // BATCH)).isoformat(),
            "content_id": f"lesson_{each % 50}",
            "skill_id": f"skill_{each % 20}",
            "properties": {"score": (each % 10) / 10, "seconds": 30},
        }
        for each in range(BATCH)
    ]
    return json.dumps({"events": events}).encode()
