"""Models of several forms together: they still add up, and JSON tells the forms apart."""

import json

import numpy as np
import polars as pl
import pytest

from tactful.facts.additive import Additive, Term
from tactful.facts.linear import Linear, Slope
from tactful.facts.models import Blend, blend, model

STEP = Additive(1.0, (Term("days", np.array([7.0]), np.array([-1.0, 1.0]), 0.0),))
LINE = Linear(-1.0, (Slope("days", 0.0, 1.0, 0.0, 5.0, 0.5), Slope("pace", 0.0, 2.0, 0.0, 5.0, 0.0)))
BOTH = Blend(((0.25, STEP), (0.75, LINE)))
FRAME = pl.DataFrame({"days": [0, 31, None], "pace": [1.0, None, 3.0]})


def test_a_blend_says_so_much_of_each() -> None:
    expected = 0.25 * STEP.log_odds(FRAME) + 0.75 * LINE.log_odds(FRAME)
    assert BOTH.log_odds(FRAME) == pytest.approx(expected)
    assert BOTH.base == -0.5


def test_what_features_add_sums_to_the_whole() -> None:
    parts = BOTH.contributions(FRAME)
    assert parts.columns == ["days", "pace"]
    total = parts.sum_horizontal().to_numpy() + BOTH.base
    assert total == pytest.approx(BOTH.log_odds(FRAME))


@pytest.mark.parametrize("each", [STEP, LINE, BOTH])
def test_json_tells_which_form_it_was(each: Additive | Linear | Blend) -> None:
    again = model(json.loads(json.dumps(each.as_dict())))
    assert type(again) is type(each)
    assert again.log_odds(FRAME).tolist() == each.log_odds(FRAME).tolist()


def test_an_unknown_form_is_answered_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="known are additive, linear, blend"):
        model({"form": "oracle"})


def test_what_is_no_blend_is_refused() -> None:
    with pytest.raises(ValueError, match="no blend"):
        blend({"parts": [3]})
