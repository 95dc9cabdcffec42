"""Links of a belief: shares, lines and what a person has shown, all sums that can be told."""

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.facts.additive import Additive, Term
from tactful.facts.chain import Chain, Line, chain, own

FACTORS = {"silence": ("days",), "mood": ("smiles", "sighs")}
MODEL = Additive(
    0.2,
    (
        Term("days", np.array([7.0]), np.array([-1.0, 2.0]), unknown=0.5),
        Term("smiles", np.array([1.0]), np.array([0.3, -0.7]), unknown=0.0),
        Term("sighs", np.array([1.0]), np.array([-0.1, 0.4]), unknown=0.0),
    ),
)
GIVEN = pl.DataFrame({"days": [3.0, 30.0, None], "smiles": [2.0, 0.0, 1.0], "sighs": [0.0, 5.0, None]})
COLD = pl.DataFrame({"score": [0.2, 0.9, 0.5], "silence": [0.2, 0.6, 0.5], "mood": [0.0, 0.3, None]})
SCORE = COLD["score"].to_numpy()


def test_before_any_learning_a_score_of_one_half_is_an_even_chance() -> None:
    said = Chain().believe(FACTORS, GIVEN, COLD).probability
    assert said[2] == pytest.approx(0.5)
    assert 0.1 < said[0] < said[1] < 0.9


@given(st.floats(0, 1))
def test_a_share_lies_between_the_rule_and_the_model(share: float) -> None:
    mixed = Chain(model=MODEL, share=share).log_odds(GIVEN, SCORE)
    ends = np.sort([Chain().log_odds(GIVEN, SCORE), MODEL.log_odds(GIVEN)], axis=0)
    assert (ends[0] - 1e-9 <= mixed).all()
    assert (mixed <= ends[1] + 1e-9).all()


def test_a_prior_stands_in_for_the_rule() -> None:
    prior = Chain(model=MODEL, share=1.0)
    assert Chain(prior=prior).log_odds(GIVEN, SCORE) == pytest.approx(MODEL.log_odds(GIVEN))


def test_contributions_and_what_is_common_to_all_make_up_the_whole() -> None:
    for each in (
        Chain(),
        Chain(model=MODEL, share=0.4, last=Line(0.8, 0.3)),
        Chain(prior=Chain(model=MODEL, share=0.7)),
    ):
        parts = each.contributions(FACTORS, GIVEN, COLD)
        common = each.log_odds(GIVEN, SCORE) - sum(parts.values())
        assert common == pytest.approx(np.full(3, common[0]))


def test_what_a_person_has_shown_moves_them_and_nobody_else() -> None:
    shown = np.array([0.0, -3.0, 0.0]), np.array([0.0, 2.0, 0.0])
    before = Chain(patience=4.0).believe(FACTORS, GIVEN, COLD).probability
    after = Chain(patience=4.0).believe(FACTORS, GIVEN, COLD, shown=shown).probability
    assert after[1] < before[1]
    assert (after[0], after[2]) == (before[0], before[2])
    odds = np.log(after / (1 - after)) - np.log(before / (1 - before))
    assert odds[1] == pytest.approx(own(*shown, patience=4.0)[1])


def test_where_it_tells_nothing_what_a_person_has_shown_does_not_count() -> None:
    shown = np.array([0.0, -3.0, 0.0]), np.array([0.0, 2.0, 0.0])
    plain = Chain().believe(FACTORS, GIVEN, COLD)
    assert Chain().believe(FACTORS, GIVEN, COLD, shown=shown).probability.equals(plain.probability)


def test_unknown_stays_unknown_whatever_was_learned() -> None:
    nothing = COLD.with_columns(pl.lit(None, pl.Float64).alias("score"))
    assert Chain(model=MODEL, share=1.0).believe(FACTORS, GIVEN, nothing).probability.to_list() == [None] * 3


def test_json_keeps_every_link() -> None:
    whole = Chain(Line(3.0, -1.0), MODEL, 0.6, Line(0.9, 0.1), prior=Chain(model=MODEL, share=0.5), patience=3.5)
    again = chain(json.loads(json.dumps(whole.as_dict())))
    assert again.as_dict() == whole.as_dict()
    assert again.log_odds(GIVEN, SCORE).tolist() == whole.log_odds(GIVEN, SCORE).tolist()


@pytest.mark.parametrize(
    "wrong",
    [{}, {"cold": [1]}, {**Chain().as_dict(), "model": {"form": "oracle"}}, {**Chain().as_dict(), "last": None}],
)
def test_what_is_no_chain_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no learned belief|no model of the form"):
        chain(wrong)
