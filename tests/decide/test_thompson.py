"""Chances of being the best: held to integrals and to sampling; and what is drawn by them."""

import numpy as np
import polars as pl
import pytest
from scipy.integrate import quad
from scipy.special import ndtr, ndtri
from scipy.stats import norm

from tactful.decide.policies import drawn, exploring
from tactful.decide.policies.supreme import supreme
from tactful.decide.policies.thompson import lifted
from tactful.facts.additive import Floats
from tactful.kernel.chance import draw
from tactful.kernel.settings import Settings

KINDS = ["CHAT_PROMPT", "GAMIFICATION", "NOTIFICATION", "POLL"]


def uniform(rows: int, columns: int, seed: int = 5) -> Floats:
    numbers = np.arange(rows * columns, dtype=np.uint64)
    return np.asarray(draw(seed, numbers, 1, 0)).reshape(rows, columns).clip(1e-12)


def beliefs(rows: int, arms: int, ratio: float = 6.0) -> tuple[Floats, Floats]:
    return 0.1 + 0.1 * ndtri(uniform(rows, arms)), 0.02 * ratio ** uniform(rows, arms, seed=6)


def integral(mean: Floats, spread: Floats, arm: int) -> float:
    others = [number for number in range(mean.size) if number != arm]

    def density(x: float) -> float:
        below = np.prod(ndtr((x - mean[others]) / spread[others]))
        return float(norm.pdf(x, mean[arm], spread[arm]) * below)

    low, high = mean[arm] - 9 * spread[arm], mean[arm] + 9 * spread[arm]
    kinks = [float(m + sign * s) for m, s in zip(mean, spread, strict=True) for sign in (-4, 0, 4)]
    within = [kink for kink in kinks if low < kink < high]
    return float(quad(density, low, high, points=within or None, limit=400, epsabs=1e-10)[0])


@pytest.mark.parametrize("arms", [2, 3, 4, 9])
@pytest.mark.parametrize("ratio", [1.0, 6.0, 300.0])
def test_chances_are_those_of_the_integral_to_the_sixth_digit(arms: int, ratio: float) -> None:
    mean, spread = beliefs(12, arms, ratio)
    found = supreme(mean, spread)
    told = [[integral(mean[row], spread[row], arm) for arm in range(arms)] for row in range(12)]
    assert np.abs(found - np.array(told)).max() < 1e-6


def test_two_arms_have_the_chance_that_is_known_in_closed_form() -> None:
    mean, spread = beliefs(2_000, 2, 5_000.0)
    known = ndtr((mean[:, 0] - mean[:, 1]) / np.hypot(spread[:, 0], spread[:, 1]))
    assert np.abs(supreme(mean, spread)[:, 0] - known).max() < 1e-6


def test_chances_are_how_often_each_is_best_when_beliefs_are_sampled() -> None:
    mean, spread = np.array([0.10, 0.12, 0.05]), np.array([0.03, 0.01, 0.08])
    sampled = mean + spread * ndtri(uniform(400_000, 3, seed=9))
    shares = np.bincount(sampled.argmax(axis=1), minlength=3) / 400_000
    assert np.abs(supreme(mean[None], spread[None])[0] - shares).max() < 0.003


def test_beliefs_without_any_spread_leave_no_doubt() -> None:
    found = supreme(np.array([[0.1, 0.2, 0.15]]), np.zeros((1, 3)))
    assert found[0].tolist() == pytest.approx([0, 1, 0])


def test_no_chance_falls_below_the_floor_and_all_sum_to_one() -> None:
    mean, spread = beliefs(3_000, 4)
    before = supreme(mean, spread)
    after = lifted(before, 0.05)
    assert after.min() >= 0.05
    assert np.abs(after.sum(axis=1) - 1).max() < 1e-12
    kept = before.min(axis=1) >= 0.05
    assert kept.any()
    assert np.abs(after[kept] - before[kept]).max() < 1e-12
    assert (np.diff(np.take_along_axis(after, before.argsort(axis=1), axis=1), axis=1) >= -1e-12).all()


def test_more_arms_than_the_floor_has_room_for_are_equal() -> None:
    assert lifted(np.array([[0.9, 0.1, 0.0, 0.0, 0.0]]), 0.25).tolist() == [[0.2] * 5]


def candidates(rows: int) -> pl.DataFrame:
    """Rooms with one to four kinds each."""
    mean, spread = beliefs(rows, 4)
    lines = pl.DataFrame(
        {
            "row": np.repeat(np.arange(rows), 4),
            "kind": KINDS * rows,
            "mean": mean.ravel(),
            "spread": spread.ravel(),
            "draw": np.repeat(uniform(rows, 1, seed=11).ravel(), 4),
        }
    )
    return lines.filter(pl.int_range(pl.len()).over("row") <= pl.col("row") % 4)


def test_a_room_alone_gets_what_it_gets_in_any_batch() -> None:
    lines = candidates(400)
    together = drawn(lines, floor=0.05)
    assert together.height == 400
    assert together.equals(drawn(lines.reverse(), floor=0.05))
    alone = [drawn(one, floor=0.05) for one in lines.partition_by("row", maintain_order=True)]
    assert together.equals(pl.concat(alone))


def test_what_is_drawn_comes_as_often_as_its_propensity_says() -> None:
    mean, spread = [0.10, 0.12, 0.05], [0.03, 0.02, 0.03]
    rows = 30_000
    lines = pl.DataFrame(
        {
            "row": np.repeat(np.arange(rows), 3),
            "template": ["a", "b", "c"] * rows,
            "mean": mean * rows,
            "spread": spread * rows,
            "draw": np.repeat(uniform(rows, 1, seed=12).ravel(), 3),
        }
    )
    found = drawn(lines, floor=0.05, arm="template").group_by("template").agg(pl.len(), pl.col("propensity").mean())
    for _, count, propensity in found.iter_rows():
        assert abs(count / rows - propensity) < 4 * np.sqrt(propensity * (1 - propensity) / rows)
    assert found["propensity"].sum() == pytest.approx(1)


def test_of_what_nothing_was_learned_the_expectation_stands() -> None:
    asked = pl.DataFrame(
        {
            "row": [0, 0], "kind": ["a", "b"], "expected": [0.18, 0.08], "draw": [0.999, 0.999],
            "mean": [None, None], "spread": [None, None],
        },
        schema_overrides={"mean": pl.Float64, "spread": pl.Float64},
    )  # fmt: skip
    told = drawn(asked, floor=0.05).row(0)
    assert told == (0, "b", pytest.approx(float(ndtr(-0.1 / np.hypot(0.1, 0.1))), abs=1e-6))


def test_the_only_candidate_is_certain_and_the_floor_is_a_setting() -> None:
    one = candidates(1)
    assert drawn(one, floor=0.05)["propensity"].to_list() == [1.0]
    sure = pl.DataFrame(
        {"row": [0, 0], "kind": ["a", "b"], "mean": [9.0, 0.0], "spread": [0.1, 0.1], "draw": [0.0] * 2}
    )
    told = exploring(Settings({"decide.least_chance": 0.2})).choose(sure)
    assert told["propensity"].to_list() == pytest.approx([0.8])
