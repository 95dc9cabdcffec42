"""How long people wait to hear whether they will struggle when a hundred of them ask at once."""

import json
from datetime import timedelta
from typing import Any

from tactful.kernel.clock import SystemClock
from tactful.kernel.records import Event
from tactful.lab.bench import result
from tactful.lab.bench.load import load, request
from tactful.lab.bench.serving import serving
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run as carry_out

CONCURRENT = 100
CALLERS = 2_000
ATTEMPTS = 20
LESSONS, SKILLS = 200, 40
SECONDS = 15.0
PATH = "/api/v1/predictive/struggle/predict"


def run(size: float) -> dict[str, Any]:
    """POST /struggle/predict with 100 concurrent people who have a past, beside the bare address."""
    seconds, callers = max(2.0, SECONDS * size), max(CONCURRENT, int(CALLERS * size))
    with serving() as served:
        fill(served.database, people=callers)
        tokens = [served.token(str(number)) for number in range(1, callers + 1)]
        bare = [request("POST", served.bare, token=token, body=b'{"page": "lesson"}') for token in tokens]
        asked = [request("POST", PATH, token=token, body=question(number)) for number, token in enumerate(tokens)]
        load(served.port, asked[:CONCURRENT], connections=CONCURRENT, seconds=1.0)
        before = load(served.port, bare, connections=CONCURRENT, seconds=seconds)
        found = load(served.port, asked, connections=CONCURRENT, seconds=seconds)
    return result(
        "struggle",
        value=found.p95,
        unit="ms, 95th percentile",
        baseline="the bare address",
        baseline_value=before.p95,
        ratio=found.p95 / before.p95,
        higher_is_better=False,
        concurrent=CONCURRENT,
        callers=callers,
        p50_ms=found.p50,
        p99_ms=found.p99,
        per_second=round(found.per_second),
        failures=found.failures + before.failures,
    )


def fill(database: Database, *, people: int) -> None:
    """People with ATTEMPTS scored attempts each, at lessons about skills."""
    now = SystemClock().now()
    told = [
        ("bench", _attempt(person, number, now - timedelta(hours=ATTEMPTS - number)))
        for person in range(1, people + 1)
        for number in range(ATTEMPTS)
    ]
    for first in range(0, len(told), 20_000):
        with database.batch() as connection:
            carry_out(connection, count_rows(told[first : first + 20_000], now=now))


def _attempt(person: int, number: int, at: Any) -> Event:
    lesson = (person * 7 + number * 13) % LESSONS
    score = {"score": ((person * 31 + number * 17) % 11) / 10}
    return Event(f"{person}-{number}", str(person), "answer", at, f"l{lesson}", f"s{lesson % SKILLS}", None, score)


def question(number: int) -> bytes:
    """A body with everything that may be named."""
    content = {
        "content_id": f"l{number % LESSONS}",
        "type": "lesson",
        "difficulty_rating": 0.5,
        "prerequisites": [f"s{number % SKILLS}", f"s{(number + 7) % SKILLS}"],
        "similar_topics": [f"l{(number + 3) % LESSONS}"],
    }
    return json.dumps({"content_metadata": content}).encode()
