"""CH-A: who of 43,965 course participants came back? What would be served, beside the seed and recency.

Protocol: five folds by course, their answers pooled. `tactful` is learned from the other four folds and
judges the fifth; every other model is fixed beforehand, `cold` among them, which is served until there is
something to learn from. The bounds of the grades were chosen by hand, among some
seventy variants, on the first half of the courses by sorted name. Those courses are part of
`CH-A`, so `CH-A@unseen` gives the other half alone: quote that one as the test. `brier` and `ece`
take the score itself for a probability, which a cold start does not claim to be. `CH-A@3+` are
those with three or more active days; `CH-A@7d`, `@14d` and `@21d` know only so many days.

The seed names factors and weights but not from where a factor counts. Of 36 readings tried on all
of CH-A (AUC .62 to .79) `seed` is the one that agrees with the .706 known for these weights; it
is neither the weakest nor the strongest, and a comparison with it is only as good as that choice.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import duckdb
import ibis
import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from tactful.facts.activity import person_day, window
from tactful.lab.evaluate import kddcup2015
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.chaining import Chaining, Lessons
from tactful.learn.ranking import CALIBRATION, RANKING, Floats
from tactful.predict import dropout

PART = "dropout"
FOLDS = 5
# XGBoost on the same labels with other features and splits (lee14257/mooc-dropout-prediction).
PUBLISHED = Row(PART, "CH-A", "published", "auc", 0.852)
SEED_WEIGHTS = {
    "declining_engagement": 25,
    "infrequent_sessions": 20,
    "negative_sentiment": 20,
    "no_progress": 15,
    "declining_performance": 10,
    "broken_streak": 10,
}


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
    for days in (7, 14, 21):
        early = kddcup2015.read(data, last_day=days - 1)
        rows += measured(PART, f"CH-A@{days}d", truth, _answers(early))
    return rows


def _unseen(courses: pl.Series) -> NDArray[np.bool_]:
    """Rows of the courses on which no bound was chosen: the second half by sorted name."""
    names = courses.unique().sort()
    return courses.is_in(names[len(names) // 2 :].implode()).to_numpy()


def _only(answer: Answer, rows: NDArray[np.bool_]) -> Answer:
    return Answer(answer.model, answer.score[rows], answer.measures, answer.seconds)


def _answers(courses: kddcup2015.Courses) -> list[Answer]:
    start = perf_counter()
    recent, beliefs = served(courses)
    seconds = perf_counter() - start
    return [
        Answer("cold", _certain(beliefs["risk_score"]), {**RANKING, **CALIBRATION}, seconds),
        _learned(courses, dropout.given(courses.known, recent)),
        Answer("seed", _seed(courses, beliefs), {**RANKING, **CALIBRATION}, seconds),
        Answer("baseline", _silence(courses), RANKING, 0.0),
    ]


def served(courses: kddcup2015.Courses) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Production features, run by DuckDB (RECENT), and what the production model says of them (SCORED)."""
    statement = ibis.to_sql(dropout.features(person_day, window(courses.day)), dialect="duckdb")
    with duckdb.connect() as engine:
        engine.register("person_day", courses.person_day.to_arrow())
        recent = pl.DataFrame(engine.sql(statement).to_arrow_table())
    return recent, dropout.score(courses.known, recent)


def _learned(courses: kddcup2015.Courses, given: pl.DataFrame) -> Answer:
    """What learning from the other courses says of each."""
    truth, course = courses.truth["dropout"].to_numpy().astype(np.float64), courses.truth["course"].to_numpy()
    start, chance, cold = perf_counter(), np.empty(truth.size), dropout.cold(given)
    people = courses.known["person_id"].to_numpy()
    for taught, asked in _folds(course):
        lessons = Lessons(given[taught], cold[taught], truth[taught], people[taught], np.ones(taught.size))
        belief = Chaining().fit(dropout.FACTORS, lessons).believe(dropout.FACTORS, given[asked], cold[asked])
        chance[asked] = _certain(belief.probability)
    return Answer("tactful", chance, {**RANKING, **CALIBRATION}, perf_counter() - start)


def _folds(course: NDArray[np.str_]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows to learn from and rows to judge. Where there is one course alone, nothing is learned from."""
    several = min(FOLDS, np.unique(course).size)
    if several > 1:
        yield from GroupKFold(several).split(course, groups=course)
    else:
        yield np.arange(0), np.arange(course.size)


def _certain(score: pl.Series) -> Floats:
    """Unknown as one half: somebody without a single event is neither convicted nor acquitted."""
    return score.fill_null(0.5).to_numpy().astype(np.float64)


def _seed(courses: kddcup2015.Courses, beliefs: pl.DataFrame) -> Floats:
    """One reading of the seed (see above): each factor is there or not, missing data is not, weights add up to one."""
    column = pl.col
    signs = {
        "declining_engagement": column("session_frequency_trend") < -0.2,
        "infrequent_sessions": column("avg_days_between_sessions") > 2,
        "negative_sentiment": column("sentiment_trend_7d") < -0.2,
        "no_progress": column("days_since_last_completion") > 7,
        "declining_performance": column("performance_trend") < -0.1,
        "broken_streak": (column("longest_streak") >= 1) & (column("standing_streak") == 0),
    }
    found = [signs[factor].fill_null(False) * weight for factor, weight in SEED_WEIGHTS.items()]
    seen = beliefs.with_columns(courses.known["longest_streak"])
    return seen.select(pl.sum_horizontal(found) / 100).to_series().to_numpy().astype(np.float64)


def _silence(courses: kddcup2015.Courses) -> Floats:
    """Days since the last activity; who never had any is silent since before the course."""
    before = courses.day - timedelta(days=courses.day.toordinal() - kddcup2015.DAY_0.toordinal() + 1)
    last = courses.known["streak_day"].fill_null(before)
    return (pl.Series([courses.day]) - last).dt.total_days().to_numpy().astype(np.float64)
