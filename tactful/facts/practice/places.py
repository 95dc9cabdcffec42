"""Where each attempt's rows are: the state as arrays, and for each attempt the places of what it touches.

Numbering is plain Python and NumPy, so that one question does not cost a dozen passes of a query engine; a
million take no longer for it.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats, floats
from tactful.facts.practice.paces import PACES, Paces
from tactful.facts.practice.tables import EVERYTHING, SCHEMAS, Practice, together

Key = TypeVar("Key", bound=Hashable)
Places = NDArray[np.int64]
# Some of the attempts or questions.
Rows = Places | slice
# A table as arrays. The last row is nobody's: the places of what does not exist lead there.
Arrays = dict[str, Floats]
# What is unknown, not zero, in a row that is as good as new.
UNKNOWN = ("sitting_at", "last_at", "number", "last_success")
MICROSECONDS = 1e6


@dataclass(frozen=True, slots=True)
class Placed:
    """Attempts or questions, a row for each, and the rows of the state they touch.

    keys: the keys of each table's rows. person, content, tried: places in the tables person, content and
    person_content. skills, theirs: in skill and person_skill, a column for each skill and a last one for their set;
    weights: how much each counts. topic, their_topic: the set's, or the only skill's. at: when it was
    done; asked_at: when it was asked [s]; nan is unknown.
    """

    keys: Practice
    person: Places
    content: Places
    tried: Places
    skills: Places
    theirs: Places
    topic: Places
    their_topic: Places
    weights: Floats
    at: Floats
    asked_at: Floats

    @property
    def everything(self) -> int:
        """The place in skill of what all content has in common; `place` puts it last."""
        return self.keys.skill.height - 1

    def ordered(self, rows: Places) -> "Placed":
        """The attempts or questions in another order."""
        each = (field.name for field in fields(self) if field.name != "keys")
        return replace(self, **{name: getattr(self, name)[rows] for name in each})


def place(asked: pl.DataFrame, paces: Paces = PACES) -> Placed:
    """The places of `asked`, columns of QUESTION or ATTEMPT."""
    person, people = _numbered(asked["person_id"].to_list())
    content, contents = _numbered(asked["content_id"].to_list())
    skills, names = _skills(asked["skills"].to_list())
    there = skills >= 0
    person_ids, content_ids = pl.Series("person_id", people, pl.Int64), pl.Series("content_id", contents, pl.String)
    skill_ids = pl.Series("skill_id", [*names, EVERYTHING], pl.String)
    tried, tries = _pairs(person, content, person_ids, content_ids)
    their, theirs = _pairs(np.repeat(person, there.sum(axis=1)), skills[there], person_ids, skill_ids)
    # nobody's rows come after those with keys, and in skill after what everything has in common
    at_theirs = np.full(skills.shape, theirs.height)
    at_theirs[there] = their
    at_skills = np.where(there, skills, skill_ids.len())
    several = there[:, -1]
    return Placed(
        keys=Practice(person_ids.to_frame(), theirs, tries, skill_ids.to_frame(), content_ids.to_frame()),
        person=person,
        content=content,
        tried=tried,
        skills=at_skills,
        theirs=at_theirs,
        topic=np.where(several, at_skills[:, -1], at_skills[:, 0]),
        their_topic=np.where(several, at_theirs[:, -1], at_theirs[:, 0]),
        weights=_weights(there, paces),
        at=_seconds(asked["at"]),
        asked_at=_seconds(asked["asked_at" if "asked_at" in asked.columns else "at"]),
    )


def arrays(placed: Placed, state: Practice, asked: pl.DataFrame, paces: Paces) -> dict[str, Arrays]:
    """The rows that `placed` touches, by table, with new ones where `state` has none."""
    doubts = _doubts(placed, paces)
    tables = {}
    for name in Practice._fields:
        keys: pl.DataFrame = getattr(placed.keys, name)
        rows = keys.join(getattr(state, name), on=keys.columns, how="left", maintain_order="left")
        fresh = np.isnan(floats(rows["doubt"]))
        table = tables[name] = _arrays(name, rows)
        table["doubt"][:-1][fresh] = np.broadcast_to(doubts[name], fresh.shape)[fresh]
        if name == "content":
            table["level"][:-1][fresh] = (0.5 - _ratings(placed, asked)[fresh]) * paces.rating
        if name == "person":
            number = {skill: at for at, skill in enumerate(placed.keys.skill["skill_id"].to_list())}
            # a topic that nobody asks about now is no place at all
            table["topic"] = np.array([*(number.get(each, -1) for each in rows["topic"].to_list()), -1], np.float64)
    return tables


def _doubts(placed: Placed, paces: Paces) -> dict[str, float | Floats]:
    """Of rows that are new."""
    skill = np.full(placed.everything + 1, paces.skill_ease)
    skill[placed.everything] = paces.everything
    return {
        "person": paces.person,
        "person_skill": paces.skill,
        "person_content": paces.content,
        "skill": skill,
        "content": paces.content_ease,
    }


def _ratings(placed: Placed, asked: pl.DataFrame) -> Floats:
    """How each content is first rated, one half where nobody did."""
    rated = floats(asked["difficulty"])
    known = np.flatnonzero(~np.isnan(rated))
    ratings = np.full(placed.keys.content.height, 0.5)
    which, first = np.unique(placed.content[known], return_index=True)
    ratings[which] = rated[known][first]
    return ratings


def _arrays(name: str, rows: pl.DataFrame) -> Arrays:
    keys = ("person_id", "skill_id", "content_id")
    numbers = [column for column, kind in SCHEMAS[name].items() if column not in keys and kind != pl.String]
    return {column: _array(column, rows[column]) for column in numbers}


def _array(name: str, column: pl.Series) -> Floats:
    values = _seconds(column) if name.endswith("_at") else floats(column)
    start = np.nan if name in UNKNOWN else 0.0
    return np.append(values if name in UNKNOWN else np.nan_to_num(values), start)


def _seconds(column: pl.Series) -> Floats:
    return floats(column.to_physical()) / MICROSECONDS


def _numbered(keys: Sequence[Key]) -> tuple[Places, list[Key]]:
    """The place of each of `keys` among the different ones, and those, in order of appearance."""
    places: dict[Key, int] = {}
    numbers = [places.setdefault(key, len(places)) for key in keys]
    return np.array(numbers, dtype=np.int64), list(places)


def _skills(needed: Sequence[Sequence[str] | None]) -> tuple[Places, list[str]]:
    """A row of places for each, its skills first and their set, where there are several, last; -1 is none."""
    places: dict[str, int] = {}
    # Many attempts are about few sets of skills: each set is placed once.
    which, sets = _numbered([tuple(skills or ()) for skills in needed])
    rows = []
    for skills in sets:
        alone = sorted(set(skills))
        each = [places.setdefault(skill, len(places)) for skill in alone]
        rows.append((each, places.setdefault(together(alone), len(places)) if len(alone) > 1 else -1))
    most = max((len(each) for each, _ in rows), default=1) or 1
    filled = [[*each, *[-1] * (most - len(each)), whole] for each, whole in rows]
    return np.array(filled, dtype=np.int64).reshape(len(rows), most + 1)[which], list(places)


def _pairs(one: Places, two: Places, ones: pl.Series, twos: pl.Series) -> tuple[Places, pl.DataFrame]:
    """The place of each pair among the different ones, and those, named."""
    different, places = np.unique(one * twos.len() + two, return_inverse=True)
    return places, pl.DataFrame([ones.gather(different // twos.len()), twos.gather(different % twos.len())])


def _weights(there: NDArray[np.bool_], paces: Paces) -> Floats:
    """One skill counts in full; of several, each counts a little and their set the most."""
    several = there[:, -1:]
    count = np.maximum(there[:, :-1].sum(axis=1, keepdims=True), 1)
    alone = np.where(several, paces.of_each / count, 1.0) * there[:, :-1]
    return np.column_stack([alone, several * paces.of_set])
