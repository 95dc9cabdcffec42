"""What every guard rail must keep; a new one is found by its file and held to this without a line of its own."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from string import Formatter
from typing import Any

import polars as pl
import pytest

from tactful.decide import Rules, guardrails, inline_help, with_wall_clock
from tactful.decide.candidates import propose
from tactful.decide.guardrails import ASKED_RAILS, BINDS, HERE_RAILS, LIVE_RAILS, RAILS, Bounds, Rail
from tactful.decide.live import rules as live
from tactful.decide.live.choosing import LIVE_MOMENT
from tactful.decide.live.handlers import ANOMALIES
from tactful.facts.here import HERE
from tactful.facts.moments import BELIEF, MOMENT
from tactful.kernel.records import Initiative
from tactful.kernel.settings import Settings
from tests.decide.world import people, rules

AT = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
RULES = rules(Settings({"decide.rollout_streak_preservation": 0.4}))
BOUNDS = RULES.bounds(AT)
FOLDER = Path(guardrails.__path__[0])
FILES = sorted(module.name for module in iter_modules([str(FOLDER)]) if module.name != "base")

LIVE = live.rules(Settings({}))
ON_PAGES = inline_help.rules(Rules.from_settings(Settings({})))
EVERY = tuple(dict.fromkeys((*RAILS, *LIVE_RAILS, *HERE_RAILS, *ASKED_RAILS)))
each_rail = pytest.mark.parametrize("rail", EVERY, ids=lambda rail: rail.name)


def asked_in(rail: Rail) -> str:
    """Where it is asked: of people, in rooms, or of people on a page only."""
    return "people" if rail in RAILS else "rooms" if rail in LIVE_RAILS else "pages"


COLUMNS: dict[str, dict[str, Any]] = {"people": MOMENT, "rooms": dict(LIVE_MOMENT), "pages": HERE}


@pytest.fixture(scope="module")
def seen() -> dict[str, pl.DataFrame]:
    """Candidates of people, of rooms, and of people on a page."""
    return {
        "people": propose(people(20_000, AT), AT, RULES),
        "rooms": propose(rooms(2_000), AT, LIVE),
        "pages": propose(pages(2_000), AT, ON_PAGES),
    }


@pytest.fixture
def candidates(rail: Rail, seen: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Those it is asked about."""
    return seen[asked_in(rail)]


def bounds(rail: Rail) -> Bounds:
    """What it may look at."""
    return {"people": BOUNDS, "rooms": LIVE.bounds(AT), "pages": ON_PAGES.bounds(AT)}[asked_in(rail)]


def pages(number: int) -> pl.DataFrame:
    """People on a page who hesitate there; some dismissed help about the same today."""
    known = people(number, AT).select(name for name in HERE if name in MOMENT)
    here = [
        {"page": "lesson", "about": "limits", "time_on_section": 40.0, "scroll_count": each % 7,
         "mouse_hesitations": each % 5, "dismissed_today": each % 3 == 0}
        for each in range(number)
    ]  # fmt: skip
    told = pl.DataFrame(here, orient="row")
    missing = (
        pl.lit(None, kind).alias(name) for name, kind in HERE.items() if name not in {*known.columns, *told.columns}
    )
    return known.hstack(told).with_columns(missing)


def rooms(number: int) -> pl.DataFrame:
    """Moments of live sessions, in which everything that can be is."""
    return pl.DataFrame(
        [
            {
                "live_session_id": each, "organisation_id": 1, "seed": 7, "mode": "automatic", "severity": "high",
                "anomaly_type": ANOMALIES[each % 4], "side": "audience", "engagement": 0.3, "viewers": each % 23,
                "on_agenda": ("talk", "break", "questions")[each % 3], "acted_last_hour": each % 17,
                "seconds_left": None if each % 5 else float(each % 700), "last_by_kind": "{}", "open_kinds": [],
                "paused_kinds": [], "paused_channels": [], "shadow_kinds": [], "context": "",
            }
            for each in range(number)
        ],
        schema=LIVE_MOMENT,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["agenda", "audience", "live_hourly"])
def test_what_binds_rooms_by_a_number_takes_it_from_the_bounds(name: str, seen: dict[str, pl.DataFrame]) -> None:
    (rail,) = (rail for rail in LIVE_RAILS if rail.name == name)

    def forbidden(**more: Any) -> int:
        made = replace(LIVE, limits=replace(LIVE.limits, **more))
        return int(seen["rooms"].select(rail.forbids(made.bounds(AT)).fill_null(False)).to_series().sum())

    loose = {"live_last_seconds": 0, "live_least_viewers": 0, "live_per_hour": 240}
    tight = {"live_last_seconds": 3600, "live_least_viewers": 100_000, "live_per_hour": 0}
    assert forbidden(**loose) < forbidden() < forbidden(**tight)


def test_every_file_is_a_guard_rail_in_a_list() -> None:
    assert sorted(rail.name for rail in EVERY) == FILES
    for rails in (RAILS, LIVE_RAILS, HERE_RAILS, ASKED_RAILS):
        assert len({rail.name for rail in rails}) == len(rails) <= 62


def test_the_order_of_those_of_live_sessions_stays() -> None:
    assert [rail.name for rail in LIVE_RAILS[:6]] == [
        "cooldown", "repeat", "paused", "agenda", "audience", "live_hourly",
    ]  # fmt: skip


def test_the_order_of_those_of_help_on_a_page_stays() -> None:
    assert [rail.name for rail in HERE_RAILS[:9]] == [
        "do_not_disturb", "cooldown", "disabled_kinds", "disabled_channels", "consent", "paused", "critical_cap",
        "in_context_daily", "dismissed",
    ]  # fmt: skip


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
        assert named <= COLUMNS[asked_in(rail)].keys()


@each_rail
def test_it_binds_somebody(rail: Rail) -> None:
    assert any(rail.name in bound for bound in BINDS.values())


@each_rail
def test_it_forbids_some_and_allows_some(rail: Rail, candidates: pl.DataFrame) -> None:
    forbidden = candidates.select(rail.forbids(bounds(rail)).fill_null(False)).to_series()
    assert forbidden.dtype == pl.Boolean
    assert forbidden.len() == candidates.height
    assert 0 < forbidden.sum() < forbidden.len()


@each_rail
def test_it_asks_each_candidate_for_itself(rail: Rail, candidates: pl.DataFrame) -> None:
    some = candidates[::50]
    together = some.select(rail.forbids(bounds(rail)).alias("no")).to_series()
    alone = [some[number].select(rail.forbids(bounds(rail))).item() for number in range(some.height)]
    assert together.to_list() == alone


@each_rail
def test_where_time_ends_it_the_time_is_known_and_ahead(rail: Rail, candidates: pl.DataFrame) -> None:
    if rail.ends is None:
        assert not rail.defers
        return
    known = pl.col("quiet_end").is_not_null() if rail in RAILS else pl.lit(True)
    forbidden = candidates.filter(rail.forbids(bounds(rail)).fill_null(False) & known)
    waits = forbidden.select(rail.ends(bounds(rail)).cast(pl.Float64).alias("wait")).to_series()
    assert waits.null_count() == 0
    assert (waits > 0).all()


def test_the_table_of_initiatives_is_that_of_the_design() -> None:
    asked = {"consent", "cooldown", "paused", "critical_cap"}
    here = {"do_not_disturb", "disabled_kinds", "disabled_channels", "repeat"}
    leaving = {"quiet_hours", "outreach_daily", "hours_between", "stopped", "ignored", "rollout"}
    assert BINDS[Initiative.ASKED] == asked
    assert BINDS[Initiative.IN_CONTEXT] == asked | here | {
        "in_context_daily", "dismissed", "agenda", "audience", "live_hourly",
    }  # fmt: skip
    # Help on a page is shown at once or not at all, so nothing of it waits; of what is asked for nothing is critical.
    assert {rail.name for rail in HERE_RAILS} == BINDS[Initiative.IN_CONTEXT] - {
        "repeat",
        "agenda",
        "audience",
        "live_hourly",
    }
    assert {rail.name for rail in ASKED_RAILS} == asked - {"critical_cap"}
    assert BINDS[Initiative.NUDGE] == asked | here | {"daily_maximum", "holdout"}
    assert BINDS[Initiative.OUTREACH] == BINDS[Initiative.NUDGE] | leaving


PROTECTS_THE_UNKNOWN = ("do_not_disturb", "daily_maximum", "consent", "holdout")


@pytest.mark.parametrize("name", PROTECTS_THE_UNKNOWN)
def test_what_is_not_known_is_taken_for_no(name: str) -> None:
    columns: dict[str, Any] = {**MOMENT, **BELIEF}
    blank = pl.DataFrame([dict.fromkeys(columns)], schema=columns)
    (rail,) = (rail for rail in RAILS if rail.name == name)
    assert blank.select(rail.forbids(bounds(rail))).item() is True


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
