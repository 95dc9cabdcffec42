"""Reserve: what is ignored comes less and less, and what is new goes to a few first."""

import itertools
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tactful.decide.guardrails import Bounds, ignored, rollout
from tactful.facts.allowances import Limits
from tests.often import often

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMITS = Limits(1, 12.0, 5, 1)
DAY = 86_400.0


def bounds(quieter: float = 2.0, **shares: float) -> Bounds:
    return Bounds(AT, LIMITS, 0.0, (), quieter, tuple(shares.items()))


def told(many: float | None, days: float | None, rest: float = 3.0) -> pl.DataFrame:
    """One candidate: how many of its kind were ignored, days since the last one, and its cooldown in days."""
    last = None if days is None else AT.timestamp() - days * DAY
    return pl.DataFrame(
        {"ignored_of_kind": [many], "last_of_kind": [last], "cooldown": [rest * DAY]},
        schema={"ignored_of_kind": pl.Float64, "last_of_kind": pl.Float64, "cooldown": pl.Float64},
    )


@pytest.mark.parametrize(
    ("many", "days", "quieter", "forbidden"),
    [
        (None, 0.1, 2.0, False),
        (0, 0.1, 2.0, False),
        (1, 5.9, 2.0, True),
        (1, 6.0, 2.0, False),
        (2, 11.9, 2.0, True),
        (2, 12.0, 2.0, False),
        (2, 12.0, 3.0, True),
        (3, 3.1, 1.0, False),
        # Nothing is held against anybody for longer than 60 days.
        (9, 59.9, 2.0, True),
        (9, 60.0, 2.0, False),
        (10_000, 60.0, 10.0, False),
    ],
)
def test_what_was_ignored_rests_longer_each_time(
    many: float | None, days: float, quieter: float, forbidden: bool
) -> None:
    candidate = told(many, days)
    verdict = candidate.select(ignored.forbids(bounds(quieter)).fill_null(False)).item()
    assert verdict is forbidden
    if forbidden:
        left = candidate.select(ignored.ends(bounds(quieter))).item()
        later = Bounds(AT + timedelta(seconds=left), LIMITS, 0.0, (), quieter)
        assert candidate.select(ignored.forbids(later)).item() is False


def test_a_kind_that_always_rests_longer_is_not_shortened() -> None:
    assert told(1, 89.0, rest=90.0).select(ignored.forbids(bounds())).item() is True


@settings(max_examples=often(100), deadline=None)
@given(some.integers(1, 6), some.floats(0, 400), some.floats(0.01, 100))
def test_worth_comes_back_with_time_and_never_wholly(many: int, days: float, more: float) -> None:
    now, later, fresh = (
        told(count, ago).select(ignored.recovered(bounds())).item()
        for count, ago in ((many, days), (many, days + more), (0, days))
    )
    assert 0 <= now <= later <= 1 == fresh
    rested = told(many, 3.0 * 2**many).select(ignored.recovered(bounds())).item()
    assert rested == pytest.approx(0.5) or 3.0 * 2**many > 60


def people(kind: str) -> pl.DataFrame:
    return pl.DataFrame({"holdout_bucket": range(10_000)}).with_columns(pl.lit(kind).alias("kind"))


def within(kind: str, share: float) -> set[int]:
    kept = people(kind).filter(~rollout.forbids(bounds(**{kind: share})))
    return set(kept["holdout_bucket"])


@pytest.mark.parametrize("kind", ["mood_support", "re_engagement", "check_in", "weekly_digest"])
def test_a_share_of_people_is_exact_and_grows_without_leaving_anybody_out(kind: str) -> None:
    sizes = [within(kind, share) for share in (0.0, 0.01, 0.1, 0.5, 0.9, 1.0)]
    assert [len(each) for each in sizes] == [0, 100, 1000, 5000, 9000, 10_000]
    assert all(few <= many for few, many in itertools.pairwise(sizes))


def test_each_kind_begins_with_other_people_and_other_kinds_are_not_asked() -> None:
    both = within("mood_support", 0.1) & within("check_in", 0.1)
    assert 20 < len(both) < 300
    assert people("check_in").filter(rollout.forbids(bounds(mood_support=0.0))).is_empty()


def test_who_was_never_drawn_waits_until_it_is_for_everybody() -> None:
    nobody = pl.DataFrame(
        {"holdout_bucket": [None], "kind": ["check_in"]}, schema_overrides={"holdout_bucket": pl.Int32}
    )
    assert nobody.select(rollout.forbids(bounds(check_in=0.99))).item() is True
    assert nobody.select(rollout.forbids(bounds(check_in=1.0))).item() is False
