"""One tick of some sessions: what was expected, what came, and what is told of it."""

from dataclasses import dataclass

import numpy as np

from tactful.predict.anomaly import attendance, course, level, telling
from tactful.predict.anomaly.anomalies import Anomalies
from tactful.predict.anomaly.belief import believe
from tactful.predict.anomaly.heard import Heard
from tactful.predict.anomaly.numbers import BREAK, LOW, TALK, Numbers
from tactful.predict.anomaly.severity import Grades
from tactful.predict.anomaly.shapes import Bank
from tactful.predict.anomaly.state import NOTHING, Rows, State


@dataclass(frozen=True, slots=True)
class Ear:
    """What sessions are listened to with."""

    numbers: Numbers
    shapes: Bank
    grades: Grades


def listen(part: State, heard: Heard, ear: Ear) -> list[Anomalies]:
    """Move `part` on by one tick; answers what is found."""
    found = [attend(part, heard, ear)]
    attendance.note(part, heard.viewers)
    _plan(part, heard, ear.numbers)
    judged = part.tick > part.settling
    if judged.all():
        found.append(_level(part, heard, ear))
    else:
        rows = np.flatnonzero(judged)
        some = part.take(rows)
        found.append(_level(some, heard.only(rows), ear))
        part.put(rows, some)
        _rest(part, np.flatnonzero(~judged), ear)
    part.tick += 1
    return found


def attend(part: State, heard: Heard, ear: Ear) -> Anomalies:
    """Mass exits, told from viewers alone; may be asked at any second of a tick."""
    planned = (heard.agenda == BREAK) | (part.tick <= part.returning)
    many = attendance.before(part)
    gone = attendance.exits(part, ear.numbers, many, heard, planned)
    share = attendance.limit(ear.numbers, heard.elapsed)
    rows = np.flatnonzero(gone)
    some = heard.only(rows)
    sure = attendance.chance(many[rows], some.viewers, share[rows])
    return telling.exits(part.narrow(rows), some, ear.grades, many[rows], sure)


def _plan(part: State, heard: Heard, numbers: Numbers) -> None:
    """What is planned explains what is seen until people are back."""
    planned, away = heard.agenda != TALK, heard.agenda == BREAK
    part.settling[planned] = part.tick[planned] + numbers.returning
    part.returning[away] = part.tick[away] + numbers.returning


def _level(part: State, heard: Heard, ear: Ear) -> Anomalies:
    numbers, shapes = ear.numbers, ear.shapes
    level.begin(part, numbers, shapes, course.free(part))
    tick = level.expect(part, numbers, heard.viewers, heard.signals)
    level.weigh(part, numbers, shapes, tick)
    level.learn(part, numbers, tick)
    belief = believe(part.odds, numbers, shapes)
    course.follow(part, numbers, tick)
    # Where no end is planned, `elapsed` is nan: nothing is too late.
    early = ~(heard.elapsed >= numbers.last)
    kind = course.told(part, numbers, belief, course.free(part) & early & (part.tick >= numbers.warm_up))
    course.start(part, kind, belief, shapes)
    stuck = course.stuck(part, numbers, early)
    course.end(part, numbers, stuck)
    kind[stuck] = LOW
    # What stayed was found by lasting: its shapes are no longer weighed.
    chances = np.where(stuck[:, None], np.float32(0), belief.probability)
    rows = np.flatnonzero(kind != NOTHING)
    return telling.levels(part.narrow(rows), heard.only(rows), ear.grades, kind[rows], chances[rows])


def _rest(part: State, rows: Rows, ear: Ear) -> None:
    some = part.take(rows)
    level.rest(some, ear.numbers, ear.shapes)
    part.put(rows, some)
