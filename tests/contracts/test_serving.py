"""The serving path: features are compiled once, asked with bound values, and no raw event is read.

Every `Question` of the package is found by itself, and so is what every capability reads.
"""

import importlib
import pkgutil
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import ibis
import polars as pl
import psycopg
import pytest
from psycopg import sql
from sqlglot import exp, parse_one

import tactful
from tactful import asking, ticking
from tactful.facts.activity import window
from tactful.store.database import Database
from tactful.store.decided.features import Question
from tactful.store.decided.moments import Scope
from tactful.store.reading import Ask, Schema
from tests.contracts.engines import tables_of
from tests.contracts.test_capabilities import NAMES, capability, example
from tests.living import NOW, RULES, one, settle_in

# What clients sent, as they sent it: it grows with history.
RAW = {"events", "event_keys"}
FEATURES = [name for name in NAMES if hasattr(capability(name), "features")]
SCOPES = {"one": Scope(people=(7,)), "all": Scope(), "due": Scope(after=3, upto=9, due=True)}


class Noting:
    """A reader that answers nothing and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Sequence[Any]]] = []

    def read(self, statement: str, values: Sequence[Any], schema: Schema) -> pl.DataFrame:
        self.asked.append((statement, values))
        return pl.DataFrame(schema=schema)

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        raise AssertionError(statement)

    def both(self, one: Ask, other: Ask) -> tuple[pl.DataFrame, pl.DataFrame]:
        raise AssertionError(one, other)


def questions() -> dict[str, Question]:
    """Every question that is ready when the package is, by where it stands."""
    found: dict[str, Question] = {}
    for part in pkgutil.walk_packages(tactful.__path__, "tactful."):
        if not re.search("migrations|__main__", part.name):
            of = vars(importlib.import_module(part.name)).items()
            found |= {f"{part.name}.{name}": value for name, value in of if isinstance(value, Question)}
    return found


QUESTIONS = questions()


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_one_text_whoever_and_whenever_it_is_about(name: str, scope: str) -> None:
    noting = Noting()
    for ago in range(3):
        at = NOW - timedelta(days=40 * ago)
        QUESTIONS[name].ask(noting, SCOPES[scope], when=window(at.date()), at=at)
    (statement,) = {statement for statement, _ in noting.asked}
    assert len({str(values) for _, values in noting.asked}) == 3
    for _, values in noting.asked:
        assert statement.count("%s") == len(values) > 1
    # No date and no id is left in the text, and no placeholder that nothing is bound to.
    assert not re.search(r"MAKE_DATE|%\(|\d{4}", statement)
    read = {table.name for table in parse_one(statement.replace("%s", "NULL"), dialect="postgres").find_all(exp.Table)}
    assert read
    assert read & RAW == set()


@pytest.mark.parametrize("name", FEATURES)
def test_a_capability_reads_state_and_never_raw_events(name: str) -> None:
    read = {table.get_name() for table in tables_of(example(name).expression())}
    assert read
    assert read & RAW == set()


@pytest.fixture
def blind(closed_database: Database) -> Database:
    """People with a past whose raw events nobody may read."""
    settle_in(closed_database)
    with psycopg.connect(closed_database.owner_url) as owner:
        of = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname ~ '^(events|event_keys)'"
        for (table,) in owner.execute(of).fetchall():
            owner.execute(sql.SQL("REVOKE SELECT ON {} FROM service_role").format(sql.Identifier(table)))
    return closed_database


def anybody(database: Database) -> str:
    return str(one(database, "SELECT min(external_id) FROM people"))


def test_a_tick_and_an_answer_need_no_raw_event_and_compile_nothing(
    blind: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compiled(*_: Any, **__: Any) -> str:
        raise AssertionError("features were compiled while somebody waited")

    monkeypatch.setattr(ibis, "to_sql", compiled)
    assert asking.ask(blind, RULES, "acme", anybody(blind), NOW).people == 1
    ticking.tick(blind, RULES, at=NOW, everybody=True)
    assert one(blind, "SELECT count(*) FROM dropout_risk_scores WHERE risk_score IS NOT NULL") > 30


def test_only_the_past_is_told_from_raw_events(blind: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="events"):
        asking.ask(blind, RULES, "acme", anybody(blind), NOW - timedelta(days=3), past=True)
