"""A sum of terms: what it says of whom, and that nothing of it is lost on the way to JSON and back."""

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.facts.additive import Additive, Term, additive

SMALL = st.floats(-5, 5)
VALUES = st.one_of(st.none(), st.floats(-20, 20), st.sampled_from([0.0, 1.0, float("inf"), float("-inf")]))


@st.composite
def models(draw: st.DrawFn) -> Additive:
    terms = []
    for name in draw(st.lists(st.sampled_from("abcd"), unique=True)):
        edges = sorted(draw(st.lists(st.floats(-10, 10), max_size=5, unique=True)))
        values = draw(st.lists(SMALL, min_size=len(edges) + 1, max_size=len(edges) + 1))
        terms.append(Term(name, np.array(edges), np.array(values), draw(SMALL)))
    return Additive(draw(SMALL), tuple(terms))


def slowly(term: Term, value: float | None) -> float:
    if value is None:
        return term.unknown
    return float(term.values[sum(edge < value for edge in term.edges.tolist())])


@given(models(), st.lists(st.fixed_dictionaries(dict.fromkeys("abcd", VALUES)), min_size=1, max_size=6))
def test_it_is_the_sum_of_what_each_table_says(model: Additive, people: list[dict[str, Any]]) -> None:
    frame = pl.DataFrame(people, schema=dict.fromkeys("abcd", pl.Float64))
    expected = [model.base + sum(slowly(term, one[term.feature]) for term in model.terms) for one in people]
    assert model.log_odds(frame) == pytest.approx(expected)
    told = model.contributions(frame)
    assert told.columns == [term.feature for term in model.terms]
    summed = told.sum_horizontal().to_numpy() if model.terms else np.zeros(len(people))
    assert model.base + summed == pytest.approx(expected)
    chance = model.probability(frame)
    assert chance.is_between(0, 1, closed="none").all()
    alone = pl.concat([model.probability(frame[n : n + 1]) for n in range(len(people))])
    assert alone.to_list() == chance.to_list()


@given(models())
def test_what_was_stored_as_json_is_the_same_model(model: Additive) -> None:
    again = additive(json.loads(json.dumps(model.as_dict())))
    assert again.as_dict() == model.as_dict()


def test_a_feature_that_is_not_there_is_unknown() -> None:
    model = Additive(0.0, (Term("here", np.array([1.0]), np.array([2.0, 3.0]), -1.0),))
    assert model.log_odds(pl.DataFrame({"else": [1, 2]})).tolist() == [-1.0, -1.0]


TERM = {"feature": "a", "edges": [1.0, 2.0], "values": [0.0, 1.0, 2.0], "unknown": 0.0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"edges": [2.0, 1.0]},
        {"edges": [1.0, 1.0]},
        {"values": [0.0]},
        {"values": [0.0, 1.0, float("nan")]},
        {"unknown": float("inf")},
        {"unknown": None},
        {"edges": "ab"},
    ],
)
def test_what_is_no_table_is_refused(wrong: dict[str, Any]) -> None:
    assert additive({"base": 0, "terms": [TERM]}).as_dict() == {"form": "additive", "base": 0.0, "terms": [TERM]}
    with pytest.raises(ValueError):
        additive({"base": 0, "terms": [TERM | wrong]})
    with pytest.raises(ValueError, match="no additive model"):
        additive({"terms": []})
