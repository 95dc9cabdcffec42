"""CH-A: who of 43,965 course participants came back? What would be served, beside the seed and recency.

Protocol: five folds by course, their answers pooled. `tactful` is learned from the other four folds, follows what
each course of the fifth shows of itself (see `newcourse`) and judges it; `others` is the same without following. Of
those who have not done anything yet, of whom nothing is served, both take the share that dropped out in the other
folds. Every other model is fixed beforehand, `cold` among them, which is served until there is something to learn
from. The bounds of the grades were chosen by hand, among some seventy variants, on the first half of the courses by
sorted name. Those courses are part of `CH-A`, so `CH-A@unseen` gives the other half alone: quote that one as the
test. How far to follow (.6) was chosen among .2 to .8 on all courses; from .4 to .8 the AUC moves by less than .0005.
`brier` and `ece` take the score itself for a probability, which a cold start does not claim to be. `CH-A@3+` are
those with three or more active days; `CH-A@7d`, `@14d` and `@21d` know only so many days.

The seed names factors and weights but not from where a factor counts. Of 36 readings tried on all
of CH-A (AUC .62 to .79) `seed` is the one that agrees with the .706 known for these weights; it
is neither the weakest nor the strongest, and a comparison with it is only as good as that choice.
"""

from datetime import timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.lab.evaluate import days, kddcup2015, newcourse
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.ranking import CALIBRATION, RANKING, Floats
from tactful.predict import dropout

PART = "dropout"
# XGBoost on the same labels with other features and splits (lee14257/mooc-dropout-prediction).
PUBLISHED = Row(PART, "CH-A", "published", "auc", 0.852)


def evaluate(data: Path) -> list[Row]:
    """All rows of CH-A and its variants. raises: NotFound without the data."""
    whole = kddcup2015.read(data)
    truth = whole.truth["dropout"].to_numpy().astype(np.float64)
    answers = _answers(whole)
    rows = [*measured(PART, "CH-A", truth, answers), PUBLISHED]
    regular = (whole.known["active_days"].fill_null(0) >= 3).to_numpy()
    rows += measured(PART, "CH-A@3+", truth[regular], [_only(each, regular) for each in answers])
    unseen = _unseen(whole.truth["course"])
    rows += measured(PART, "CH-A@unseen", truth[unseen], [_only(each, unseen) for each in answers])
    for age in (7, 14, 21):
        early = kddcup2015.read(data, last_day=age - 1)
        rows += measured(PART, f"CH-A@{age}d", truth, _answers(early))
    return rows


def _unseen(courses: pl.Series) -> NDArray[np.bool_]:
    """Rows of the courses on which no bound was chosen: the second half by sorted name."""
    names = courses.unique().sort()
    return courses.is_in(names[len(names) // 2 :].implode()).to_numpy()


def _only(answer: Answer, rows: NDArray[np.bool_]) -> Answer:
    return Answer(answer.model, answer.score[rows], answer.measures, answer.seconds)


def _answers(courses: kddcup2015.Courses) -> list[Answer]:
    start = perf_counter()
    beliefs = served(courses)
    seconds = perf_counter() - start
    start = perf_counter()
    followed, alone = newcourse.learned(courses)
    learning = perf_counter() - start
    return [
        Answer("tactful", followed, {**RANKING, **CALIBRATION}, learning),
        Answer("others", alone, {**RANKING, **CALIBRATION}, learning),
        Answer("cold", _certain(beliefs["risk_score"]), {**RANKING, **CALIBRATION}, seconds),
        Answer("seed", days.seed(courses.known, beliefs), {**RANKING, **CALIBRATION}, seconds),
        Answer("baseline", _silence(courses), RANKING, 0.0),
    ]


def served(courses: kddcup2015.Courses) -> pl.DataFrame:
    """What the production model says before any learning: SCORED."""
    return dropout.score(courses.known, days.recent(courses.person_day, courses.day))


def _certain(score: pl.Series) -> Floats:
    """Unknown as one half: somebody without a single event is neither convicted nor acquitted."""
    return score.fill_null(0.5).to_numpy().astype(np.float64)


def _silence(courses: kddcup2015.Courses) -> Floats:
    """Days since the last activity; who never had any is silent since before the course."""
    before = kddcup2015.DAY_0 - timedelta(days=1)
    last = courses.known["streak_day"].fill_null(before)
    return (pl.Series([courses.day]) - last).dt.total_days().to_numpy().astype(np.float64)
