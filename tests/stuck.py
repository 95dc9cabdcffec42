"""A database with people who try skills: generated learners, and one whose attempts a test writes itself."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.running.passes import Pass
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import passing, plateaus
from tests.predict.plateau.learners import TODAY, learners

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DEFAULT = Settings({})
TOLD = "SELECT * FROM learning_plateaus ORDER BY user_id, id"


def write(database: Database, told: Sequence[Event], now: datetime = AT) -> None:
    with database.batch() as connection:
        run(connection, count_rows([("acme", each) for each in told], now=now))


def attempts(log: pl.DataFrame) -> list[Event]:
    """Attempts of generated learners, from midnight on."""
    number = pl.int_range(pl.len()).over("person_id", "day")
    told = log.with_columns(at=pl.col("day").cast(pl.Datetime("us", "UTC")) + pl.duration(minutes=number))
    return [
        Event(f"{row['person_id']}-{row['at']}", f"{row['person_id']:04}", "answer", row["at"], None,
              row["skill_id"], row["topic"], {"score": row["score"]})
        for row in told.iter_rows(named=True)
    ]  # fmt: skip


def live(database: Database, size: int = 80) -> pl.DataFrame:
    """Generated learners who tried until today; answers every attempt."""
    log = learners(size).filter(pl.col("day") <= TODAY)
    write(database, attempts(log))
    return log


def tries(database: Database, score: float, days: Sequence[int], *, person: str = "ana", a_day: int = 2) -> None:
    """`a_day` attempts with `score` on each of `days`, counted from AT."""
    told = [
        Event(f"{person}-{day}-{number}", person, "answer", AT + day * DAY - timedelta(hours=3, minutes=-number),
              None, "calc_derivatives", "Calculus - Derivatives", {"score": score})
        for day in days for number in range(a_day)
    ]  # fmt: skip
    write(database, told, AT + max(days) * DAY)


def go(database: Database, at: datetime = AT, **more: Any) -> Pass:
    """Carry out the pass that finds plateaus."""
    done = passing.go(database, plateaus.NAME, DEFAULT, at=at, **more)
    assert done is not None
    return done
