"""Models that look at a sum of features: exact, told by its parts, kept as JSON."""

import json

import numpy as np
import polars as pl
import pytest

from tactful.facts.additive import Additive, Floats, Term
from tactful.facts.models import model
from tactful.facts.summed import SUM, Summed, summed
from tactful.kernel.chance import mix
from tactful.learn.boosting import Boosting
from tactful.learn.ranking import auc
from tactful.learn.summing import Summing


def draws(size: int, number: int) -> Floats:
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return 4 * (words >> np.uint64(11)).astype(np.float64) / 2**53 - 2


def frame(size: int, *, first: int = 0) -> tuple[pl.DataFrame, Floats]:
    """Success at both limits: a chance of .2 at the lowest and .8 at the highest sum, which no sum of steps can say."""
    one, two, idle = (draws(size, first + number) for number in range(3))
    luck = (draws(size, first + 9) + 2) / 4
    truth = luck < 0.2 + 0.6 * (one + two > 0)
    return pl.DataFrame({"one": one, "two": two, "idle": idle}), truth.astype(np.float64)


LEARNED = Summing(("one", "two"), Boosting(rounds=60, rate=0.2)).fit(*frame(6000), ("one", "two", "idle"))


def test_the_sum_ranks_better_than_its_parts() -> None:
    asked, truth = frame(6000, first=100)
    alone = Boosting(rounds=60, rate=0.2).fit(*frame(6000), ("one", "two", "idle"))
    assert auc(truth, LEARNED.log_odds(asked)) > auc(truth, alone.log_odds(asked)) + 0.003


def test_parts_are_told_and_make_up_the_whole() -> None:
    asked, _ = frame(500, first=50)
    told = LEARNED.contributions(asked)
    assert SUM not in told.columns
    assert set(told.columns) <= {"one", "two", "idle"}
    whole = LEARNED.base + told.select(pl.sum_horizontal(pl.all())).to_series().to_numpy()
    assert whole == pytest.approx(LEARNED.log_odds(asked))


def test_what_pulls_up_and_what_pulls_down_are_told_apart() -> None:
    told = LEARNED.contributions(pl.DataFrame({"one": [2.0], "two": [-2.0], "idle": [0.0]}))
    assert told["one"].item() > 0.5
    assert told["two"].item() < -0.5


def test_unknown_parts_are_as_usual_and_all_unknown_is_unknown() -> None:
    table = Additive(0.0, (Term(SUM, np.array([0.0]), np.array([-1.0, 1.0]), unknown=0.25),))
    model_ = Summed(table, ("one", "two"), (3.0, 0.0), 1.0)
    asked = pl.DataFrame({"one": [None, None], "two": [-1.0, None]}, schema={"one": pl.Float64, "two": pl.Float64})
    assert model_.log_odds(asked).tolist() == [1.0, 0.25]
    assert model_.log_odds(pl.DataFrame({"two": [-4.0]})).tolist() == [-1.0]
    assert model_.contributions(asked)["one"].to_list()[1] == pytest.approx(0.125)


def test_json_keeps_it_to_the_last_digit() -> None:
    asked, _ = frame(300, first=20)
    kept = model(json.loads(json.dumps(LEARNED.as_dict())))
    assert kept.log_odds(asked).tolist() == LEARNED.log_odds(asked).tolist()
    assert kept.contributions(asked).equals(LEARNED.contributions(asked))


def test_features_that_are_all_the_same_leave_a_constant() -> None:
    same = pl.DataFrame({"one": [1.0] * 10, "two": [2.0] * 10})
    fitted = Summing(("one", "two")).fit(same, np.array([0.0, 1.0] * 5), ("one", "two"))
    assert fitted.log_odds(same) == pytest.approx([0.0] * 10)
    assert fitted.contributions(same).is_empty()


@pytest.mark.parametrize("broken", [{"parts": []}, {"usual": [1.0]}, {"slope": None}, {"model": {"form": "additive"}}])
def test_anything_else_is_no_model(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no (summed|additive) model"):
        summed(LEARNED.as_dict() | broken)
