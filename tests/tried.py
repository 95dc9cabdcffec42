"""Attempts that a test writes itself, and what it asks about content."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.decided.struggles import Asked
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import struggles

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
DEFAULT = Settings({})
TOLD = "SELECT * FROM struggle_predictions ORDER BY id"


def tried(
    person: str,
    scores: Sequence[float],
    *,
    content: str | None = None,
    skill: str | None = "skill_1",
    at: datetime = AT,
    name: str = "",
    topic: str | None = None,
) -> list[Event]:
    """An attempt for each of `scores`, a minute apart, the last one a minute before `at`."""
    begun = at - timedelta(minutes=len(scores))
    return [
        Event(f"{person}-{content}-{skill}-{at:%j%H%M%S}-{name}-{number}", person, "answer",
              begun + timedelta(minutes=number), content, skill, topic, {"score": score})
        for number, score in enumerate(scores)
    ]  # fmt: skip


def tries(database: Database, scores: Sequence[float], *, person: str = "ana", **more: Any) -> None:
    """The same, counted."""
    told = tried(person, scores, **more)
    with database.batch() as connection:
        run(connection, count_rows([("acme", each) for each in told], now=max(each.occurred_at for each in told)))


def asks(
    database: Database, content: str = "lesson_42", *, person: str = "ana", at: datetime = AT, **more: Any
) -> dict[str, Any]:
    """What is believed of one question."""
    (told,) = struggles.predict(database, DEFAULT, [Asked("acme", person, content, **more)], at)
    assert isinstance(told, dict)
    return told
