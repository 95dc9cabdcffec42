"""Where each attempt's rows are: the state as arrays, and for each attempt the places of what it touches."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.practice.paces import Paces
from tactful.facts.practice.tables import AND, EVERYTHING, SCHEMAS, Practice

Places = NDArray[np.int64]
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


def place(asked: pl.DataFrame, paces: Paces) -> Placed:
    """The places of `asked`, columns of QUESTION or ATTEMPT."""
    asked = asked.with_columns(pl.col("skills").fill_null([]).list.unique().list.sort())
    person, people = _numbered(asked.select("person_id"))
    content, contents = _numbered(asked.select("content_id"))
    tried, tries = _numbered(asked.select("person_id", "content_id"))
    each, weights = _each_skill(asked), _weights(asked, paces)
    skill, skills = _numbered(each.select("skill_id"))
    their, theirs = _numbered(each.select("person_id", "skill_id"))
    at_skills, at_theirs = (_grid(each, where, weights.shape, last=-1) for where in (skill, their))
    # nobody's rows come after those with keys, and in skill after what everything has in common
    at_skills[at_skills < 0], at_theirs[at_theirs < 0] = skills.height + 1, theirs.height
    skills = pl.concat([skills, pl.DataFrame({"skill_id": [EVERYTHING]})])
    several = weights[:, -1] > 0
    return Placed(
        keys=Practice(people, theirs, tries, skills, contents),
        person=person,
        content=content,
        tried=tried,
        skills=at_skills,
        theirs=at_theirs,
        topic=np.where(several, at_skills[:, -1], at_skills[:, 0]),
        their_topic=np.where(several, at_theirs[:, -1], at_theirs[:, 0]),
        weights=weights,
        at=_seconds(asked["at"]),
        asked_at=_seconds(asked["asked_at" if "asked_at" in asked.columns else "at"]),
    )


def arrays(placed: Placed, state: Practice, asked: pl.DataFrame, paces: Paces) -> dict[str, Arrays]:
    """The rows that `placed` touches, by table, with new ones where `state` has none."""
    rated = asked.group_by("content_id", maintain_order=True).agg(pl.col("difficulty").drop_nulls().first())
    contents = placed.keys.content.join(rated, on="content_id", how="left", maintain_order="left")
    fresh = {
        "person": (pl.lit(paces.person), pl.lit(0.0)),
        "person_skill": (pl.lit(paces.skill), pl.lit(0.0)),
        "person_content": (pl.lit(paces.content), pl.lit(0.0)),
        "skill": (
            pl.when(pl.col("skill_id") == EVERYTHING).then(paces.everything).otherwise(paces.skill_ease),
            pl.lit(0.0),
        ),
        "content": (pl.lit(paces.content_ease), (0.5 - pl.col("difficulty").fill_null(0.5)) * paces.rating),
    }
    keys = placed.keys._replace(content=contents)
    return {name: _filled(name, getattr(keys, name), getattr(state, name), *fresh[name]) for name in Practice._fields}


def _filled(name: str, keys: pl.DataFrame, stored: pl.DataFrame, doubt: pl.Expr, level: pl.Expr) -> Arrays:
    by = [column for column in keys.columns if column != "difficulty"]
    rows = keys.join(stored, on=by, how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("doubt").fill_null(doubt), pl.col("level").fill_null(level))
    numbers = [column for column, kind in SCHEMAS[name].items() if column not in by and kind != pl.String]
    return {column: _array(column, rows[column]) for column in numbers}


def _array(name: str, column: pl.Series) -> Floats:
    if name.endswith("_at"):
        return np.append(_seconds(column), np.nan)
    start = np.nan if name in UNKNOWN else 0.0
    return np.append(column.cast(pl.Float64).fill_null(start).to_numpy(), start)


def _seconds(column: pl.Series) -> Floats:
    seconds: Floats = column.dt.timestamp("us").cast(pl.Float64).fill_null(np.nan).to_numpy() / MICROSECONDS
    return seconds


def _each_skill(asked: pl.DataFrame) -> pl.DataFrame:
    """row, column, person_id and skill_id of each skill of each row; the set, where there are several, comes last."""
    named = asked.select("person_id", "skills", row=pl.int_range(pl.len()))
    single = named.explode("skills").drop_nulls("skills").rename({"skills": "skill_id"})
    several = named.filter(pl.col("skills").list.len() > 1)
    return pl.concat(
        [
            single.select("row", pl.int_range(pl.len()).over("row").alias("column"), "person_id", "skill_id"),
            several.select(
                "row", pl.lit(_most(asked)).cast(pl.Int64).alias("column"), "person_id",
                skill_id=pl.col("skills").list.join(AND),
            ),
        ]
    )  # fmt: skip


def _most(asked: pl.DataFrame) -> int:
    """The most skills a row has; one where none has any."""
    return max(asked["skills"].list.len().to_list(), default=1) or 1


def _weights(asked: pl.DataFrame, paces: Paces) -> Floats:
    """One skill counts in full; of several, each counts a little and their set the most."""
    count = asked["skills"].list.len().cast(pl.Int64).to_numpy()[:, None]
    each = np.where(count > 1, paces.of_each / np.maximum(count, 1), 1.0)
    there = np.arange(_most(asked))[None, :] < count
    return np.column_stack([there * each, np.where(count > 1, paces.of_set, 0.0)])


def _numbered(keys: pl.DataFrame) -> tuple[Places, pl.DataFrame]:
    """The place of each row of `keys` among the different ones, and those, in order of appearance."""
    different = keys.unique(maintain_order=True).with_row_index("place")
    found = keys.join(different, on=keys.columns, how="left", maintain_order="left")
    return found["place"].cast(pl.Int64).to_numpy(), different.drop("place")


def _grid(each: pl.DataFrame, places: Places, shape: tuple[int, ...], *, last: int) -> Places:
    filled = np.full(shape, last, dtype=np.int64)
    filled[each["row"].to_numpy(), each["column"].to_numpy()] = places
    return filled
