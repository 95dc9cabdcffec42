"""How long people wait for what is believed of them when it is told again, beside when it is worked out anew."""

from datetime import datetime, timedelta
from typing import Any

from tactful.bootstrap import read_settings
from tactful.kernel.clock import SystemClock
from tactful.kernel.records import Event
from tactful.lab.bench import result
from tactful.lab.bench.load import Measured, load, request
from tactful.lab.bench.serving import Served, serving
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.settings import ANSWER_SECONDS
from tactful.store.steps import run as carry_out
from tactful.uses import passing

QUESTIONS = ("dropout/risk", "plateaus", "regressions", "timing/profile", "insights")
PEOPLE = 200
SKILLS, ATTEMPTS = 6, 16
SECONDS = 8.0
# Asked by one after another, and by as many at once.
ALONE, TOGETHER = 1, 20


def run(size: float) -> dict[str, Any]:
    """GET of each belief, kept and anew: one person at a time, and twenty at once. Insights stand for all."""
    people, seconds = max(TOGETHER, int(PEOPLE * size)), max(1.0, SECONDS * size)
    kept, anew = (_measured(age, people, seconds) for age in (3600.0, 0.0))
    told = {
        f"{question} {name}": {"kept": _shown(kept[question, at_once]), "anew": _shown(anew[question, at_once])}
        for question in QUESTIONS
        for name, at_once in (("one by one", ALONE), ("twenty at once", TOGETHER))
    }
    one, other = kept["insights", ALONE], anew["insights", ALONE]
    return result(
        "answers",
        value=one.p50,
        unit="ms, median of insights",
        baseline="worked out anew",
        baseline_value=other.p50,
        ratio=one.p50 / other.p50,
        higher_is_better=False,
        people=people,
        **told,
    )


def _measured(age: float, people: int, seconds: float) -> dict[tuple[str, int], Measured]:
    with serving({ANSWER_SECONDS.variable: str(age)}) as served:
        _live(served.database, people, SystemClock().now())
        for name in passing.WORKS:
            passing.go(served.database, name, read_settings(), at=SystemClock().now())
        return {(question, many): _asked(served, question, people, many, seconds)
                for question in QUESTIONS for many in (ALONE, TOGETHER)}  # fmt: skip


def _asked(served: Served, question: str, people: int, many: int, seconds: float) -> Measured:
    asked = [
        request("GET", f"/api/v1/predictive/{question}", token=served.token(str(number))) for number in range(people)
    ]
    # Everybody once, so that what can be kept is.
    load(served.port, asked, connections=many, seconds=60.0, once=True)
    return load(served.port, asked, connections=many, seconds=seconds)


def _live(database: Database, people: int, now: datetime) -> None:
    """Give everybody attempts at some skills over a month, and one skill they knew long ago; counted yesterday."""
    rows = [("bench", event) for person in range(people) for event in _past(str(person), now)]
    with database.batch() as connection:
        carry_out(connection, count_rows(rows, now=now - timedelta(days=1)))


def _past(person: str, now: datetime) -> list[Event]:
    days = [(skill, number, 100.0 if skill == 0 else 2.5) for skill in range(SKILLS) for number in range(ATTEMPTS)]
    return [
        Event(f"{person}-{skill}-{number}", person, "answer", now - timedelta(days=since + 1.7 * number, hours=skill),
              None, f"skill {skill}", f"topic {skill % 2}", {"score": 1.0 if skill == 0 else 0.4 + 0.05 * (number % 4)})
        for skill, number, since in days
    ]  # fmt: skip


def _shown(one: Measured) -> dict[str, float]:
    return {"p50_ms": one.p50, "p95_ms": one.p95, "per_second": round(one.per_second), "failures": one.failures}
