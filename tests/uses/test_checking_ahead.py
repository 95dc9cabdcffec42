"""What is proposed is good: whoever asks about it, with nothing having happened in between, is told so."""

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tactful.facts.chain import Chain, Line
from tactful.facts.rhythm import UNLEARNED, Rhythms
from tactful.kernel.settings import Settings
from tactful.predict import timing
from tactful.store.database import Database
from tactful.uses import checking
from tactful.uses.checking import Check, Found, Learned
from tests.living import RULES
from tests.often import often
from tests.predict.timing.messages import AT, asked, log
from tests.timed import DAY, HOUR, TODAY, comings, counted, live_in, wall

ZONES = ("UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu")
# Around changes of the clock in spring and autumn, after the last of what made people did.
TURNS = tuple(datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 29), (10, 25), (4, 5), (11, 1)))
MORNINGS = Rhythms(UNLEARNED.mean + 2.0 * (np.arange(24) == 8), UNLEARNED.ways, UNLEARNED.weekdays)
LEARNED = tuple(
    Learned(chain, hours)
    for chain in (None, Chain(cold=Line(4.0, -2.0)), Chain(cold=Line(1.0, -9.0)))
    for hours in (UNLEARNED, MORNINGS)
)
MINUTE = st.integers(0, 1439)


@cache
def known() -> pl.DataFrame:
    """What was known of made people at their last messages, and of one who was never there."""
    last = asked(log(20, 40)).filter(pl.col("at") < AT).unique("person_id", keep="last", maintain_order=True)
    nobody = asked(log(20, 40)).head(1)
    return pl.concat([last, nobody])


@settings(max_examples=often(60))
@given(
    st.integers(0, 20), st.sampled_from(ZONES), MINUTE, MINUTE, st.sampled_from(TURNS), st.integers(-3_000, 3_000),
    st.sampled_from(LEARNED),
)  # fmt: skip
def test_a_proposed_moment_is_told_to_be_good(
    who: int, zone: str, start: int, end: int, turn: datetime, away: int, learned: Learned
) -> None:
    rows = known()
    person = pl.DataFrame([(zone, start, end)], schema=timing.PEOPLE, orient="row")
    found = Found(rows[who % rows.height], person, learned)
    at = turn + timedelta(minutes=away)
    instead = checking.instead(found, Check(at), Settings({}))
    if instead is None:
        # Only of whose hours nothing can be said.
        assert not timing.enough(found.known, learned.hours).item()
        return
    assert at < instead <= at + timedelta(days=7, minutes=15)
    assert checking.good_now(found, instead, Settings({})) is True


@pytest.mark.parametrize("hour", [2, 9, 14, 18, 23])
@pytest.mark.parametrize("silent", [0, 1, 5, 40])
def test_whoever_asks_about_what_was_proposed_is_told_that_it_is_good(
    closed_database: Database, hour: int, silent: int
) -> None:
    live_in(closed_database, "ana", "Europe/Berlin")
    counted(closed_database, comings(19, range(-60 - silent, -silent), zone="Europe/Berlin", length=70))
    counted(closed_database, comings(12, range(-1, 0), zone="Europe/Berlin", person="ben"))
    now = wall(TODAY, hour, "Europe/Berlin")
    for person in ("ana", "ben"):
        first = checking.check(closed_database, RULES, ("acme", person), Check(now))
        other = first["alternative_time"]
        if first["is_good_time"] or (other is None and person == "ben"):
            continue
        assert other is not None
        # Now, long ahead, and again when its time has come.
        for asked_at in (now, other):
            again = checking.check(closed_database, RULES, ("acme", person), Check(other, now=asked_at))
            assert (again["is_good_time"], again["alternative_time"]) == (True, None)


def test_a_moment_ahead_is_judged_as_if_nothing_happened_and_leaves_nothing_behind(closed_database: Database) -> None:
    live_in(closed_database, "ana", "UTC")
    counted(closed_database, comings(19, range(-60, 0)))
    now = wall(TODAY, 12)
    before = checking.check(closed_database, RULES, ("acme", "ana"), Check(now))
    ahead = checking.check(closed_database, RULES, ("acme", "ana"), Check(now + 3 * DAY, now=now))
    assert ahead["reasons"][0].startswith("Last seen 4 days ago")
    assert checking.check(closed_database, RULES, ("acme", "ana"), Check(now)) == before


def test_nothing_later_than_what_can_be_asked_about_is_proposed(closed_database: Database) -> None:
    live_in(closed_database, "ana", "UTC")
    counted(closed_database, comings(19, range(-60, 0)))
    now = wall(TODAY, 9)
    told = checking.check(closed_database, RULES, ("acme", "ana"), Check(now))
    assert told["alternative_time"] > now + HOUR
    cut = Check(now, until=now + HOUR)
    assert checking.check(closed_database, RULES, ("acme", "ana"), cut)["alternative_time"] is None
