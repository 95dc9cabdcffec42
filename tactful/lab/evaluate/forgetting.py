"""FG-A and FG-B: what somebody still knows, of one person's flash cards with times and of words without.

`FG-A`: answers at least half a day after the last one on the card, in six parts by time; each of the last five is
judged by what was learned from those before it. `FG-B`: of learners sorted by id the first and then every fifth are
judged, by what was learned from the others; every answer counts, first ones too. Figures are of the chance of a right
answer. One way of learning serves both; its few numbers were chosen on the first part of FG-A, which is not scored,
and by cross-validation among the learners of FG-B that are learned from.

`cold` is what is served before anything was learned. `seed` is the share of right answers about the skill so far: the
seed names current mastery and says no formula. After few answers that is 0 or 1, which costs it dearly in log-loss.
`baseline` is FSRS-6 with published parameters on FG-A (days counted with their fractions; in whole days it is far
worse) and Best-LR, refitted here, on FG-B; `own` is FSRS-6 as it was fitted to the person just before each answer.
`published` on FG-A is FSRS-6 on 9,999 other people (srs-benchmark), on FG-B Best-LR on all 182 learners: neither is the
same data. Intervals take answers for independent; on FG-B, where eight learners are judged, they are too narrow.
"""

from pathlib import Path
from time import perf_counter

import duckdb
import ibis
import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.model_selection import TimeSeriesSplit

from tactful.facts.memories import OTHERS, person_form, person_memory, person_topic
from tactful.lab.evaluate import fsrs, reviews
from tactful.lab.evaluate.best_lr import best_lr
from tactful.lab.evaluate.fsrs import MEASURES, PART
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.chaining import Lessons
from tactful.learn.ranking import Floats
from tactful.learn.smoothing import apart
from tactful.predict import forgetting
from tactful.uses.training.ways import WAYS

PARTS_OF_TIME = 5
EVERY = 5
PUBLISHED = {
    "FG-A": [
        Row(PART, "FG-A", "published", "log_loss", 0.3456),
        Row(PART, "FG-A", "published", "auc", 0.705),
    ],
    "FG-B": [Row(PART, "FG-B", "published", "auc", 0.86)],
}


def cards(data: Path) -> list[Row]:
    """All rows of FG-A. raises: NotFound without the data."""
    answers, start = reviews.cards(data), perf_counter()
    stood, _ = forgetting.advance(forgetting.State(), answers)
    asked = forgetting.labels(answers, stood).is_not_null()
    lessons = _lessons(forgetting.given(reviews.hours(answers), stood).filter(asked), answers.filter(asked))
    chance, judged = np.empty(lessons.truth.size), np.zeros(lessons.truth.size, dtype=np.bool_)
    for taught, rows in TimeSeriesSplit(PARTS_OF_TIME).split(chance):
        chance[rows] = _learned(lessons, taught, rows)
        judged[rows] = True
    served = Answer("tactful", chance[judged], MEASURES, perf_counter() - start)
    told = lessons.only(judged)
    return [
        *_rows("FG-A", told, [served, *fsrs.alone(told.given, stood.filter(asked).filter(judged))]),
        *PUBLISHED["FG-A"],
    ]


def words(data: Path) -> list[Row]:
    """All rows of FG-B. raises: NotFound without the data."""
    answers, start = reviews.words(data), perf_counter()
    judged = answers["person_id"].is_in(answers["person_id"].unique().sort()[::EVERY].implode())
    stood, after = forgetting.advance(forgetting.State(), answers)
    others = others_of(after, answers, judged)
    lessons = _lessons(forgetting.given(reviews.hours(answers), stood, others), answers)
    rows = judged.to_numpy()
    chance = _learned(lessons, np.flatnonzero(~rows), np.flatnonzero(rows))
    served = Answer("tactful", chance, MEASURES, perf_counter() - start)
    start = perf_counter()
    simple = best_lr(answers, lessons.given, ~rows)
    found = _rows("FG-B", lessons.only(rows), [served, Answer("baseline", simple, MEASURES, perf_counter() - start)])
    return [*found, *PUBLISHED["FG-B"]]


def _lessons(given: pl.DataFrame, answers: pl.DataFrame) -> Lessons:
    """Every answer as a lesson: what stood behind it, and whether it was wrong."""
    people, days = answers["person_id"].to_numpy(), answers["at"].dt.epoch("d").fill_null(0).to_numpy()
    truth = 1 - answers["hit"].to_numpy()
    return Lessons(given, forgetting.cold(given), truth, apart(people, days), np.ones(truth.size))


def _learned(lessons: Lessons, taught: NDArray[np.int64], asked: NDArray[np.int64]) -> Floats:
    """The chance of a right answer to each row of `asked`, by what the rows `taught` teach."""
    here = np.zeros(lessons.truth.size, dtype=np.bool_)
    here[taught] = True
    chain = WAYS[PART].fit(forgetting.FACTORS, lessons.only(here))
    belief = chain.believe(forgetting.FACTORS, lessons.given[asked], lessons.cold[asked])
    return 1 - belief.probability.to_numpy()


def others_of(after: forgetting.State, answers: pl.DataFrame, judged: pl.Series) -> pl.DataFrame:
    """What the learners who are learned from answered, without oneself: production's own features, run by DuckDB.

    Those who are judged stand in the tables as if they had answered nothing: their answers add to nobody's sums.
    """
    out = answers.filter(judged)["person_id"].unique().implode()
    silent = pl.col("person_id").is_in(out)
    counts = ("answers", "first_hit", "later_hits", "surprise")
    tables = {
        name: rows.with_columns(
            pl.lit(1, pl.Int64).alias("organisation_id"),
            *(pl.when(~silent).then(each).otherwise(0).alias(each) for each in counts if each in rows.columns),
        )
        for name, rows in zip(("person_memory", "person_topic", "person_form"), after, strict=True)
    }
    statement = ibis.to_sql(forgetting.features(person_memory, person_topic, person_form), dialect="duckdb")
    with duckdb.connect() as engine:
        for name, rows in tables.items():
            engine.register(name, rows.to_arrow())
        told = pl.DataFrame(engine.sql(statement).to_arrow_table())
    keys = ["person_id", "skill_id"]
    return answers.select(keys).join(told, on=keys, how="left", maintain_order="left").select(*OTHERS)


def _rows(task: str, told: Lessons, answers: list[Answer]) -> list[Row]:
    """Rows for a task, with those of the cold start and of the seed's mastery."""
    cold = Answer("cold", 1 - told.score(), MEASURES, 0.0)
    share = told.given.select((pl.col("hits") / pl.col("answers")).fill_nan(0.5)).to_series().to_numpy()
    return measured(PART, task, 1 - told.truth, [*answers, cold, Answer("seed", share, MEASURES, 0.0)])
