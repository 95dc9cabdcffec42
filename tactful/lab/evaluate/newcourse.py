"""What is believed about a course that nobody has learned from: learned from other courses, corrected by its own past.

The other courses teach what silence means; their whole past is known, and so is who dropped out. Of the new course
only its own days are known. They hold one lesson, though: who was silent in its last days, asked before these days.
What the other courses would have said of that is held against it, and what it was wrong by is expected to last in
part. The lesson is as long as the horizon, or half as long as the course is old, if that is less.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from tactful.lab.evaluate import days
from tactful.lab.evaluate.kddcup2015 import DAY_0, HORIZON, Courses
from tactful.learn.chaining import Lessons
from tactful.learn.ranking import Floats
from tactful.predict import dropout
from tactful.uses.training.ways import WAYS

FOLDS = 5
Rows = NDArray[np.int64]


def learned(courses: Courses) -> tuple[Floats, Floats]:
    """The chance of dropping out of each of `courses`, learned from the courses of the other folds.

    First followed by the newest lesson of their own course, then from the others alone.
    """
    truth, course = courses.truth["dropout"].to_numpy().astype(np.float64), courses.truth["course"].to_numpy()
    span = lesson_days((courses.day - DAY_0).days + 1)
    before = courses.back(span)
    now, then = _asked(courses, truth), _asked(before, courses.silent_since(before.day))
    followed, alone = np.empty(truth.size), np.empty(truth.size)
    for taught, asked in _folds(course):
        chain, companion = (
            WAYS["dropout"].fit(dropout.FACTORS, each.only(_mask(each, taught))) for each in (now, then)
        )
        told = chain.log_odds(now.given[asked], now.score()[asked])
        alone[asked] = np.where(np.isnan(told), _unknown(now, taught), told)
        for name in np.unique(course[asked]):
            rows = asked[course[asked] == name]
            followed[rows] = WAYS["dropout"].follow(companion, then.only(_mask(then, rows))).last.of(alone[rows])
    return _chance(followed), _chance(alone)


def lesson_days(age: int) -> int:
    """How many days of silence the newest lesson of a course of `age` days asks about.

    >>> [lesson_days(age) for age in (7, 14, 21, 30)]
    [4, 7, 10, 10]
    """
    return min(HORIZON, (age + 1) // 2)


def _asked(courses: Courses, truth: Floats) -> Lessons:
    given = dropout.given(courses.known, days.recent(courses.person_day, courses.day))
    people = courses.known["person_id"].to_numpy()
    return Lessons(given, dropout.cold(given), truth, people, np.ones(truth.size))


def _unknown(lessons: Lessons, taught: Rows) -> float:
    """Log-odds of those who had not done anything yet; even where all have."""
    truth = lessons.truth[taught][np.isnan(lessons.score()[taught])]
    return float(np.log((truth.sum() + 0.5) / ((1 - truth).sum() + 0.5)))


def _mask(lessons: Lessons, rows: Rows) -> NDArray[np.bool_]:
    mask = np.zeros(lessons.truth.size, dtype=np.bool_)
    mask[rows] = True
    return mask


def _chance(log_odds: Floats) -> Floats:
    chance: Floats = 1 / (1 + np.exp(-log_odds.clip(-30, 30)))
    return chance


def _folds(course: NDArray[np.str_]) -> Iterator[tuple[Rows, Rows]]:
    """Rows to learn from and rows to judge. Where there is one course alone, no other teaches."""
    several = min(FOLDS, np.unique(course).size)
    if several > 1:
        yield from GroupKFold(several).split(course, groups=course)
    else:
        yield np.arange(0), np.arange(course.size)
