"""Best-LR, the simple model that FG-B is compared with: one logistic over skills and logarithms of counts.

Source: Gervet, Koedinger, Schneider and Mitchell 2020, "When is deep learning the best approach to knowledge tracing?"
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tactful.facts.additive import Floats

ROUNDS = 500


def best_lr(answers: pl.DataFrame, given: pl.DataFrame, taught: NDArray[np.bool_]) -> Floats:
    """The chance of a right answer to each row that is not `taught`.

    answers: ANSWER with topics. given: GIVEN of the same rows; right and wrong answers of the topic so far are taken
    from there, and weigh differently for each topic.
    """
    skill, topic = (_one_hot(answers[name]) for name in ("skill_id", "topic_id"))
    right, wrong = (np.log1p(given[f"topic_{name}"].fill_null(0).to_numpy()) for name in ("hits", "misses"))
    ever = answers.select(
        right=pl.col("hit").cum_sum().over("person_id") - pl.col("hit"),
        wrong=(1 - pl.col("hit")).cum_sum().over("person_id") - (1 - pl.col("hit")),
    )
    person = sparse.csr_array(np.log1p(ever.to_numpy()))
    columns = [skill, topic, topic.multiply(right[:, None]), topic.multiply(wrong[:, None]), person]
    design = sparse.hstack(columns, format="csr")
    truth = answers["hit"].to_numpy()
    model = LogisticRegression(max_iter=ROUNDS).fit(design[taught], truth[taught])
    chance: Floats = model.predict_proba(design[~taught])[:, 1]
    return chance


def _one_hot(column: pl.Series) -> sparse.csr_array:
    codes = column.rank("dense").to_numpy().astype(np.int64) - 1
    return sparse.csr_array((np.ones(codes.size), (np.arange(codes.size), codes)))
