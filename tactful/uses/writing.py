"""Having words written for live sessions before they are needed; a tick only takes what is there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from tactful.compose import writing as composing
from tactful.compose.writing import Limits, Room
from tactful.compose.writing.settings import (
    CHAT_LINES,
    CHAT_MINUTES,
    KEEP_MINUTES,
)
from tactful.facts.writing import Answer, Draft, Order, Writer
from tactful.kernel.settings import Settings
from tactful.store.database import Connection, Database
from tactful.store.running import writing
from tactful.uses import ahead, spending

ROOM = ("topic", "title", "language", "anomaly", "viewers")


class Want(NamedTuple):
    """What is wanting, as stored, and the room that it is for."""

    row: dict[str, Any]
    room: Room

    @property
    def purpose(self) -> str:
        """What it is for."""
        return str(self.row["purpose"])


async def write_ahead(database: Database, settings: Settings, writer: Writer, now: Callable[[], datetime]) -> int:
    """Have written what is wanting for sessions that run. Answers how many words are ready to be used."""
    return await Work(database, settings, writer, now).all()


@dataclass(slots=True)
class Work(ahead.Work[Want]):
    """One time of writing for live sessions."""

    # One time is over before the next begins.
    longest: ClassVar[float] = 45.0

    def wants(self) -> list[Want]:
        """For what something should be written."""
        window = timedelta(minutes=self.settings[CHAT_MINUTES])
        lines, budget = self.settings[CHAT_LINES], spending.budget(self.settings)
        with self.database.batch() as connection:
            rows = writing.wanting(connection, at=self.now(), lines=lines, window=window, budget=budget)
        return [Want(row, Room(**{name: row[name] for name in ROOM}, chat=tuple(row["chat"]))) for row in rows]

    def order(self, want: Want) -> Order:
        """What is to be written, and for whom."""
        return composing.order(want.purpose, want.room)

    def claim(self, connection: Connection, want: Want, most: float) -> int | None:
        """A call for these words."""
        return writing.claim(
            connection,
            want.row,
            at=self.now(),
            model=self.writer.model,
            cost=most,
            budget=spending.budget(self.settings),
        )

    def fault(self, want: Want, draft: Draft) -> str:
        """Why these words cannot be shown."""
        return composing.unfit(want.purpose, draft, want.room, Limits.of(self.settings))

    def keep(self, connection: Connection, want: Want, call: int, draft: Draft, answer: Answer, cost: float) -> None:
        """Make them ready to be used."""
        content = composing.contents(want.purpose, draft, want.room, model=self.writer.model, answer=answer, cost=cost)
        keep = timedelta(minutes=self.settings[KEEP_MINUTES])
        writing.prepare(connection, want.row, call, content, at=self.now(), keep=keep)
