"""What every capability must keep; a new one is found by its folder and held to this without a line of its own.

Those that believe something of people have factors, and are held to all of it. One that goes along with what is live
has a detector instead, and one that reads what was said analyses it, with no features to ask for and no lessons: here
they are held to their cards, elsewhere by their tests.
"""

import json
import re
import tracemalloc
from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tactful import predict
from tactful.facts.capability import COLD, learned_from
from tactful.facts.chain import Chain, chain
from tactful.learn.chaining import Chaining, Lessons
from tactful.learn.ranking import auc

EVERY = sorted(module.name for module in iter_modules(predict.__path__) if module.ispkg)
NAMES = [name for name in EVERY if hasattr(import_module(f"tactful.predict.{name}"), "FACTORS")]
CARD = ("question", "horizon", "inputs", "output", "baseline", "source", "limits")
TAUGHT, JUDGED = 3_000, 3_000
# Bytes that a belief may need at its peak for each row, on top of a million.
BYTES_A_ROW = 4_000

believing = pytest.mark.parametrize("name", NAMES)
every_capability = pytest.mark.parametrize("name", EVERY)


def capability(name: str) -> Any:
    return import_module(f"tactful.predict.{name}")


def example(name: str) -> Any:
    return import_module(f"tests.predict.{name}.example")


def learning(name: str) -> Chaining:
    """How it is learned: as everything is, unless its example says otherwise."""
    return getattr(example(name), "LEARNING", Chaining())


def lessons(name: str, size: int) -> Lessons:
    given, truth = example(name).lessons(size)
    cold = capability(name).cold(given)
    return Lessons(given, cold, truth, np.arange(truth.size), np.ones(truth.size))


_LEARNED: dict[str, Chain] = {}


def learned(name: str) -> Chain:
    """Learned from the first of its lessons, once."""
    if name not in _LEARNED:
        every = lessons(name, TAUGHT + JUDGED)
        _LEARNED[name] = learning(name).fit(capability(name).FACTORS, every.only(np.arange(every.truth.size) < TAUGHT))
    return _LEARNED[name]


@every_capability
def test_its_card_says_what_it_is(name: str) -> None:
    card = capability(name).__doc__ or ""
    assert card.splitlines()[0].endswith("?")
    for line in CARD:
        assert re.search(rf"^{line}: \S.{{10,}}", card, re.MULTILINE), line


@every_capability
def test_it_believes_something_of_people_or_hears_what_is_live_or_reads_what_was_said(name: str) -> None:
    assert sum(hasattr(capability(name), way) for way in ("FACTORS", "Detector", "analyse")) == 1


@believing
def test_its_factors_share_out_what_learning_may_use(name: str) -> None:
    part = capability(name)
    names = learned_from(part.FACTORS)
    assert len(set(names)) == len(names) > 0
    assert set(names) <= set(part.GIVEN)
    assert not set(part.FACTORS) & set(COLD)


@believing
def test_what_is_given_has_the_columns_it_promises(name: str) -> None:
    assert dict(example(name).asked(50).schema) == dict(capability(name).GIVEN)


@believing
def test_it_believes_something_before_any_learning_and_stays_in_range(name: str) -> None:
    part, given = capability(name), example(name).asked(400)
    cold = part.cold(given)
    assert cold.columns[: len(COLD) + len(part.FACTORS)] == [*COLD, *part.FACTORS]
    assert cold.height == given.height
    assert cold["score"].is_not_null().any()
    assert cold.select(pl.col("score", "confidence").is_between(0, 1).all()).row(0) == (True, True)
    believed = Chain().believe(part.FACTORS, given, cold)
    assert believed.probability.is_between(0, 1).all()


@believing
def test_the_parts_of_the_factors_make_up_the_score(name: str) -> None:
    part = capability(name)
    cold = part.cold(example(name).asked(400))
    off = cold.select((pl.sum_horizontal(*part.FACTORS).clip(0, 1) - pl.col("score")).abs().max()).item()
    assert off == pytest.approx(0, abs=1e-9)


@believing
def test_it_is_pure_and_a_row_alone_is_the_row_among_others(name: str) -> None:
    part, given = capability(name), example(name).asked(60)
    before, cold = given.clone(), part.cold(given)
    assert_frame_equal(part.cold(given), cold)
    assert_frame_equal(given, before)
    model = learned(name)
    everybody = model.believe(part.FACTORS, given, cold)
    for row in range(0, given.height, 7):
        alone = given[row : row + 1]
        assert_frame_equal(part.cold(alone), cold[row : row + 1])
        told = model.believe(part.FACTORS, alone, part.cold(alone))
        assert told.probability.to_list() == pytest.approx(everybody.probability[row : row + 1].to_list(), abs=1e-12)


@believing
def test_it_survives_whatever_is_missing_or_far_out_of_range(name: str) -> None:
    part, given = capability(name), example(name).asked(60)
    for column, kind in part.GIVEN.items():
        blank = pl.lit(None, kind).alias(column)
        extremes = [10**6, -(10**6)] if kind.is_numeric() else []
        for value in [blank, *(pl.lit(each).cast(kind).alias(column) for each in extremes)]:
            changed = given.with_columns(value)
            cold = part.cold(changed)
            assert cold.select(pl.col("score", "confidence").is_between(0, 1).all()).row(0) == (True, True), column
            for model in (Chain(), learned(name)):
                chance = model.believe(part.FACTORS, changed, cold).probability
                assert chance.is_between(0, 1).all(), column
                assert chance.is_null().equals(cold["score"].is_null()), column


@believing
def test_it_says_unknown_without_data(name: str) -> None:
    part = capability(name)
    nothing = pl.DataFrame({column: [None] for column in part.GIVEN}, schema=dict(part.GIVEN))
    cold = part.cold(nothing)
    assert cold["score"].to_list() == [None]
    assert cold["confidence"].to_list() == [0.0]
    assert learned(name).believe(part.FACTORS, nothing, cold).probability.to_list() == [None]


@believing
def test_what_came_after_the_question_changes_nothing(name: str) -> None:
    asked = example(name).asked
    at = example(name).AT
    assert_frame_equal(asked(200, until=at + timedelta(days=40)), asked(200))


@believing
def test_the_same_lessons_give_the_same_belief_and_json_keeps_it(name: str) -> None:
    part, few = capability(name), lessons(name, 800)
    one, two = (learning(name).fit(part.FACTORS, few) for _ in range(2))
    assert one.as_dict() == two.as_dict()
    kept = chain(json.loads(json.dumps(learned(name).as_dict())))
    told, again = (each.believe(part.FACTORS, few.given, few.cold) for each in (learned(name), kept))
    assert told.probability.to_list() == again.probability.to_list()
    assert_frame_equal(told.contributions, again.contributions)


@believing
def test_every_factor_is_told_in_a_sentence_whatever_is_known(name: str) -> None:
    part = capability(name)
    rows = [{}, dict.fromkeys(part.GIVEN), *example(name).asked(40).to_dicts()]
    for row in rows:
        told = part.reasons(list(part.FACTORS), row)
        assert len(told) == len(part.FACTORS)
        for sentence in told:
            assert re.fullmatch(r"[A-Z0-9].{5,160}\.", sentence), sentence
            assert not re.search(r"None|nan|null|_", sentence), sentence
    with pytest.raises(KeyError):
        part.reasons(["nothing_of_the_kind"], {})


@believing
def test_what_was_learned_is_told_in_the_words_of_its_factors(name: str) -> None:
    part, every = capability(name), lessons(name, 500)
    belief = learned(name).believe(part.FACTORS, every.given, every.cold)
    assert belief.contributions.columns == list(part.FACTORS)
    assert belief.contributions.select(pl.all().is_finite().all()).row(0) == (True,) * len(part.FACTORS)
    spread = belief.contributions.select(pl.all().std()).row(0)
    assert max(spread) > 0.1


@believing
def test_memory_grows_with_the_rows_and_no_faster(name: str) -> None:
    part = capability(name)
    few = example(name).asked(500)
    model = learned(name)
    given = pl.concat([few] * 40)
    model.believe(part.FACTORS, few, part.cold(few))
    tracemalloc.start()
    model.believe(part.FACTORS, given, part.cold(given))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000 + BYTES_A_ROW * given.height


@believing
def test_it_beats_its_baseline_on_lessons_it_has_not_seen(name: str) -> None:
    part, every = capability(name), lessons(name, TAUGHT + JUDGED)
    unseen = every.only(np.arange(every.truth.size) >= TAUGHT)
    said = learned(name).believe(part.FACTORS, unseen.given, unseen.cold).probability.to_numpy()
    known = ~np.isnan(said)
    simple = example(name).baseline(unseen.given)
    assert auc(unseen.truth[known], said[known]) > auc(unseen.truth[known], simple[known])
