"""A database with people who once knew something: one whose answers a test writes itself."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.running.passes import Pass
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import passing, regressions

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DEFAULT = Settings({})
TOLD = "SELECT * FROM skill_regressions ORDER BY user_id, id"


def answered(
    person: str,
    days: Sequence[float],
    score: float = 1.0,
    *,
    skill: str = "algebra_factoring",
    at: datetime = AT,
    a_day: int = 3,
) -> list[Event]:
    """`a_day` answers with `score` on each of `days`, counted from `at`."""
    return [
        Event(f"{person}-{skill}-{day}-{number}", person, "answer", at + day * DAY + timedelta(minutes=number), None,
              skill, "Algebra", {"score": score})
        for day in days for number in range(a_day)
    ]  # fmt: skip


def answers(database: Database, days: Sequence[float], score: float = 1.0, *, person: str = "ana", **more: Any) -> None:
    """The same, counted."""
    told = answered(person, days, score, **more)
    with database.batch() as connection:
        run(connection, count_rows([("acme", each) for each in told], now=max(each.occurred_at for each in told)))


def go(database: Database, at: datetime = AT, **more: Any) -> Pass:
    """Carry out the pass that finds regressions."""
    done = passing.go(database, regressions.NAME, DEFAULT, at=at, **more)
    assert done is not None
    return done
