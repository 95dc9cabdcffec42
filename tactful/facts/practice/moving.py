"""What an attempt changes: beliefs by one careful step each, counts and fading sums beside them. In place.

The log-odds of success are a sum: of everything, the content and its skills for everybody, then the person, the
person's skills and the person at this content. Each part is a belief with a doubt. An attempt moves each by its
share of the doubt, and the certainty it brings is taken from the doubt. Source: an extended Kalman filter for
Rasch's model (Rasch 1960; Fahrmeir 1992); with the doubts held fixed it would be Elo's rating.
"""

from typing import NamedTuple

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.chain import CERTAIN
from tactful.facts.practice.paces import Paces
from tactful.facts.practice.places import Arrays, Placed, Places, Rows
from tactful.facts.practice.standing import sit
from tactful.facts.practice.tables import WELL

# What remains of a fading sum with each attempt: of the person, of the skill, of the person at one piece of content,
# and of a person's long surprise.
PERSON_FADES, SKILL_FADES, CONTENT_FADES, SURPRISE_LINGERS = 0.85, 0.7, 0.7, 0.96


def move(
    placed: Placed, tables: dict[str, Arrays], rows: Rows, success: Floats, stood: dict[str, Floats], *,
    paces: Paces, everybody: bool,
) -> None:  # fmt: skip
    """Move `tables` on past the attempts `rows`, at most one of each person.

    stood: what `stand` told of them. everybody: whether content and skills learn too, or persons alone.
    """
    parts = _parts(placed, tables, rows)
    whole = sum(stood[name] for name in ("ease", "person_level", "skill_level", "content_level"))
    doubt = sum((part.weight**2 * part.table["doubt"][part.where]).sum(axis=1) for part in parts)
    chance = 1 / (1 + np.exp(-np.clip(whole, -CERTAIN, CERTAIN)))
    surprise, information = success - chance, chance * (1 - chance)
    for part in parts:
        if everybody or not part.everyones:
            _step(part, surprise[:, None], information[:, None], np.asarray(doubt)[:, None])
            _count(part, success[:, None])
    _person(placed, tables["person"], rows, success, surprise, stood, paces)
    _skill(placed, tables, rows, success, surprise, paces)
    _content(placed, tables, rows, success)


class Part(NamedTuple):
    """One part of the sum. where, weight: a column for each place. everyones: places may then be those of several."""

    table: Arrays
    where: Places
    weight: Floats
    everyones: bool


def _parts(placed: Placed, tables: dict[str, Arrays], rows: Rows) -> list[Part]:
    content, weights = placed.content[rows][:, None], placed.weights[rows]
    one = np.ones(content.shape)
    return [
        Part(tables["skill"], np.full_like(content, placed.everything), one, True),
        Part(tables["content"], content, one, True),
        Part(tables["skill"], placed.skills[rows], weights, True),
        Part(tables["person"], placed.person[rows][:, None], one, False),
        Part(tables["person_skill"], placed.theirs[rows], weights, False),
        Part(tables["person_content"], placed.tried[rows][:, None], one, False),
    ]


def _step(part: Part, surprise: Floats, information: Floats, doubt: Floats) -> None:
    """One step of each belief of `part`: several attempts at the same place are taken together."""
    table, weight = part.table, part.weight
    blunted = 1 + information * (doubt - weight**2 * table["doubt"][part.where])
    there = weight > 0
    places = part.where[there]
    pull, certainty = (weight * surprise / blunted)[there], (weight**2 * information / blunted)[there]
    if part.everyones:
        places, inverse = np.unique(places, return_inverse=True)
        pull, certainty = (np.asarray(np.bincount(inverse, each), np.float64) for each in (pull, certainty))
    left = table["doubt"][places] / (1 + table["doubt"][places] * certainty)
    table["doubt"][places] = left
    table["level"][places] += left * pull


def _count(part: Part, success: Floats) -> None:
    """Attempts and successes."""
    there = part.weight > 0
    places, more = part.where[there], np.broadcast_to(success, there.shape)[there]
    if part.everyones:
        np.add.at(part.table["attempts"], places, 1.0)
        np.add.at(part.table["successes"], places, more)
    else:
        part.table["attempts"][places] += 1.0
        part.table["successes"][places] += more


def _late(table: Arrays, where: Places, success: Floats, surprise: Floats, fades: float) -> None:
    """Fading sums and the streak; each place occurs once."""
    _fade(table, where, success, fades)
    table["surprise"][where] = fades * table["surprise"][where] + (1 - fades) * surprise
    streak = table["streak"][where]
    table["streak"][where] = np.where(success >= WELL, np.maximum(streak, 0) + 1, np.minimum(streak, 0) - 1)


def _fade(table: Arrays, where: Places, success: Floats, fades: float) -> None:
    table["recent"][where] = fades * table["recent"][where] + success
    table["weight"][where] = fades * table["weight"][where] + 1


def _person(
    placed: Placed, person: Arrays, rows: Rows, success: Floats, surprise: Floats, stood: dict[str, Floats],
    paces: Paces,
) -> None:  # fmt: skip
    who, at = placed.person[rows], placed.at[rows]
    person["doubt"][who] += paces.person_drift
    _late(person, who, success, surprise, PERSON_FADES)
    long = person["surprise_long"][who]
    person["surprise_long"][who] = SURPRISE_LINGERS * long + (1 - SURPRISE_LINGERS) * surprise
    person["topics"][who] += stood["skill_attempts"] == 0
    person["run"][who] = stood["run"] + 1
    person["topic"][who] = placed.topic[rows]
    known, sitting = ~np.isnan(at), sit(person, who, at)
    person["sitting_at"][who] = np.where(known, sitting.began, person["sitting_at"][who])
    person["sitting"][who] = np.where(known, sitting.attempts + 1, person["sitting"][who])
    person["load"][who] = np.where(known, sitting.load + 1, person["load"][who])
    person["last_at"][who] = np.fmax(at, person["last_at"][who])


def _skill(
    placed: Placed, tables: dict[str, Arrays], rows: Rows, success: Floats, surprise: Floats, paces: Paces
) -> None:
    theirs, which = tables["person_skill"], placed.weights[rows] > 0
    where = placed.theirs[rows][which]

    def each(values: Floats) -> Floats:
        return np.broadcast_to(values[:, None], which.shape)[which]

    theirs["level"][where] = paces.skill_kept * theirs["level"][where] + paces.skill_gain
    theirs["doubt"][where] += paces.skill_drift
    _late(theirs, where, each(success), each(surprise), SKILL_FADES)
    # the attempt has been counted by now
    theirs["number"][where] = each(tables["person"]["attempts"][placed.person[rows]] - 1)
    theirs["last_at"][where] = np.fmax(each(placed.at[rows]), theirs["last_at"][where])


def _content(placed: Placed, tables: dict[str, Arrays], rows: Rows, success: Floats) -> None:
    tried, where = tables["person_content"], placed.tried[rows]
    _fade(tried, where, success, CONTENT_FADES)
    tried["last_success"][where] = success
    tried["number"][where] = tables["person"]["attempts"][placed.person[rows]] - 1
    tried["last_at"][where] = np.fmax(placed.at[rows], tried["last_at"][where])
