"""KT-A and KT-C: who got the next answer wrong? What would be served, beside the seed and three numbers.

Protocol: learners are either learned from or judged, never both. What is known of each attempt is what `advance`
tells of it: the learner's earlier attempts, and the practice of those learned from, which stands still while the
others are judged. Among those learned from, content has learned what the attempts before have shown, as it would
have in service. Intervals are over learners, not attempts. How fast levels move and how the chain is learned was
chosen on those learned from alone.

KT-A holds learners who are there twice under two numbers, on both sides of the split: `KT-A@distinct` leaves out
those who were learned from under another number; quote that one. Times in KT-C are those of answers, so the time
since the last answer tells how long the learner thought about this one. `KT-C@before` asks when the last answer
was given; quote that one for what can be known beforehand.
"""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from tactful.facts.practice import advance, nothing
from tactful.lab.evaluate import attempts
from tactful.lab.evaluate.attempts import Attempts
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.chaining import Lessons
from tactful.learn.ranking import CALIBRATION, Floats, auc, log_loss
from tactful.predict import struggle
from tactful.uses.training.ways import WAYS

PART = "struggle"
MEASURES = {"auc": auc, "log_loss": log_loss, **CALIBRATION}
# Best-LR (Gervet et al. 2020) on the same files; DAS3H (Choffin et al. 2019) on the full file, of which KT-C is a part.
PUBLISHED = {task: Row(PART, task, "published", "auc", value) for task, value in (("KT-A", 0.77), ("KT-C", 0.826))}
# The seed's weights of what these data know.
SEED = {"prereq_mastery": -35, "similar_performance": -25, "content_difficulty": 20}


def assistments(data: Path) -> list[Row]:
    """All rows of KT-A and its variant. raises: NotFound without the data."""
    log = attempts.assistments(data)
    again = attempts.copies(log.asked, of=log.taught)
    distinct = ~log.asked["person_id"].is_in(again.implode()).to_numpy()
    truth, people, answers = *_judged(log), list(_answers(log))
    rows = [*measured(PART, "KT-A", truth, answers, people=people), PUBLISHED["KT-A"]]
    only = [Answer(each.model, each.score[distinct], each.measures, each.seconds) for each in answers]
    return rows + measured(PART, "KT-A@distinct", truth[distinct], only, people=people[distinct])


def algebra(data: Path) -> list[Row]:
    """All rows of KT-C and its variant. raises: NotFound without the data."""
    log = attempts.algebra(data)
    before = Attempts(*(attempts.asked_before(each) for each in (log.taught, log.asked)))
    rows = [PUBLISHED["KT-C"]]
    for task, each in (("KT-C", log), ("KT-C@before", before)):
        truth, people = _judged(each)
        rows += measured(PART, task, truth, _answers(each), people=people)
    return rows


def _judged(log: Attempts) -> tuple[Floats, NDArray[np.int64]]:
    return _failed(log.asked), log.asked["person_id"].to_numpy()


class Known(NamedTuple):
    """What was given of each attempt, what the cold start made of it, and whether it failed."""

    given: pl.DataFrame
    cold: pl.DataFrame
    truth: Floats


def known(log: Attempts) -> tuple[Known, Known]:
    """Of those learned from, and of those judged."""
    before, state = advance(nothing(), log.taught)
    asked, _ = advance(state, log.asked, everybody=False)
    told = ((struggle.given(each), log_) for each, log_ in ((before, log.taught), (asked, log.asked)))
    taught, judged = (Known(given, struggle.cold(given), _failed(log_)) for given, log_ in told)
    return taught, judged


def _answers(log: Attempts) -> Iterator[Answer]:
    start = perf_counter()
    taught, judged = known(log)
    seconds = perf_counter() - start
    usual = float(taught.truth.mean())
    yield _learned(log, taught, judged, usual, start)
    yield Answer("cold", judged.cold["score"].fill_null(usual).to_numpy(), MEASURES, seconds)
    yield Answer("seed", _seed(judged.given), MEASURES, seconds)
    yield Answer("baseline", _three(taught, judged), MEASURES, seconds)


def _learned(log: Attempts, taught: Known, judged: Known, usual: float, start: float) -> Answer:
    people = log.taught["person_id"].to_numpy()
    lessons = Lessons(taught.given, taught.cold, taught.truth, people, np.ones(people.size))
    chain = WAYS[PART].fit(struggle.FACTORS, lessons)
    chance = chain.believe(struggle.FACTORS, judged.given, judged.cold).probability
    return Answer("tactful", chance.fill_null(usual).to_numpy(), MEASURES, perf_counter() - start)


def _failed(frame: pl.DataFrame) -> Floats:
    failed: Floats = 1 - frame["success"].to_numpy()
    return failed


def _seed(given: pl.DataFrame) -> Floats:
    """The seed's weights as they stand; what is unknown is one half."""
    grades = (
        (pl.col(name) if weight > 0 else 1 - pl.col(name)).fill_null(0.5) * abs(weight) for name, weight in SEED.items()
    )
    whole = sum(map(abs, SEED.values()))
    return given.select(pl.sum_horizontal(*grades) / whole).to_series().to_numpy()


def _three(taught: Known, judged: Known) -> Floats:
    """The seed's three numbers with learned weights: what the weights alone are worth."""

    def columns(given: pl.DataFrame) -> Floats:
        return given.select(pl.col(name).fill_null(0.5) for name in SEED).to_numpy()

    model = LogisticRegression().fit(columns(taught.given), taught.truth)
    chance: Floats = model.predict_proba(columns(judged.given))[:, 1]
    return chance
