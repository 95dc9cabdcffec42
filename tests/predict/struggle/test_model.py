"""The cold start of struggling: the seed's weights, what is unknown, and when help is offered."""

from typing import Any

import polars as pl
import pytest

from tactful.kernel.settings import Settings
from tactful.predict import struggle


def given(**known: Any) -> pl.DataFrame:
    row = dict.fromkeys(struggle.GIVEN) | known
    return pl.DataFrame({name: [value] for name, value in row.items()}, schema=dict(struggle.GIVEN))


SURE = {"skill_attempts": 20, "attempts": 40}
ALL = {
    "prereq_mastery": 0.45,
    "similar_performance": 0.6,
    "content_difficulty": 0.8,
    "days_since_review": 14.0,
    "cognitive_load": 0.5,
    "sentiment_trend": -0.4,
}


def test_the_seeds_weights_make_the_score() -> None:
    score = struggle.cold(given(**ALL))["score"].item()
    assert score == pytest.approx((35 * 0.55 + 25 * 0.4 + 20 * 0.8 + 10 * 0.5 + 5 * 0.5 + 5 * 0.7) / 100)


def test_who_masters_what_comes_before_will_hardly_struggle() -> None:
    cold = struggle.cold(given(prereq_mastery=0.9, similar_performance=0.8, content_difficulty=0.5, **SURE))
    assert cold["score"].item() < 0.3
    assert cold["confidence"].item() > 0.6


def test_what_is_unknown_neither_convicts_nor_acquits() -> None:
    known = struggle.cold(given(content_difficulty=0.7))
    assert known["score"].item() == pytest.approx(0.7)
    assert known["prereq_mastery"].item() is None
    assert known["confidence"].item() == pytest.approx(0.2)


def test_confidence_grows_with_attempts() -> None:
    few, many = (struggle.cold(given(**ALL, skill_attempts=each, attempts=each)) for each in (1, 30))
    assert few["confidence"].item() < 0.6 < 0.9 < many["confidence"].item()
    assert few["score"].item() == many["score"].item()


def test_weights_are_settings() -> None:
    only = Settings({f"struggle.weight_{name}": 0.0 for name in struggle.FACTORS if name != "recency"})
    assert struggle.cold(given(**ALL), only)["score"].item() == pytest.approx(0.5)


@pytest.mark.parametrize(("chance", "confidence", "offered"), [(0.9, 0.9, True), (0.9, 0.05, False), (0.2, 0.9, False)])
def test_help_is_offered_where_struggling_is_likely_and_known_well_enough(
    chance: float, confidence: float, offered: bool
) -> None:
    assert struggle.offer(pl.Series([chance]), pl.Series([confidence])).to_list() == [offered]
    always = Settings({"struggle.offer_from": 0.01, "struggle.offer_confidence": 0.0})
    assert struggle.offer(pl.Series([chance]), pl.Series([confidence]), always).item()


@pytest.mark.parametrize(
    ("factor", "known", "sentence"),
    [
        ("prereq_mastery", {"prereq_mastery": 0.4}, "Success at the skills this builds on is about 40 in 100."),
        ("similar_performance", {"similar_performance": 0.5, "attempts": 1}, "so far, 1 attempt in all."),
        ("content_difficulty", {"content_difficulty": 0.8}, "The content is rated 0.80"),
        ("content_difficulty", {"content_difficulty": 0.8, "content_attempts": 9}, "80 in 100 fail at this content"),
        ("recency", {"days_since_review": 3.2}, "The skills were last practised 3 days ago."),
        ("recency", {"days_since_review": 0.1}, "within the last day"),
        ("recency", {"attempts_since_skill": 4}, "4 attempts ago"),
        ("cognitive_load", {"sitting_minutes": 41.6}, "This sitting has lasted 42 minutes so far."),
        ("cognitive_load", {"sitting_attempts": 2}, "2 attempts in this sitting so far."),
        ("sentiment", {"sentiment_trend": -0.5}, "is low (-0.50 of -1 to +1)."),
        ("sentiment", {"sentiment_trend": 0.0}, "is even"),
    ],
)
def test_reasons_tell_the_numbers_behind_them(factor: str, known: dict[str, Any], sentence: str) -> None:
    assert sentence in struggle.reasons([factor], known)[0]
