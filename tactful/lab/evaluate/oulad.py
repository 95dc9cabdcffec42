"""CH-B: which of 18,983 students of the Open University are at risk (will fail or withdraw), asked in week 8?

Protocol: five folds by student, so that nobody is both learned from and judged, answers pooled. The file holds sums
of clicks and of marks up to day 56 and what students said of themselves, not days: production features cannot be
made from it. So the learner that serves, as it is, is given the file's columns; `tactful` is what it learns.
`CH-B@behaviour` leaves out what people are (sex, age, region, schooling, income band, disability) and keeps what
they did. `baseline` is a straight line through the file's own columns, `seed` the two factors that they can tell.
Ranks within a course use everybody in it, without their results.
"""

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from tactful.facts.capability import Factors, learned_from
from tactful.lab.evaluate.rows import Answer, Row, measured, needed
from tactful.learn.chaining import Lessons
from tactful.learn.lines import Straight
from tactful.learn.ranking import CALIBRATION, RANKING, Floats
from tactful.uses.training.ways import WAYS

PART, TASK = "dropout", "CH-B"
FOLDS = 5
DAYS = 56
# LightGBM, five folds (README of reyquiroz/OULAD_CourseAware).
PUBLISHED = Row(PART, TASK, "published", "auc", 0.835)
FILE = ("dropout_oulad", "week8_features_2013B_2013J_2014B.parquet")

CLICKS = ("vle_total", "vle_mean", "vle_std", "clicked", "unevenness", "vle_rank", "mean_rank", "clicked_rank")
MARKS = (
    "assess_mean",
    "assess_max",
    "assess_count",
    "marks",
    "spread",
    "marks_rank",
    "mark_rank",
    "count_rank",
    "above",
    "handed_in",
)
COURSE = ("num_of_prev_attempts", "studied_credits")
PEOPLE = ("gender", "region", "highest_education", "imd_band", "age_band", "disability")
NUMBERS = ("vle_total", "vle_mean", "vle_std", "assess_mean", "assess_max", "assess_count", *COURSE)
DERIVED = tuple(name for name in (*CLICKS, *MARKS) if name not in NUMBERS)

SCHOOLING = (
    "No Formal quals", "Lower Than A Level", "A Level or Equivalent", "HE Qualification", "Post Graduate Qualification",
)  # fmt: skip

Students = NDArray[np.int64]


def evaluate(data: Path) -> list[Row]:
    """All rows of CH-B. raises: NotFound without the data."""
    (path,) = needed(data / FILE[0], FILE[1])
    file = pl.read_parquet(path).sort("id_student", "code_module", "code_presentation")
    truth = file["target"].to_numpy().astype(np.float64)
    given, students = told(file), file["id_student"].to_numpy().astype(np.int64)
    named = _named(given)
    behaviour = {name: columns for name, columns in named.items() if name != "person"}
    answers = [
        _learned(named, given, truth, students),
        Answer("seed", _seed(file), RANKING, 0.0),
        _line(named, given, truth, students),
    ]
    rows = [*measured(PART, TASK, truth, answers), PUBLISHED]
    return rows + measured(PART, f"{TASK}@behaviour", truth, [_learned(behaviour, given, truth, students)])


def told(file: pl.DataFrame) -> pl.DataFrame:
    """The file's numbers, what follows from them, and a column of 0 and 1 for each word, a row for each of `file`."""
    column = pl.col
    numbers = file.select(
        pl.col(NUMBERS).cast(pl.Float64), *PEOPLE, course=column("code_module") + column("code_presentation")
    )
    derived = numbers.with_columns(
        clicked=pl.when(column("vle_mean") > 0).then(column("vle_total") / column("vle_mean")).otherwise(0.0),
        unevenness=column("vle_std") / column("vle_mean").clip(lower_bound=0.1),
        marks=column("assess_mean") * column("assess_count"),
        spread=column("assess_max") - column("assess_mean"),
    )
    ranked = {
        "vle_rank": "vle_total", "mean_rank": "vle_mean", "clicked_rank": "clicked",
        "marks_rank": "marks", "mark_rank": "assess_mean", "count_rank": "assess_count",
    }  # fmt: skip
    ranks = {name: (column(of).rank() / pl.len()).over("course") for name, of in ranked.items()}
    against = {
        # marks in standard deviations above the course's mean; works handed in, of the most that anybody did
        "above": ((column("assess_mean") - column("assess_mean").mean()) / (column("assess_mean").std() + 1)).over(
            "course"
        ),
        "handed_in": (column("assess_count") / column("assess_count").max().clip(lower_bound=1)).over("course"),
    }
    words = file.select("code_module", "code_presentation", "region").to_dummies()
    return derived.with_columns(**ranks, **against, **_steps()).drop("course", "region").hstack(words.cast(pl.Float64))


def _steps() -> Mapping[str, pl.Expr]:
    """What people are, lowest first; null where it is not known."""
    schooling = (
        "No Formal quals",
        "Lower Than A Level",
        "A Level or Equivalent",
        "HE Qualification",
        "Post Graduate Qualification",
    )
    place = {name: float(number) for number, name in enumerate(schooling)}
    column = pl.col
    return {
        "gender": (column("gender") == "F").cast(pl.Float64),
        "highest_education": column("highest_education").replace_strict(place, default=None, return_dtype=pl.Float64),
        "imd_band": column("imd_band").str.extract(r"^(\d+)").cast(pl.Float64),
        "age_band": column("age_band").str.extract(r"^(\d+)").cast(pl.Float64),
        "disability": (column("disability") == "Y").cast(pl.Float64),
    }


def _named(given: pl.DataFrame) -> Factors:
    """What speaks for what: clicks, marks, the course, and what a person is."""
    person = tuple(name for name in given.columns if name in PEOPLE or name.startswith("region_"))
    course = tuple(name for name in given.columns if name.startswith("code_"))
    return {"clicks": CLICKS, "marks": MARKS, "course": (*COURSE, *course), "person": person}


def _learned(factors: Factors, given: pl.DataFrame, truth: Floats, students: Students) -> Answer:
    # There is no cold start for sums: everybody is as likely as not.
    start, said, cold = perf_counter(), np.empty(truth.size), pl.DataFrame({"score": np.full(truth.size, 0.5)})
    for taught, asked in GroupKFold(FOLDS).split(students, groups=students):
        lessons = Lessons(given[taught], cold[taught], truth[taught], students[taught], np.ones(taught.size))
        said[asked] = WAYS["dropout"].fit(factors, lessons).log_odds(given[asked], np.full(asked.size, 0.5))
    return Answer("tactful", 1 / (1 + np.exp(-said)), {**RANKING, **CALIBRATION}, perf_counter() - start)


def _line(factors: Factors, given: pl.DataFrame, truth: Floats, students: Students) -> Answer:
    start, said = perf_counter(), np.empty(truth.size)
    names = [name for name in learned_from(factors) if name in given.columns and name not in DERIVED]
    for taught, asked in GroupKFold(FOLDS).split(students, groups=students):
        said[asked] = Straight().fit(given[taught], truth[taught], names).log_odds(given[asked])
    return Answer("baseline", 1 / (1 + np.exp(-said)), {**RANKING, **CALIBRATION}, perf_counter() - start)


def _seed(file: pl.DataFrame) -> Floats:
    """Rare visits (20): clicks on less than every other day's worth of pages; no progress (15): nothing handed in."""
    rare = (file["vle_total"] / file["vle_mean"].clip(0.1)).fill_nan(0.0) < DAYS / 2
    return (20 * rare.cast(pl.Float64) + 15 * (file["assess_count"] == 0).cast(pl.Float64)).to_numpy() / 100
