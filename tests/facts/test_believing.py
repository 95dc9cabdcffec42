"""Each organisation is believed by what it learned, and by the cold start where it learned nothing."""

import numpy as np
import polars as pl

from tactful.facts.believing import believed
from tactful.facts.chain import Chain, Line
from tactful.facts.scale import Served

FACTORS = {"silence": ("days",), "marks": ("score_mean",)}
GIVEN = pl.DataFrame({"days": [1.0, 2.0, 3.0, None], "score_mean": [0.5, 0.5, None, None]})
COLD = pl.DataFrame(
    {"score": [0.2, 0.4, 0.6, None], "confidence": [1.0] * 4, "silence": [0.1, 0.2, 0.6, None],
     "marks": [0.1, 0.2, None, None]}
)  # fmt: skip


def test_without_learning_the_score_is_the_chance() -> None:
    told = believed(FACTORS, GIVEN, COLD, pl.Series([1, 1, 2, 2]), {})
    assert told.probability.to_list() == [0.2, 0.4, 0.6, None]
    assert told.contributions["silence"].to_list() == [4.4 * each for each in (0.1, 0.2, 0.6, 0.0)]


def test_what_one_has_learned_changes_nothing_for_another() -> None:
    surely = Served(Chain(cold=Line(0.0, 2.0)))
    told = believed(FACTORS, GIVEN, COLD, pl.Series([1, 2, 1, 2]), {2: surely, 7: surely})
    assert told.probability.to_list()[::2] == [0.2, 0.6]
    assert told.probability[1] == 1 / (1 + np.exp(-2.0))
    assert told.probability[3] is None
    assert told.contributions["silence"].to_list() == [4.4 * 0.1, 0.0, 4.4 * 0.6, 0.0]
