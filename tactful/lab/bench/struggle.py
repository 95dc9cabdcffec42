"""How long people wait to hear whether they will struggle when a hundred of them ask at once."""

import json
from datetime import timedelta
from typing import Any

from tactful.kernel.clock import SystemClock
from tactful.kernel.records import Event
from tactful.lab.bench.load import request
from tactful.lab.bench.serving import serving
from tactful.lab.bench.waiting import CONCURRENT, tokens, told, wait
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run as carry_out

CALLERS = 2_000
ATTEMPTS = 20
LESSONS, SKILLS = 200, 40
PATH = "/api/v1/predictive/struggle/predict"


def run(size: float) -> dict[str, Any]:
    """POST /struggle/predict with 100 concurrent people who have a past, beside the bare address."""
    callers = max(CONCURRENT, int(CALLERS * size))
    with serving() as served:
        fill(served.database, people=callers)
        whose = tokens(served, callers)
        asked = [request("POST", PATH, token=token, body=question(number)) for number, token in enumerate(whose)]
        measured = wait(served, whose, asked, size)
    return told("struggle", *measured, callers=callers)


def fill(database: Database, *, people: int) -> None:
    """People with ATTEMPTS scored attempts each, at lessons about skills."""
    now = SystemClock().now()
    attempts = [
        ("bench", _attempt(person, number, now - timedelta(hours=ATTEMPTS - number)))
        for person in range(1, people + 1)
        for number in range(ATTEMPTS)
    ]
    for first in range(0, len(attempts), 20_000):
        with database.batch() as connection:
            carry_out(connection, count_rows(attempts[first : first + 20_000], now=now))


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
