"""A million generated decisions without a breach, and the proof that a breach would be seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

import polars as pl
import pytest

from tactful.decide import Rules, chances, choose
from tactful.decide.guardrails import RAILS, Bounds, Rail
from tactful.decide.guardrails.base import today
from tactful.kernel.settings import Settings
from tests.decide.checker import breaches
from tests.decide.world import CHANGES, instants, people, rules

BATCH = 20_000
BATCHES = 52
DEFAULT = rules(Settings({"decide.rollout_streak_preservation": 0.4}))
STRICT = rules(
    Settings(
        {
            "decide.outreach_per_day": 3,
            "decide.hours_between_outreaches": 11.0,
            "decide.critical_per_day": 0,
            "decide.in_context_per_day": 2,
            "decide.holdout": 0.2,
            "decide.ritual_minutes": 480,
            "decide.streak_from": "00:00",
            "decide.cooldown_gentle_nudge": 0.0,
        }
    )
)


# Each bug is looked for among the same people: making them takes as long as deciding about them.
@lru_cache(maxsize=8)
def asked_about(size: int, at: datetime, seed: int) -> tuple[pl.DataFrame, pl.Series]:
    """People at an instant, and a chance for each."""
    moments = people(size, at, seed)
    return moments, chances(moments, at)


def broken(made: Rules, at: datetime, seed: int, size: int = BATCH) -> tuple[int, set[str]]:
    """How many decisions reached somebody, and which guard rails they ignored."""
    moments, draws = asked_about(size, at, seed)
    decided = choose(moments, at=at, rules=made, draws=draws)
    reached = decided.filter(pl.col("result") != "silent")
    persons = moments.filter(decided["result"] != "silent")
    pairs = zip(persons.iter_rows(named=True), reached.iter_rows(named=True), strict=True)
    return reached.height, {name for person, decision in pairs for name in breaches(person, decision, at, made)}


def test_a_million_decisions_in_all_zones_break_nothing() -> None:
    reached = 0
    for number, at in enumerate(instants(BATCHES)):
        count, found = broken((DEFAULT, STRICT)[number % 2], at, seed=number)
        assert not found, (at, found)
        reached += count
    assert BATCH * BATCHES > 1_000_000
    assert reached > 100_000


def never(_: Bounds) -> pl.Expr:
    """A guard rail that fell asleep."""
    return pl.lit(False)


def by_utc(bounds: Bounds) -> pl.Expr:
    """Quiet hours by the server's clock instead of the person's."""
    minute = pl.lit(bounds.at.hour * 60 + bounds.at.minute)
    start, end = pl.col("quiet_start"), pl.col("quiet_end")
    return pl.when(start < end).then((start <= minute) & (minute < end)).otherwise((start <= minute) | (minute < end))


def without_midnight(_: Bounds) -> pl.Expr:
    """Quiet hours that do not know about midnight."""
    return pl.col("local_minute").is_between(pl.col("quiet_start"), pl.col("quiet_end"), closed="left")


def a_minute_late(_: Bounds) -> pl.Expr:
    """Quiet hours that begin a minute late."""
    return ((pl.col("local_minute") - pl.col("quiet_start") - 1) % 1440) < (
        (pl.col("quiet_end") - pl.col("quiet_start")) % 1440 - 1
    )


def one_more(_: Bounds) -> pl.Expr:
    """One nudge more than the person accepts."""
    return today("sent_today") > pl.col("max_per_day")


def day_given_back(_: Bounds) -> pl.Expr:
    """Somebody who flies west gets yesterday's attention back."""
    spent = pl.when(pl.col("attention_day") == pl.col("local_day")).then(pl.col("sent_today")).otherwise(0)
    return spent >= pl.col("max_per_day")


def an_hour_early(bounds: Bounds) -> pl.Expr:
    """Outreach an hour too early."""
    return pl.col("last_outreach_at") > bounds.at - timedelta(hours=bounds.limits.hours_between - 1)


def a_second_early(bounds: Bounds) -> pl.Expr:
    """Outreach a second too early."""
    return pl.col("last_outreach_at") > bounds.at - timedelta(hours=bounds.limits.hours_between, seconds=-1)


def minutes_for_seconds(bounds: Bounds) -> pl.Expr:
    """Cooldowns in the wrong unit."""
    last = pl.col("last_by_kind").str.extract(r": (\d+)").cast(pl.Float64)
    return last + pl.col("cooldown") / 60 > bounds.at.timestamp()


def only_the_whole(_: Bounds) -> pl.Expr:
    """Pauses of single kinds are overlooked."""
    return pl.col("paused_kinds").list.contains("").fill_null(False)


def unknown_is_yes(_: Bounds) -> pl.Expr:
    """Somebody who never said yes counts as consenting."""
    return ~pl.col("consented").fill_null(True)


def outreach_of_utc(bounds: Bounds) -> pl.Expr:
    """Outreaches counted by the UTC day."""
    same = pl.col("attention_day") >= pl.lit(bounds.at.date())
    return pl.when(same).then(pl.col("outreach_today")).otherwise(0) >= bounds.limits.outreach_per_day


def last_bucket_free(bounds: Bounds) -> pl.Expr:
    """The holdout one bucket too small."""
    return pl.col("holdout_bucket") < bounds.holdout * 10_000 - 1


def half_a_rest(bounds: Bounds) -> pl.Expr:
    """What was ignored rests as long as anything else."""
    return (pl.col("ignored_of_kind") > 1) & (pl.col("last_of_kind") + pl.col("cooldown") > bounds.at.timestamp())


Forbids = Callable[[Bounds], pl.Expr]
ASLEEP: list[tuple[str, Forbids]] = [(rail.name, never) for rail in RAILS]
SUBTLE: list[tuple[str, Forbids]] = [
    ("quiet_hours", by_utc),
    ("quiet_hours", without_midnight),
    ("quiet_hours", a_minute_late),
    ("daily_maximum", one_more),
    ("daily_maximum", day_given_back),
    ("hours_between", an_hour_early),
    ("hours_between", a_second_early),
    ("cooldown", minutes_for_seconds),
    ("paused", only_the_whole),
    ("consent", unknown_is_yes),
    ("outreach_daily", outreach_of_utc),
    ("holdout", last_bucket_free),
    ("ignored", half_a_rest),
]


def with_mutant(made: Rules, name: str, forbids: Forbids) -> Rules:
    """The rules with one guard rail replaced by a bug."""
    mutated: list[Rail] = [replace(rail, forbids=forbids) if rail.name == name else rail for rail in made.rails]
    return made.replace(rails=tuple(mutated))


@pytest.mark.parametrize(("name", "forbids"), ASLEEP + SUBTLE, ids=lambda value: getattr(value, "__name__", value))
def test_a_bug_in_any_guard_rail_is_found(name: str, forbids: Forbids) -> None:
    made = with_mutant(DEFAULT, name, forbids)
    found: set[str] = set()
    for number, at in enumerate(instants(8 * len(CHANGES))):
        found |= broken(made, at, seed=number)[1]
        if found:
            break
    assert found == {name}


@pytest.mark.parametrize("name", [rail.name for rail in RAILS])
def test_a_guard_rail_that_no_longer_binds_is_found(name: str) -> None:
    # Taken out of the list altogether, instead of answering wrongly.
    made = DEFAULT.replace(rails=tuple(rail for rail in RAILS if rail.name != name))
    found: set[str] = set()
    for number, at in enumerate(instants(20)):
        found |= broken(made, at, seed=number)[1]
        if found:
            break
    assert found == {name}
