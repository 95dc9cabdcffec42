"""Everything that some work will ask the database, asked in one round trip before the work begins.

The work is done twice: first in vain, on a connection that answers nothing and notes what it is asked; then on one that
knows those answers. What could not be foreseen, because it depends on an answer, is simply asked when its turn comes:
foresight makes work quicker and never wrong.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from psycopg.rows import DictRow

from tactful.store.database import Connection

T = TypeVar("T")

Question = tuple[Any, Any]


class Rows:
    """An answer that has come already."""

    def __init__(self, rows: Sequence[DictRow] = ()) -> None:
        self._rows = list(rows)

    def fetchall(self) -> list[DictRow]:
        """All of it."""
        return self._rows

    def fetchone(self) -> DictRow | None:
        """Its first row."""
        return self._rows[0] if self._rows else None


class Noting:
    """Notes what is asked and answers nothing."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def execute(self, statement: Any, values: Any = None) -> Rows:
        """Nothing."""
        self.asked.append((statement, values))
        return Rows()


class Knowing:
    """Answers from what was asked before; asks what was not."""

    def __init__(self, connection: Connection, known: Sequence[tuple[Question, Rows]]) -> None:
        self._connection = connection
        self._known = list(known)

    def execute(self, statement: Any, values: Any = None) -> Any:
        """The answer: each that is known is given once."""
        for place, (asked, rows) in enumerate(self._known):
            if asked == (statement, values):
                del self._known[place]
                return rows
        return self._connection.execute(statement, values)


def at_once(connection: Connection, questions: Sequence[Question]) -> list[Rows]:
    """The answers to these statements, in one round trip."""
    with connection.pipeline():
        asked = [connection.execute(statement, values) for statement, values in questions]
    return [Rows(cursor.fetchall()) for cursor in asked]


def foreseen(connection: Connection, work: Callable[[Connection], T]) -> T:
    """What `work` answers, in as few round trips as can be foreseen.

    work: only reads, and neither changes nor counts anything outside: the first time it finds nothing anywhere.
    """
    noting = Noting()
    work(cast("Connection", noting))
    known = zip(noting.asked, at_once(connection, noting.asked), strict=True)
    return work(cast("Connection", Knowing(connection, list(known))))
