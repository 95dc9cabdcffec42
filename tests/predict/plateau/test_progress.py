"""What is said of a single curve: progress, standing still, jumps, and what cannot be known yet."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from tactful.facts.additive import Floats
from tactful.facts.curves import ATTEMPT, CURVE, advance
from tactful.kernel.settings import Settings
from tactful.predict import plateau
from tactful.predict.plateau import lines
from tactful.predict.plateau import settings as rows

FIRST = date(2026, 3, 1)


def told(scores: Floats, *, a_day: int = 2, settings: Settings | None = None, wait: int = 0) -> dict[str, Any]:
    """GIVEN and the cold start of somebody with these scores, so many a day."""
    days = [FIRST + timedelta(days=number // a_day) for number in range(len(scores))]
    log = pl.DataFrame({"day": days, "score": scores}, schema_overrides={"score": pl.Float64}).with_columns(
        person_id=1, skill_id=pl.lit("a"), organisation_id=1, topic=pl.lit("Calculus")
    )
    curves = advance(pl.DataFrame(schema=CURVE), log.select(pl.col(n).cast(k) for n, k in ATTEMPT.items()))
    given = plateau.given(curves.with_columns(local_day=pl.lit(days[-1] + timedelta(days=wait))), settings)
    return pl.concat([given, plateau.cold(given, settings)], how="horizontal").row(0, named=True)


# Scores that wobble by a tenth around where they are.
WOBBLE = np.array([0.1, -0.1, 0.0, 0.05, -0.05] * 20)
FLAT = 0.5 + WOBBLE[:30]
RISING = np.linspace(0.2, 0.8, 30) + WOBBLE[:30]
ROSE_THEN_FLAT = np.concatenate([np.linspace(0.2, 0.6, 16), np.full(24, 0.6)]) + WOBBLE[:40]
JUMPED = np.concatenate([np.full(22, 0.3), np.full(8, 0.7)]) + WOBBLE[:30]
JUMPED_LONG_AGO = np.concatenate([np.full(12, 0.3), np.full(28, 0.7)]) + WOBBLE[:40]


@pytest.mark.parametrize("scores", [FLAT, ROSE_THEN_FLAT, JUMPED_LONG_AGO])
def test_somebody_who_stands_still_is_stuck(scores: Floats) -> None:
    row = told(scores)
    assert row["stuck"] > 0.8
    assert row["score"] > 0.7
    assert abs(row["mastery_improvement"]) < 0.05


@pytest.mark.parametrize("scores", [RISING, JUMPED])
def test_somebody_who_rises_or_has_just_jumped_is_not(scores: Floats) -> None:
    row = told(scores)
    assert row["stuck"] < 0.1
    assert row["mastery_improvement"] > 0.1


def test_mastery_is_what_it_is_now_and_not_the_mean_of_all() -> None:
    assert told(JUMPED)["mastery_level"] == pytest.approx(0.7, abs=0.05)
    assert told(ROSE_THEN_FLAT)["mastery_level"] == pytest.approx(0.6, abs=0.05)


def test_the_last_sudden_change_is_told_with_its_size() -> None:
    row = told(JUMPED)
    assert row["jump"] == pytest.approx(0.4, abs=0.05)
    assert row["attempts_since_change"] == pytest.approx(8, abs=2)
    assert told(FLAT)["jump"] is None


def test_who_gets_worse_makes_no_progress() -> None:
    row = told(RISING[::-1].copy())
    assert row["stuck"] > 0.95
    assert row["mastery_improvement"] < -0.1


def test_a_mastered_skill_is_no_plateau_however_level_it_lies() -> None:
    mastered = told(np.full(30, 0.9) + WOBBLE[:30] / 2)
    assert mastered["stuck"] > 0.8
    assert mastered["score"] == 0


@pytest.mark.parametrize(("number", "a_day"), [(9, 1), (40, 10), (10, 2), (1, 1)])
def test_too_few_attempts_or_days_are_unknown(number: int, a_day: int) -> None:
    row = told(FLAT[:number] if number <= 30 else np.full(number, 0.5), a_day=a_day)
    assert (row["stuck"], row["score"], row["confidence"]) == (None, None, 0.0)
    assert row["attempts"] == number


def test_how_long_and_how_much_is_asked_for_are_settings() -> None:
    soon = Settings({rows.DAYS.name: 2, rows.ATTEMPTS.name: 4})
    assert told(FLAT[:8], settings=soon)["stuck"] is not None
    ambitious = Settings({rows.RISE.name: 0.9})
    assert told(RISING, settings=ambitious)["stuck"] > 0.9


def test_answers_right_or_wrong_say_less_than_scores() -> None:
    answers = (np.arange(30) % 2).astype(np.float64)
    assert 0.4 < told(answers)["stuck"] < told(FLAT)["stuck"]
    assert told(answers)["scatter"] > told(FLAT)["scatter"]


def test_a_long_history_counts_for_no_more_than_its_last_stretch() -> None:
    long = np.concatenate([np.linspace(0.1, 0.5, 600), np.full(900, 0.5)]) + np.tile(WOBBLE, 15)
    row = told(long, a_day=10)
    assert row["stuck"] > 0.8
    assert 50 < row["stretch_attempts"] <= 50 + 2 * 64


def test_lines_through_sums_are_the_lines_through_points() -> None:
    where, height, weight = np.arange(9.0), FLAT[:9] + np.arange(9) / 10, np.array([1.0, 2, 1, 3, 1, 1, 2, 1, 4])
    line = lines.through(lines.sums(weight[None], where[None], height[None])[:, -1])
    slope, intercept = np.polyfit(where, height, 1, w=np.sqrt(weight))
    left = height - intercept - slope * where
    assert line.slope[0] == pytest.approx(slope)
    assert line.at(np.array([4.0]))[0] == pytest.approx(intercept + 4 * slope)
    assert line.around_line[0] == pytest.approx((weight * left**2).sum())
    moved = lines.through(lines.standing(lines.sums(weight[None], where[None], height[None])[:, -1], np.array([3.0])))
    assert moved.slope[0] == 0
    assert moved.centre[0] == pytest.approx(3)
