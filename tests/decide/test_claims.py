"""Claims hold caps in any order of deciders, and agree with the guard rails."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.decide import Rules
from tactful.decide.candidates import propose
from tactful.decide.claims import Attention, Wish, claimed, may_claim
from tactful.decide.guardrails import RAILS
from tactful.facts.allowances import Limits
from tactful.kernel.records import Initiative, Kind
from tests.decide.world import instants, people, rules

START = datetime(2026, 3, 28, 12, tzinfo=UTC)
LIMITS = Limits(outreach_per_day=2, hours_between=5, in_context_per_day=3, critical_per_day=1)
HOUR = timedelta(hours=1)
KINDS = [
    Kind("help", Initiative.IN_CONTEXT, cooldown=HOUR / 2, lifetime=HOUR),
    Kind("nudge", Initiative.NUDGE, cooldown=2 * HOUR, lifetime=HOUR),
    Kind("letter", Initiative.OUTREACH, cooldown=timedelta(0), lifetime=HOUR),
    Kind("alarm", Initiative.OUTREACH, cooldown=HOUR, lifetime=HOUR, critical=True),
    Kind("answer", Initiative.ASKED, cooldown=timedelta(minutes=1), lifetime=HOUR),
]

WISHES = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 4 * 24 * 60), st.sampled_from([0, 0, 0, -1, 1])), max_size=60
)


def grant(wishes: list[tuple[Kind, int, int]], most: int) -> list[Wish]:
    """Wishes by minute, each decider seeing the row as the one before left it; some fly across the date line."""
    row, granted = Attention(START.date()), []
    for kind, minutes, flown in sorted(wishes, key=lambda wish: wish[1]):
        at = START + timedelta(minutes=minutes)
        wish = Wish(kind, at.date() + timedelta(days=flown), at, most)
        if may_claim(row, wish, LIMITS):
            row = claimed(row, wish)
            granted.append(wish)
    return granted


def by_day(granted: list[Wish], *initiatives: Initiative) -> Counter[date]:
    # A day that was reached is not left again: attention is not given back to who flies west.
    days: Counter[date] = Counter()
    latest = START.date()
    for wish in granted:
        latest = max(latest, wish.day)
        days[latest] += wish.kind.initiative in initiatives
    return days


@given(WISHES, st.integers(0, 4))
def test_whatever_is_wished_no_cap_is_exceeded(wishes: list[tuple[Kind, int, int]], most: int) -> None:
    granted = grant(wishes, most)
    assert all(count <= most for count in by_day(granted, Initiative.NUDGE, Initiative.OUTREACH).values())
    assert all(count <= LIMITS.outreach_per_day for count in by_day(granted, Initiative.OUTREACH).values())
    assert all(count <= LIMITS.in_context_per_day for count in by_day(granted, Initiative.IN_CONTEXT).values())
    critical = [wish for wish in granted if wish.kind.critical]
    everyone = by_day(granted, *Initiative)
    assert len(critical) <= len(everyone) * LIMITS.critical_per_day


@given(WISHES)
def test_whatever_is_wished_outreaches_and_kinds_keep_their_distance(wishes: list[tuple[Kind, int, int]]) -> None:
    granted = grant(wishes, most=100)
    outreaches = [wish.at for wish in granted if wish.kind.initiative is Initiative.OUTREACH]
    assert all(later - earlier >= 5 * HOUR for earlier, later in pairwise(outreaches))
    for kind in KINDS:
        times = [wish.at for wish in granted if wish.kind is kind]
        assert all(later - earlier >= kind.cooldown for earlier, later in pairwise(times))


@given(WISHES)
def test_the_first_wish_is_always_granted(wishes: list[tuple[Kind, int, int]]) -> None:
    assert bool(grant(wishes, most=1)) == bool(wishes)


COUNTED = {"daily_maximum", "outreach_daily", "hours_between", "cooldown", "critical_cap", "in_context_daily"}


def attention(person: dict[str, Any]) -> Attention:
    last = {} if person["last_of_kind"] is None else {person["kind"]: person["last_of_kind"]}
    counts = {name: person[name] for name in ("sent_today", "outreach_today", "in_context_today", "critical_today")}
    return Attention(
        person["attention_day"] or person["local_day"],
        **counts,
        last_outreach_at=person["last_outreach_at"],
        last_by_kind=last,
    )


@pytest.mark.parametrize("at", instants(6), ids=str)
def test_guard_rails_that_count_say_what_a_claim_would_say(at: datetime) -> None:
    made: Rules = rules()
    candidates = propose(people(3000, at, seed=11), at, made)
    bits = sum(1 << number for number, rail in enumerate(RAILS) if rail.name in COUNTED)
    answers: Counter[bool] = Counter()
    for person in candidates.iter_rows(named=True):
        wish = Wish(made.kinds[person["kind"]], person["local_day"], at, person["max_per_day"])
        granted = may_claim(attention(person), wish, made.limits)
        assert granted == (not person["verdict"] & bits), person
        answers[granted] += 1
    assert min(answers.values()) > 300
