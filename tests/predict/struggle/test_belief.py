"""What is told of each question: by what an organisation learned, else by the cold start."""

from typing import Any

import polars as pl
import pytest

from tactful.facts.chain import Chain, Line
from tactful.facts.scale import Served
from tactful.predict import struggle

KNOWN = {
    "prereq_mastery": 0.2, "similar_performance": 0.5, "content_difficulty": 0.8, "skill_attempts": 9, "attempts": 9,
}  # fmt: skip


def given(*known: dict[str, Any]) -> pl.DataFrame:
    rows = [dict.fromkeys(struggle.GIVEN) | each for each in known]
    return pl.DataFrame(rows, schema=dict(struggle.GIVEN))


def test_without_learning_the_rules_score_is_read_as_a_chance() -> None:
    told = struggle.score(given(KNOWN, {}), pl.Series([1, 1]))
    assert told["cold_score"].to_list() == [pytest.approx((35 * 0.8 + 25 * 0.5 + 20 * 0.8) / 80), None]
    assert told["probability"].to_list() == [pytest.approx(told["cold_score"][0], abs=0.05), None]
    assert sum(told["contributions"][0]) == pytest.approx(4.4 * told["cold_score"][0])
    assert told["leading"].to_list() == ["prereq_mastery", None]
    assert dict(told.schema) == struggle.SCORED
    assert told["prereq_mastery"].to_list() == [0.2, None]


def test_what_an_organisation_learned_serves_it_and_nobody_else() -> None:
    served = {2: Served(Chain(cold=Line(0.0, 5.0)))}
    told = struggle.score(given(KNOWN, KNOWN, KNOWN), pl.Series([1, 2, 3]), served=served)
    first, learned, last = told["probability"]
    assert 0.5 < first == last < 0.8
    assert learned > 0.99
    assert told["cold_score"].n_unique() == 1
    assert [sum(adds) for adds in told["contributions"]][1] == 0


def test_days_are_told_from_just_now_to_long_ago() -> None:
    told = struggle.score(given(*({"days_since_review": days} for days in (0.0, 14.0, 1000.0))), pl.Series([1, 1, 1]))
    now, half, long = told["recency"]
    assert (now, half) == (0, pytest.approx(0.5))
    assert 0.9 < long < 1
