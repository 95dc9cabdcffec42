"""What every guard rail must keep; a new one is found by its file and held to this without a line of its own."""

import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from string import Formatter
from typing import Any

import polars as pl
import pytest

from tactful.decide import Rules, guardrails, with_wall_clock
from tactful.decide.candidates import propose
from tactful.decide.guardrails import BINDS, RAILS, Rail
from tactful.facts.moments import BELIEF, MOMENT
from tactful.kernel.records import Initiative
from tactful.kernel.settings import Settings
from tests.decide.world import people, rules

AT = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
RULES = rules()
BOUNDS = RULES.bounds(AT)
FOLDER = Path(guardrails.__path__[0])
FILES = sorted(module.name for module in iter_modules([str(FOLDER)]) if module.name != "base")

each_rail = pytest.mark.parametrize("rail", RAILS, ids=lambda rail: rail.name)


@pytest.fixture(scope="module")
def candidates() -> pl.DataFrame:
    return propose(people(20_000, AT), AT, RULES)


def test_every_file_is_a_guard_rail_in_the_list() -> None:
    assert sorted(rail.name for rail in RAILS) == FILES
    assert len({rail.name for rail in RAILS}) == len(RAILS) <= 62


def test_the_order_in_the_ledger_stays() -> None:
    # Bits in stored verdicts: a new guard rail goes to the end.
    assert [rail.name for rail in RAILS[:14]] == [
        "do_not_disturb", "quiet_hours", "daily_maximum", "outreach_daily", "hours_between", "cooldown",
        "disabled_kinds", "disabled_channels", "consent", "repeat", "holdout", "paused", "critical_cap",
        "in_context_daily",
    ]  # fmt: skip


@each_rail
def test_its_file_says_the_rule_in_its_first_line_and_is_short(rail: Rail) -> None:
    module = import_module(f"tactful.decide.guardrails.{rail.name}")
    assert module.RAIL is rail
    rule = (module.__doc__ or "").splitlines()[0]
    assert re.fullmatch(r"[A-Z].{20,}[.;:].*", rule), rule
    assert len((FOLDER / f"{rail.name}.py").read_text().splitlines()) <= 60


@each_rail
def test_it_tells_people_why_in_a_sentence_that_can_be_filled_in(rail: Rail) -> None:
    for sentence in (rail.why, rail.change):
        assert re.fullmatch(r"[A-Z].*\.", sentence)
        named = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        assert named <= MOMENT.keys()


@each_rail
def test_it_binds_somebody(rail: Rail) -> None:
    assert any(rail.name in bound for bound in BINDS.values())


@each_rail
def test_it_forbids_some_and_allows_some(rail: Rail, candidates: pl.DataFrame) -> None:
    forbidden = candidates.select(rail.forbids(BOUNDS).fill_null(False)).to_series()
    assert forbidden.dtype == pl.Boolean
    assert forbidden.len() == candidates.height
    assert 0 < forbidden.sum() < forbidden.len()


@each_rail
def test_it_asks_each_candidate_for_itself(rail: Rail, candidates: pl.DataFrame) -> None:
    some = candidates[::50]
    together = some.select(rail.forbids(BOUNDS).alias("no")).to_series()
    alone = [some[number].select(rail.forbids(BOUNDS)).item() for number in range(some.height)]
    assert together.to_list() == alone


@each_rail
def test_where_time_ends_it_the_time_is_known_and_ahead(rail: Rail, candidates: pl.DataFrame) -> None:
    if rail.ends is None:
        assert not rail.defers
        return
    forbidden = candidates.filter(rail.forbids(BOUNDS).fill_null(False) & pl.col("quiet_end").is_not_null())
    waits = forbidden.select(rail.ends(BOUNDS).cast(pl.Float64).alias("wait")).to_series()
    assert waits.null_count() == 0
    assert (waits > 0).all()


def test_the_table_of_initiatives_is_that_of_the_design() -> None:
    asked = {"consent", "cooldown", "paused", "critical_cap"}
    here = {"do_not_disturb", "disabled_kinds", "disabled_channels", "repeat"}
    leaving = {"quiet_hours", "outreach_daily", "hours_between"}
    assert BINDS[Initiative.ASKED] == asked
    assert BINDS[Initiative.IN_CONTEXT] == asked | here | {"in_context_daily"}
    assert BINDS[Initiative.NUDGE] == asked | here | {"daily_maximum", "holdout"}
    assert BINDS[Initiative.OUTREACH] == BINDS[Initiative.NUDGE] | leaving


PROTECTS_THE_UNKNOWN = ("do_not_disturb", "daily_maximum", "consent", "holdout")


@pytest.mark.parametrize("name", PROTECTS_THE_UNKNOWN)
def test_what_is_not_known_is_taken_for_no(name: str) -> None:
    columns: dict[str, Any] = {**MOMENT, **BELIEF}
    blank = pl.DataFrame([dict.fromkeys(columns)], schema=columns)
    (rail,) = (rail for rail in RAILS if rail.name == name)
    assert blank.select(rail.forbids(BOUNDS)).item() is True


@pytest.mark.parametrize(
    ("start", "end", "minute", "quiet"),
    [
        (1320, 480, 1319, False), (1320, 480, 1320, True), (1320, 480, 479, True), (1320, 480, 480, False),
        (60, 120, 59, False), (60, 120, 60, True), (60, 120, 119, True), (60, 120, 120, False),
        (480, 480, 480, False), (None, None, 100, False), (1320, None, 100, True), (None, 480, 100, True),
        (1320, 480, None, True), (480, 480, None, False),
    ],
)  # fmt: skip
def test_quiet_hours_include_their_start_and_not_their_end(
    start: int | None, end: int | None, minute: int | None, quiet: bool
) -> None:
    moment = {"quiet_start": start, "quiet_end": end, "local_minute": minute}
    frame = pl.DataFrame([moment], schema=dict.fromkeys(moment, pl.Int32))
    assert frame.select(guardrails.quiet_hours.RAIL.forbids(BOUNDS)).item() is quiet


def test_adding_a_guard_rail_is_adding_it_to_the_list() -> None:
    closed = Rail("closed", lambda _: pl.lit(True), "We are closed.", "We open.")
    made = Rules.from_settings(Settings({})).replace(rails=(*RAILS, closed))
    # It binds nobody until the table says whom, and its bit is there to be read.
    seen: Any = propose(with_wall_clock(people(100, AT), AT), AT, made)
    assert (seen["verdict"] < 1 << len(RAILS)).all()
