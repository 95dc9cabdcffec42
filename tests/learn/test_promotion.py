"""Promotion: certainty is asked for, and its words give the numbers."""

import numpy as np
import pytest

from tactful.facts.additive import Floats
from tactful.kernel.chance import mix
from tactful.learn import promotion
from tactful.learn.promotion import FEWEST, LEAST, Verdict


def draws(number: int, size: int) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def judge(truth: Floats, candidate: Floats, serving: Floats) -> Verdict:
    """Each case about somebody else."""
    return promotion.judge(truth, candidate, serving, groups=np.arange(truth.size))


def world(size: int) -> tuple[Floats, Floats]:
    chance = 0.05 + 0.9 * draws(1, size)
    return (draws(2, size) < chance).astype(np.float64), chance


def test_what_knows_more_is_promoted_and_what_knows_less_is_not() -> None:
    truth, chance = world(2_000)
    blind = np.full(2_000, truth.mean())
    better, worse = judge(truth, chance, blind), judge(truth, blind, chance)
    assert better.better
    assert better.metrics["gain"]["low"] > 0
    assert not worse.better
    assert "not surely better" in worse.reason


def test_the_same_is_not_better() -> None:
    truth, chance = world(500)
    assert not judge(truth, chance, chance).better


def test_a_small_advantage_on_few_people_is_not_certain_enough() -> None:
    truth, chance = world(80)
    assert not judge(truth, chance, np.clip(chance + 0.02, 0, 1)).better


@pytest.mark.parametrize("size", [0, 1, LEAST - 1])
def test_too_few_people_say_nothing(size: int) -> None:
    truth, chance = world(size)
    told = judge(truth, chance, np.full(size, 0.5))
    assert not told.better
    assert f"{size} cases of {size} people" in told.reason


def test_many_cases_of_few_people_are_not_many_people() -> None:
    truth, chance = world(2_000)
    few = promotion.judge(truth, chance, np.full(2_000, 0.5), groups=np.arange(2_000) % (FEWEST - 1))
    assert not few.better
    assert f"of {FEWEST - 1} people" in few.reason
    # One of ten people gains a lot, the others lose a little: surely better of cases, not of people.
    whose = np.repeat(np.arange(10), 200)
    lucky = np.where(whose == 0, np.where(truth == 1, 0.99, 0.01), 0.5)
    serving = np.where(whose == 0, 0.5, np.where(truth == 1, 0.51, 0.49))
    assert judge(truth, lucky, serving).better
    assert not promotion.judge(truth, lucky, serving, groups=whose).better


def test_certainties_that_were_wrong_are_survived() -> None:
    truth = np.tile([0.0, 1.0], 100)
    told = judge(truth, np.full(200, 0.5), 1 - truth)
    assert told.better
    assert np.isfinite(told.metrics["gain"]["value"])
