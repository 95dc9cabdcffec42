"""Work on a connection, written once and run both ways: one at a time for bulk work, awaited for requests.

A step is a statement or a COPY; a generator yields steps, receives the rows each one gave, and
returns what it made of them.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from psycopg.errors import UniqueViolation
from psycopg.rows import DictRow
from psycopg.sql import SQL, Composed

from tactful.store.database import AsyncConnection, Connection

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Say:
    """Execute a statement. Without values it may be several statements; the last one's rows count."""

    statement: str | Composed
    values: Sequence[Any] | Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Pour:
    """Feed a COPY FROM STDIN. unless_known: put up with rows that are there already, by adding none.

    The answer is one row {"known": True} in that case, no row otherwise.
    """

    statement: str | Composed
    data: bytes
    unless_known: bool = False


Step = Say | Pour
Steps = Generator[Step, list[DictRow], T]

KNOWN = [{"known": True}]


def run(connection: Connection, steps: Steps[T]) -> T:
    """Carry out `steps` on the caller's transaction and answer what they return."""
    rows: list[DictRow] | None = None
    while True:
        try:
            step = next(steps) if rows is None else steps.send(rows)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        rows = _pour(connection, step) if isinstance(step, Pour) else _say(connection, step)


async def run_async(connection: AsyncConnection, steps: Steps[T]) -> T:
    """The same, awaited."""
    rows: list[DictRow] | None = None
    while True:
        try:
            step = next(steps) if rows is None else steps.send(rows)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        rows = await (_pour_async(connection, step) if isinstance(step, Pour) else _say_async(connection, step))


def _say(connection: Connection, step: Say) -> list[DictRow]:
    with connection.cursor() as cursor:
        cursor.execute(_query(step.statement), step.values)
        while cursor.nextset():
            pass
        return cursor.fetchall() if cursor.description else []


async def _say_async(connection: AsyncConnection, step: Say) -> list[DictRow]:
    async with connection.cursor() as cursor:
        await cursor.execute(_query(step.statement), step.values)
        while cursor.nextset():
            pass
        return await cursor.fetchall() if cursor.description else []


def _pour(connection: Connection, step: Pour) -> list[DictRow]:
    if step.unless_known:
        try:
            with connection.transaction():
                return _pour(connection, Pour(step.statement, step.data))
        except UniqueViolation:
            return KNOWN
    with connection.cursor() as cursor, cursor.copy(_query(step.statement)) as copy:
        copy.write(step.data)
    return []


async def _pour_async(connection: AsyncConnection, step: Pour) -> list[DictRow]:
    if step.unless_known:
        try:
            async with connection.transaction():
                return await _pour_async(connection, Pour(step.statement, step.data))
        except UniqueViolation:
            return KNOWN
    async with connection.cursor() as cursor, cursor.copy(_query(step.statement)) as copy:
        await copy.write(step.data)
    return []


def _query(statement: str | Composed) -> SQL | Composed:
    return SQL(statement) if isinstance(statement, str) else statement
