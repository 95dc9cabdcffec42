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
    assert score == pytest.approx((35 * 0.55 + 25 * 0.4 + 20 * 0.8 + 10 * (1 - 0.5 * 0.45) + 5 * 0.5 + 5 * 0.7) / 100)


def test_practice_of_just_now_stands_where_it_stood() -> None:
    def recency(mastery: float, days: float) -> float:
        known = ALL | {"prereq_mastery": mastery, "days_since_review": days}
        return float(struggle.cold(given(**known))["recency"].item())

    assert recency(1.0, 0.0) == 0
    assert recency(0.2, 0.0) == pytest.approx(0.1 * 0.8), "practice that went badly does not speak against struggling"
    assert recency(1.0, 14.0) == pytest.approx(0.1 * 0.5)
    assert recency(0.2, 1e6) == pytest.approx(0.1, abs=1e-4)


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
    assert struggle.cold(given(**ALL | {"prereq_mastery": 1.0}), only)["score"].item() == pytest.approx(0.5)


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
        ("prereq_mastery", {}, "The skills this is about have not been practised yet."),
        (
            "prereq_mastery",
            {"prereq_mastery": 0.15, "skills": 1, "skill_attempts": 40, "skill_average": 0.0, "skill_streak": -40},
            "Of 40 attempts at the skill this is about, the average score is 0 in 100; "
            "the last 40 in a row went badly.",
        ),
        (
            "prereq_mastery",
            {"skills": 1, "skill_attempts": 177, "skill_average": 1.0, "before": True},
            "Of 177 attempts at the skills this builds on, the average score is 100 in 100.",
        ),
        (
            "prereq_mastery",
            {"skills": 1, "skill_attempts": 1000, "skill_average": 0.999, "skill_streak": 1},
            "Of 1000 attempts at the skill this is about, the average score is 99 in 100.",
        ),
        (
            "prereq_mastery",
            {"skills": 2, "skill_attempts": 7, "skill_average": 0.4, "basics_average": 0.9},
            "At the skills this is about, the average score is 40 in 100 so far. "
            "At the skills that come before, the average score is 90 in 100 so far.",
        ),
        (
            "prereq_mastery",
            {"basics_average": 0.25},
            "not been practised yet. At the skills that come before, the average score is 25 in 100 so far.",
        ),
        (
            "similar_performance",
            {"similar_performance": 0.02, "tries": 40, "tries_average": 0.0, "attempts": 99, "average": 0.6},
            "Of 40 attempts at this very content, the average score is 0 in 100.",
        ),
        ("similar_performance", {"similar_average": 0.3, "attempts": 9}, "named as similar, the average score is 30"),
        ("similar_performance", {"attempts": 1, "average": 1.0}, "Of 1 attempt at anything so far, the average score"),
        ("similar_performance", {}, "Nothing has been tried yet."),
        ("content_difficulty", {"difficulty": 0.8}, "Nobody has tried this content yet; it is rated 0.80"),
        (
            "content_difficulty",
            {"content_difficulty": 0.7, "difficulty": 0.8, "content_attempts": 9, "content_average": 0.2},
            "Of 9 attempts at this content by anybody, the average score is 20 in 100.",
        ),
        ("recency", {"days_since_review": 3.9}, "The skills were last practised 3 days ago."),
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
