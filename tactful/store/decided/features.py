"""Running a compiled feature expression on PostgreSQL. Compiled once, asked about any window and anybody.

Ibis writes values into its SQL; so a question is compiled for a marked window and a marked
person, and the marks become placeholders in SQLGlot's tree. Table names stay unqualified: where
an instant of the past is looked at, `asof` shadows them with temporary tables.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import polars as pl
from sqlglot import exp, parse_one

from tactful.facts.activity import Window, person_day, window
from tactful.store.decided.moments import Scope
from tactful.store.reading import Reader

# Local days run up to 14 hours ahead of UTC.
EASTERNMOST = timedelta(hours=14)

# For many people: their hash table in memory.
FOR_MANY = "SET LOCAL work_mem = '512MB'"

MARKED_DAYS = Window(*(date(9000, 1, 1 + number) for number in range(len(Window._fields))))
MARKED_PERSON = -9_000_000_000
_NAMES = {day.day: name for name, day in MARKED_DAYS._asdict().items()}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Question:
    """An Ibis expression over person_day as PostgreSQL text, compiled once.

    features: takes the table and a window and answers an expression with the columns of `schema`.
    """

    def __init__(self, features: Callable[[Any, Window], Any], schema: dict[str, Any]) -> None:
        marked = person_day.filter(person_day.person_id == MARKED_PERSON)
        compiled = ibis.to_sql(features(marked, MARKED_DAYS), dialect="postgres")
        tree = parse_one(compiled, dialect="postgres").transform(_placeholder)
        self._text = tree.sql(dialect="postgres")
        self._schema = schema

    def ask(self, reader: Reader, scope: Scope, *, when: Window, at: datetime) -> pl.DataFrame:
        """The rows of the people in `scope`; who has no day in the window has none."""
        return reader.read(*self.statement(scope, when=when, at=at), self._schema)

    def statement(self, scope: Scope, *, when: Window, at: datetime) -> tuple[str, list[Any]]:
        """What `ask` runs, with its values; to be part of a statement that reads more."""
        values: list[Any] = []

        def positional(match: re.Match[str]) -> str:
            name = match[1]
            clause, given = scope.where(at, person="person_id") if name == "people" else ("%s", [getattr(when, name)])
            values.extend(given)
            return clause

        return _PLACEHOLDER.sub(positional, self._text), values


def _placeholder(node: exp.Expression) -> exp.Expression:
    """Marked dates and the comparison with the marked person as named placeholders."""
    if isinstance(node, exp.Anonymous) and node.name.upper() == "MAKE_DATE":
        year, _, day = (int(part.name) for part in node.expressions)
        return exp.Placeholder(this=_NAMES[day]) if year == MARKED_DAYS.last.year else node
    if isinstance(node, exp.EQ) and str(-MARKED_PERSON) in node.expression.sql():
        return exp.Placeholder(this="people")
    return node


def latest_window(at: datetime) -> Window:
    """The four weeks up to the UTC date of `at`; read to the last local day that exists anywhere by then.

    Weeks are counted from the UTC date, so for somebody far from Greenwich they can be a day off;
    days of silence are counted in the person's own days.
    """
    return window(at.astimezone(UTC).date(), last=(at.astimezone(UTC) + EASTERNMOST).date())


def read(reader: Reader, question: Question, scope: Scope, *, at: datetime) -> pl.DataFrame:
    """`question` about everybody in `scope` as of `at`, in no particular order."""
    if scope.people is None:
        reader.run(FOR_MANY)
    return question.ask(reader, scope, when=latest_window(at), at=at)
