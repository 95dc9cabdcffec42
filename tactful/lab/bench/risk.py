"""How long people wait for their risk when a hundred of them ask at once, and how fast it is told of everybody."""

import time
from typing import Any

from tactful import loop
from tactful.bootstrap import read_settings, rules_of
from tactful.decide import Rules
from tactful.lab.bench.load import request
from tactful.lab.bench.scratch import scratch
from tactful.lab.bench.serving import serving
from tactful.lab.bench.tick import AT, fill
from tactful.lab.bench.waiting import CONCURRENT, tokens, told, wait
from tactful.store.database import Database
from tactful.store.decided.moments import Scope
from tactful.store.reading import RowReader, reader

CALLERS = 10_000
EVERYBODY = 1_000_000
DAYS = 20
ALONE = 300


def run(size: float) -> dict[str, Any]:
    """GET /dropout/risk with 100 concurrent people beside the bare address; a million at once beside one by one."""
    callers = max(CONCURRENT, int(CALLERS * size))
    with serving() as served:
        fill(served.database, people=callers, days=DAYS)
        whose = tokens(served, callers)
        asked = [request("GET", "/api/v1/predictive/dropout/risk", token=token) for token in whose]
        measured = wait(served, whose, asked, size)
    people = max(1000, int(EVERYBODY * size))
    together, alone = _everybody(rules_of(read_settings()), people)
    return told(
        "risk",
        *measured,
        callers=callers,
        people=people,
        people_per_second=round(together),
        per_person_ratio=round(together / alone, 1),
    )


def _everybody(rules: Rules, people: int) -> tuple[float, float]:
    """People per second, all in one pass and one by one."""
    with scratch() as database:
        fill(database, people=people, days=DAYS)
        start = time.perf_counter()
        with reader(database, few=False) as source:
            loop.look(source, Scope(), at=AT, rules=rules)
        together = people / (time.perf_counter() - start)
        return together, _one_by_one(database, rules, min(people, ALONE))


def _one_by_one(database: Database, rules: Rules, people: int) -> float:
    def one(person: int) -> None:
        with database.batch() as connection:
            loop.look(RowReader(connection), Scope(people=(person,)), at=AT, rules=rules)

    one(1)
    start = time.perf_counter()
    for person in range(1, people + 1):
        one(person)
    return people / (time.perf_counter() - start)
