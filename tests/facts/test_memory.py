"""Memories fade and strengthen as the library says, whole columns at a time."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fsrs import Card, Rating, Scheduler

from tactful.facts.additive import Floats
from tactful.facts.remembering import memory
from tests.predict.forgetting.example import draws

CARDS, ANSWERS = 40, 12
MINUTES = timedelta(minutes=20)


def practice(card: int) -> list[tuple[timedelta, int]]:
    """What lay before each answer and how it was rated: whole days, or minutes."""
    gaps, ratings = draws(ANSWERS, 2 * card), draws(ANSWERS, 2 * card + 1)
    days = [MINUTES if gap < 0.3 else timedelta(days=int(1 + 90 * gap**3)) for gap in gaps]
    return list(zip(days, (1 + (4 * ratings)).astype(int).tolist(), strict=True))


def library(card: int) -> list[tuple[float, float, float]]:
    """Stability, difficulty and chance of recall before each answer but the first, and after the last one."""
    scheduler, kept, at, told = (
        Scheduler(enable_fuzzing=False),
        Card(card_id=card),
        datetime(2026, 1, 1, tzinfo=UTC),
        [],
    )
    for gap, rating in practice(card):
        at += gap
        told.append((kept.stability or np.nan, kept.difficulty or np.nan, scheduler.get_card_retrievability(kept, at)))
        kept, _ = scheduler.review_card(kept, Rating(rating), at)
    return [*told[1:], (kept.stability or np.nan, kept.difficulty or np.nan, 1.0)]


def test_it_is_the_librarys_scheduler_on_whole_days_and_within_a_day() -> None:
    every = [practice(card) for card in range(CARDS)]
    stability, difficulty = np.full(CARDS, np.nan), np.full(CARDS, np.nan)
    theirs = np.array([library(card) for card in range(CARDS)])
    for turn in range(ANSWERS):
        days = np.array([each[turn][0] / timedelta(days=1) for each in every])
        rating = np.array([float(each[turn][1]) for each in every])
        apart = days >= 1
        if turn:
            ours = memory.recall(stability, days)
            assert ours[apart] == pytest.approx(theirs[apart, turn - 1, 2], rel=1e-12)
        stability, difficulty = memory.after(stability, difficulty, days, rating)
        assert stability == pytest.approx(theirs[:, turn, 0], rel=1e-12)
        assert difficulty == pytest.approx(theirs[:, turn, 1], rel=1e-12)


def test_an_evening_and_the_next_morning_are_apart() -> None:
    def after(days: float) -> Floats:
        stability, difficulty = memory.after(np.array([np.nan]), np.array([np.nan]), np.zeros(1), np.array([3.0]))
        return memory.after(stability, difficulty, np.array([days]), np.array([3.0]))[0]

    assert memory.recall(np.array([1.0]), np.array([0.6]))[0] < 0.95
    assert after(0.6) > after(0.01)


def test_recall_falls_with_days_and_never_leaves_its_range() -> None:
    days = np.array([-1.0, 0.0, 0.5, 1.0, 10.0, 1e6])
    chance = memory.recall(np.full(days.size, 3.0), days)
    assert chance[0] == chance[1] == 1
    assert (np.diff(chance[1:]) < 0).all()
    assert chance[-1] > 0
