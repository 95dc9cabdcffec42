"""The serving path: features are compiled once, asked with bound values, and no raw event is read.

Every `Question` of the package is found by itself, and so is what every capability reads.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import ibis
import polars as pl
import psycopg
import pytest
from psycopg import sql
from sqlglot import exp, parse_one

import tactful
from tactful.console import pages
from tactful.facts.activity import window
from tactful.store.database import Database
from tactful.store.decided import curves, features, memories, struggles, timing
from tactful.store.decided.moments import Scope
from tactful.store.reading import Ask, Reader, Schema
from tactful.store.sensed import questions
from tactful.uses import asking, ticking
from tests import stuck, tried
from tests.contracts.engines import tables_of
from tests.contracts.test_capabilities import NAMES, capability, example
from tests.living import NOW, RULES, one, settle_in

# What clients sent, as they sent it: it grows with history.
RAW = {"events", "event_keys"}
FEATURES = [name for name in NAMES if hasattr(capability(name), "features")]
SCOPES = {"one": Scope(people=(7,)), "all": Scope(), "due": Scope(after=3, upto=9, due=True)}


# How each kind of question is asked at an instant; a new kind has its place here.
KINDS: dict[type, Callable[[Any, Reader, Scope, datetime], object]] = {
    features.Question: lambda ready, reader, scope, at: ready.ask(reader, scope, when=window(at.date()), at=at),
    timing.Question: lambda ready, reader, scope, at: ready.ask(reader, scope, at=at),
    memories.Question: lambda ready, reader, scope, at: ready.ask(reader, scope, at=at, peak=0.6),
    curves.Question: lambda ready, reader, scope, at: ready.ask(reader, scope, at=at, since=at, fresh=14),
}


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


def everything() -> dict[str, Any]:
    """What every module of the package names, by module and name."""
    parts = (part.name for part in pkgutil.walk_packages(tactful.__path__, "tactful."))
    modules = (importlib.import_module(part) for part in parts if not re.search("migrations|__main__", part))
    return {f"{module.__name__}.{name}": value for module in modules for name, value in vars(module).items()}


QUESTIONS = {name: value for name, value in everything().items() if type(value) in KINDS}


def test_every_kind_of_question_is_held_to_this() -> None:
    named = {value for name, value in everything().items() if isinstance(value, type) and name.endswith(".Question")}
    # What an audience asks of a speaker is no question of ours about a person, nor what the menu of the console asks.
    others = {questions.Question, struggles.Asked, pages.Question}
    kinds = named - others
    assert kinds == KINDS.keys() == {type(ready) for ready in QUESTIONS.values()}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_one_text_whoever_and_whenever_it_is_about(name: str, scope: str) -> None:
    noting = Noting()
    for ago in range(3):
        at = NOW - timedelta(days=40 * ago)
        KINDS[type(QUESTIONS[name])](QUESTIONS[name], noting, SCOPES[scope], at)
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


def blind(database: Database) -> Database:
    """The same without the right to read raw events, for anybody but its owner."""
    with psycopg.connect(database.owner_url) as owner:
        of = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname ~ '^(events|event_keys)'"
        for (table,) in owner.execute(of).fetchall():
            owner.execute(sql.SQL("REVOKE SELECT ON {} FROM service_role").format(sql.Identifier(table)))
    return database


@pytest.fixture
def nothing_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    def compiled(*_: Any, **__: Any) -> str:
        raise AssertionError("features were compiled while somebody waited")

    monkeypatch.setattr(ibis, "to_sql", compiled)


def anybody(database: Database) -> str:
    return str(one(database, "SELECT min(external_id) FROM people"))


@pytest.mark.usefixtures("nothing_compiled")
def test_a_tick_and_an_answer_need_no_raw_event_and_compile_nothing(closed_database: Database) -> None:
    settle_in(closed_database)
    assert asking.ask(blind(closed_database), RULES, "acme", anybody(closed_database), NOW).people == 1
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    assert one(closed_database, "SELECT count(*) FROM dropout_risk_scores WHERE risk_score IS NOT NULL") > 30


@pytest.mark.usefixtures("nothing_compiled")
def test_finding_plateaus_needs_no_raw_event_and_compiles_nothing(closed_database: Database) -> None:
    stuck.live(closed_database, 20)
    stuck.go(blind(closed_database))
    assert one(closed_database, "SELECT count(*) FROM learning_plateaus") > 0


@pytest.mark.usefixtures("nothing_compiled")
def test_a_question_about_struggling_needs_no_raw_event_and_compiles_nothing(closed_database: Database) -> None:
    tried.tries(closed_database, [0.0] * 5)
    told = tried.asks(blind(closed_database), prerequisites=["skill_1"])
    assert told["struggle_probability"] > 0.5


def test_only_the_past_is_told_from_raw_events(closed_database: Database) -> None:
    settle_in(closed_database)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="events"):
        asking.ask(blind(closed_database), RULES, "acme", anybody(closed_database), NOW - timedelta(days=3), past=True)
