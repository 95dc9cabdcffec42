"""`tactful import` of a log, counted and rolled up, against a raw COPY of the same rows."""

import csv
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tactful.kernel.chance import draw
from tactful.kernel.clock import SystemClock
from tactful.lab.bench import result
from tactful.lab.bench.scratch import raw_copy, scratch
from tactful.lab.importing import import_file
from tactful.lab.importing.columns import Mapping

ROWS = 500_000
PEOPLE = 10_000
# Events of one stay, and the time between two of them.
STAY = 10
PACE = timedelta(seconds=40)
WEEKS = 8

HEADER = ("person", "time", "kind", "lesson", "skill", "score", "seconds")
MAPPING = Mapping(
    person="person", time="time", kind_column="kind", content="lesson", skill="skill", properties=("score", "seconds")
)


def run(size: float) -> dict[str, Any]:
    """A CSV file of eight weeks in order of time; then the stored rows by raw COPY."""
    rows, now = max(STAY * 100, int(ROWS * size)), SystemClock().now()
    with tempfile.TemporaryDirectory() as folder, scratch() as database:
        log = Path(folder) / "log.csv"
        _write(log, rows, now)
        tally = import_file(database, log, MAPPING, organisation="bench", now=now)
        raw = raw_copy(database)
    per_second = tally.accepted / tally.seconds
    return result(
        "import",
        value=per_second,
        unit="events/s",
        baseline="raw COPY of the same rows into a table with the same columns and indexes",
        baseline_value=raw,
        ratio=per_second / raw,
        rows=tally.rows,
        accepted=tally.accepted,
        seconds=tally.seconds,
    )


def _write(path: Path, rows: int, now: datetime) -> None:
    """Stays of ten events each, of people drawn at random, spread evenly over the weeks."""
    stays = rows // STAY
    apart = timedelta(weeks=WEEKS) / stays
    told = sorted(
        (now - apart * (stays - stay) - PACE * (STAY - each), int(draw(7, stay, 0, 0) * PEOPLE), each)
        for stay in range(stays)
        for each in range(STAY)
    )
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(HEADER)
        lines.writerows(
            (f"person-{person}", at.isoformat(timespec="seconds"), "attempt", f"lesson_{person % 50}",
             f"skill_{(person + each) % 20}", each / 10, 30)
            for at, person, each in told
        )  # fmt: skip
