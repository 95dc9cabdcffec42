"""How things stand for some attempts or questions: from the arrays of the state to the columns of ASKED. Pure."""

from typing import NamedTuple

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.practice.places import Arrays, Placed, Places, Rows

# Half an hour without an attempt ends a sitting [s]; the load fades by the hour [s].
SITTING = 1800.0
HOUR = 3600.0
# Shares of few attempts lean towards two in three.
LEAN, OFTEN = 2.0, 0.65


def stand(placed: Placed, tables: dict[str, Arrays], rows: Rows) -> dict[str, Floats]:
    """The columns of ASKED, keys and rating left out, for `rows` of `placed`; nan is unknown."""
    return {
        **believe(placed, tables, rows),
        **_skills(placed, tables["person_skill"], rows),
        **_times(placed, tables, rows),
    }


def believe(placed: Placed, tables: dict[str, Arrays], rows: Rows) -> dict[str, Floats]:
    """Those columns of `stand` that say what is expected: all that `move` needs."""
    return {
        **_content(placed, tables, rows),
        **_person(placed, tables["person"], rows),
        **_topic(placed, tables, rows),
        **_tries(placed, tables, rows),
    }


def _content(placed: Placed, tables: dict[str, Arrays], rows: Rows) -> dict[str, Floats]:
    content, skill = tables["content"], tables["skill"]
    here, skills, weights = placed.content[rows], placed.skills[rows], placed.weights[rows]
    ease = (weights * skill["level"][skills]).sum(axis=1)
    return {
        "ease": skill["level"][placed.everything] + content["level"][here] + ease,
        "content_attempts": content["attempts"][here],
        "content_successes": content["successes"][here],
        "content_doubt": content["doubt"][here],
        "skill_ease": ease,
        "skill_ease_doubt": (weights**2 * skill["doubt"][skills]).sum(axis=1),
        "skills": (weights[:, :-1] > 0).sum(axis=1).astype(np.float64),
    }


def _person(placed: Placed, person: Arrays, rows: Rows) -> dict[str, Floats]:
    who = placed.person[rows]
    topic = placed.topic[rows]
    # content without a skill has no topic, and goes on with none
    same = (person["topic"][who] == topic) & (topic < placed.everything)
    names = ("attempts", "successes", "recent", "weight", "surprise", "surprise_long", "streak", "topics")
    return {
        "person_level": person["level"][who],
        **{name: person[name][who] for name in names},
        "run": np.where(same, person["run"][who], 0.0),
    }


def _topic(placed: Placed, tables: dict[str, Arrays], rows: Rows) -> dict[str, Floats]:
    theirs, where = tables["person_skill"], placed.their_topic[rows]
    number = tables["person"]["attempts"][placed.person[rows]]
    return {
        "skill_level": (placed.weights[rows] * theirs["level"][placed.theirs[rows]]).sum(axis=1),
        "skill_attempts": theirs["attempts"][where],
        "skill_successes": theirs["successes"][where],
        "skill_recent": theirs["recent"][where],
        "skill_weight": theirs["weight"][where],
        "skill_surprise": theirs["surprise"][where],
        "skill_streak": theirs["streak"][where],
        "skill_lag": number - theirs["number"][where],
    }


def _skills(placed: Placed, theirs: Arrays, rows: Rows) -> dict[str, Floats]:
    each, there = placed.theirs[rows][:, :-1], placed.weights[rows][:, :-1] > 0
    count = np.maximum(there.sum(axis=1), 1)
    any_skill = there.any(axis=1)
    share = (theirs["successes"][each] + LEAN * OFTEN) / (theirs["attempts"][each] + LEAN)

    def least(values: Floats) -> Floats:
        return np.where(any_skill, np.where(there, values, np.inf).min(axis=1), np.nan)

    return {
        "mastery_recent": (there * theirs["recent"][each]).sum(axis=1) / count,
        "mastery_weight": (there * theirs["weight"][each]).sum(axis=1) / count,
        "mastery_attempts": (there * theirs["attempts"][each]).sum(axis=1) / count,
        "mastery_successes": (there * theirs["successes"][each]).sum(axis=1) / count,
        "least_level": least(theirs["level"][each]),
        "least_attempts": least(theirs["attempts"][each]),
        "least_share": least(share),
    }


def _tries(placed: Placed, tables: dict[str, Arrays], rows: Rows) -> dict[str, Floats]:
    tried, where = tables["person_content"], placed.tried[rows]
    return {
        "content_level": tried["level"][where],
        "tries": tried["attempts"][where],
        "tries_successes": tried["successes"][where],
        "tries_recent": tried["recent"][where],
        "tries_weight": tried["weight"][where],
        "last_try": tried["last_success"][where],
        "tries_lag": tables["person"]["attempts"][placed.person[rows]] - tried["number"][where],
    }


def _times(placed: Placed, tables: dict[str, Arrays], rows: Rows) -> dict[str, Floats]:
    person, who, at = tables["person"], placed.person[rows], placed.asked_at[rows]
    sitting = sit(person, who, at)
    return {
        "since_last": (at - person["last_at"][who]).clip(0),
        "since_skill": (at - _practised(placed, tables["person_skill"]["last_at"], rows)).clip(0),
        "since_content": (at - tables["person_content"]["last_at"][placed.tried[rows]]).clip(0),
        "sitting_seconds": at - sitting.began,
        "sitting": sitting.attempts,
        "load": sitting.load,
    }


def _practised(placed: Placed, last_at: Floats, rows: Rows) -> Floats:
    """When the skills were last practised together; where never, the longest ago that one of them was."""
    together, alone = last_at[placed.their_topic[rows]], last_at[placed.theirs[rows][:, :-1]]
    longest: Floats = np.fmin.reduce(alone, axis=1)
    return np.where(np.isnan(together), longest, together)


class Sitting(NamedTuple):
    """began: seconds; attempts so far; load: attempts that fade by the hour. nan is unknown."""

    began: Floats
    attempts: Floats
    load: Floats


def sit(person: Arrays, who: Places, at: Floats) -> Sitting:
    """The sitting of each of `who` at `at`, a new one where the last has ended."""
    since = (at - person["last_at"][who]).clip(0)
    known, going_on = ~np.isnan(at), since <= SITTING
    faded = person["load"][who] * np.exp(-np.nan_to_num(since, nan=np.inf) / HOUR)
    return Sitting(
        began=np.where(going_on, np.fmin(person["sitting_at"][who], at), at),
        attempts=np.where(known, np.where(going_on, person["sitting"][who], 0.0), np.nan),
        load=np.where(known, faded, np.nan),
    )
