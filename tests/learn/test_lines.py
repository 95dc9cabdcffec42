"""Learning lines: they are found where they are, hardly move for a few people, and never run off."""

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from tactful.facts.additive import Floats
from tactful.facts.linear import ratios
from tactful.kernel.chance import mix
from tactful.learn.lines import Straight

SIZE = 4_000
FEATURES = ("days", "pace", "nothing", "same")


def draws(number: int, size: int = SIZE) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def people() -> tuple[pl.DataFrame, Floats]:
    """They leave by the ratios of their silence, and so do those whose pace is unknown."""
    days, pace, unknown = draws(1) * 60, draws(2) * 10, draws(3) < 0.25
    log_odds = ratios(days) - 4 + np.where(unknown, 2.0, -0.5 * ratios(pace))
    truth = (draws(4) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    frame = pl.DataFrame({"days": days, "pace": np.where(unknown, np.nan, pace), "same": np.full(SIZE, 3)})
    return frame.with_columns(pl.col("pace").fill_nan(None), nothing=pl.lit(None, pl.Float64)), truth


def test_it_finds_the_line_that_is_there_and_what_not_knowing_means() -> None:
    frame, truth = people()
    days, pace = Straight().fit(frame, truth, FEATURES).slopes
    assert (days.feature, pace.feature) == ("days", "pace")
    assert days.per == pytest.approx(1.0, abs=0.15)
    assert pace.per == pytest.approx(-0.5, abs=0.15)
    known = pace.of(np.array([0.0]))[0]
    assert pace.unknown - known == pytest.approx(2.0, abs=0.35)


def test_it_agrees_with_another_solver() -> None:
    frame, truth = people()
    frame = frame.select("days").with_columns(other=pl.Series(draws(9)))
    ours = Straight(ridge=7.0).fit(frame, truth, ("days", "other"))
    scaled = np.column_stack([ratios(frame[name].to_numpy()) for name in ("days", "other")])
    scaled = (scaled - scaled.mean(0)) / scaled.std(0)
    theirs = LogisticRegression(C=1 / 7.0, tol=1e-10, max_iter=1_000).fit(scaled, truth)
    assert ours.log_odds(frame) == pytest.approx(theirs.decision_function(scaled), abs=1e-4)


def test_contributions_are_told_against_the_average_person() -> None:
    frame, truth = people()
    weight = 1 + draws(6)
    for column in Straight().fit(frame, truth, FEATURES, weight=weight).contributions(frame):
        assert np.average(column.to_numpy(), weights=weight) == pytest.approx(0, abs=1e-9)


def test_a_weight_of_two_is_the_same_person_twice() -> None:
    frame, truth = people()
    twice = Straight().fit(pl.concat([frame, frame]), np.tile(truth, 2), FEATURES)
    heavy = Straight().fit(frame, truth, FEATURES, weight=np.full(SIZE, 2.0))
    assert twice.log_odds(frame) == pytest.approx(heavy.log_odds(frame), abs=1e-6)


def test_a_few_people_hardly_move_it() -> None:
    frame, truth = people()
    told = Straight().fit(frame[:6], truth[:6], FEATURES).log_odds(frame)
    assert np.ptp(told) < 2.0


def test_outcomes_that_separate_do_not_run_off() -> None:
    frame = pl.DataFrame({"days": [0, 0, 1, 400, 400, 500]})
    told = Straight().fit(frame, np.array([0.0, 0, 0, 1, 1, 1]), ("days",)).log_odds(frame)
    assert np.abs(told).max() < 5


@pytest.mark.parametrize("truth", [np.zeros(50), np.ones(50), np.zeros(0)])
def test_without_both_outcomes_it_is_a_constant_that_is_never_certain(truth: Floats) -> None:
    model = Straight().fit(pl.DataFrame({"days": np.arange(truth.size, dtype=np.float64)}), truth, ("days",))
    assert model.slopes == ()
    assert abs(model.base) < 6
