"""How what is kept of answers moves on with them: one group of events, or a whole log, in the same few lines.

A skill's row needs how many answers its person gave before, a person's row what became of the skill; so skills and
topics go first. Point in time: a row of `before` knows what happened before it, and nothing of its own answer.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats
from tactful.facts.memories import FORM, SKILL, STOOD, TOPIC, empty
from tactful.facts.numbered import Places, numbered
from tactful.facts.remembering import form, memory, steps
from tactful.facts.remembering.columns import columns, table
from tactful.facts.remembering.expected import expected
from tactful.facts.rounds import Columns, Step, in_rounds, running

Kinds = Mapping[str, PolarsDataType]

# Nobody answers faster [s].
LEAST_SECONDS = 0.5


class State(NamedTuple):
    """Rows of facts.memories: SKILL, TOPIC and FORM, each key once."""

    skills: pl.DataFrame = empty(SKILL)
    topics: pl.DataFrame = empty(TOPIC)
    forms: pl.DataFrame = empty(FORM)


def advance(state: State, happened: pl.DataFrame) -> tuple[pl.DataFrame, State]:
    """What stood behind each answer, and the rows as they are after all of them.

    state: rows of everybody in `happened`, as far as there are any. happened: ANSWER, each person's rows in order;
    topic_id, at, rating and seconds may be null. Returns a row of STOOD for each of `happened`, and those rows of
    the tables that changed: of skills, topics and people without an answer there is none.
    """
    moved = _moved(state, happened)
    return _side_by_side(*moved, happened["topic_id"].is_not_null()), _tables(*moved, happened)


def carry(state: State, happened: pl.DataFrame) -> State:
    """As `advance`, for whoever need not know what stood behind each answer."""
    return _tables(*_moved(state, happened), happened)


def _moved(state: State, happened: pl.DataFrame) -> "tuple[_Rows, _Rows, _Rows]":
    """The rows of skills, topics and people, past all answers."""
    people = _Rows.of(happened, ("person_id",), state.forms, FORM, form.NEW_FORM)
    skills = _Rows.of(happened, ("person_id", "skill_id"), state.skills, SKILL, steps.NEW_SKILL)
    inside = happened["topic_id"].is_not_null()
    topics = _Rows.of(happened.filter(inside), ("person_id", "topic_id"), state.topics, TOPIC, steps.NEW_TOPIC)
    answer = _answers(happened)
    answer["answer"] = running(people.keys, people.columns["answers"], np.ones(happened.height))[0]

    skills.move(answer, steps.skill)
    topics.move({name: column[inside.to_numpy()] for name, column in answer.items()}, steps.topic)
    people.move(answer | form.met(skills.before, answer), form.form)
    more = answer["hit"] - expected(skills.before, people.before, answer["at"])
    skills.add("surprise", more)
    topics.add("surprise", more[inside.to_numpy()])
    return skills, topics, people


def _tables(skills: "_Rows", topics: "_Rows", people: "_Rows", happened: pl.DataFrame) -> State:
    return State(_with_topics(skills.table(), happened), topics.table(), people.table())


class _Rows:
    """Rows of one table that a group of answers moves on. keys: which of them each answer is about."""

    def __init__(self, names: pl.DataFrame, kinds: Kinds, rows: Columns, keys: Places) -> None:
        self.names, self.kinds, self.columns, self.keys = names, kinds, rows, keys
        self.before: Columns = {}

    @classmethod
    def of(
        cls, happened: pl.DataFrame, by: tuple[str, ...], kept: pl.DataFrame, kinds: Kinds, new: Mapping[str, float]
    ) -> "_Rows":
        """The rows of `kept` that `happened` is about; `new` ones where there are none yet."""
        asked = pl.DataFrame([happened[name] for name in by])
        keys, first = numbered(asked)
        found = asked[first].join(kept, on=by, how="left", maintain_order="left")
        texts = pl.DataFrame([found[name] for name, kind in kinds.items() if name in by or kind == pl.String])
        kept_so_far = columns(pl.DataFrame([found[name] for name in kinds if name not in by])).items()
        rows = {name: np.where(np.isnan(column), new.get(name, np.nan), column) for name, column in kept_so_far}
        return cls(texts, kinds, rows, keys)

    def move(self, happened: Columns, step: Step) -> None:
        """Take every answer in turn."""
        self.before, self.columns = in_rounds(self.keys, self.columns, happened, step)

    def add(self, name: str, amount: Floats) -> None:
        """A sum that every answer adds to."""
        self.before[name], self.columns[name] = running(self.keys, self.columns[name], amount)

    def table(self) -> pl.DataFrame:
        """The rows as they are now."""
        rest = {name: kind for name, kind in self.kinds.items() if name in self.columns}
        made = table(self.columns, rest)
        return pl.DataFrame([(made if name in rest else self.names)[name] for name in self.kinds])


def _answers(happened: pl.DataFrame) -> Columns:
    rating = pl.coalesce("rating", pl.when(pl.col("hit") > 0).then(memory.GOOD).otherwise(memory.AGAIN))
    pace = pl.col("seconds").clip(LEAST_SECONDS).log()
    return columns(happened.select("at", "hit", rating=rating.clip(memory.AGAIN, memory.EASY).round(), pace=pace))


def _side_by_side(skills: _Rows, topics: _Rows, people: _Rows, inside: pl.Series) -> pl.DataFrame:
    within = inside.to_numpy()
    topic = {name: _spread(column, within) for name, column in topics.before.items()}
    sides = {"skill": skills.before, "topic": topic, "form": people.before}
    made = {f"{side}_{name}": column for side, rows in sides.items() for name, column in rows.items()}
    return table(made, STOOD)


def _with_topics(skills: pl.DataFrame, happened: pl.DataFrame) -> pl.DataFrame:
    """The topic that was last named for each skill."""
    if happened["topic_id"].null_count() == happened.height:
        return skills
    named = happened.group_by("person_id", "skill_id").agg(pl.col("topic_id").drop_nulls().last().alias("said"))
    joined = skills.join(named, on=["person_id", "skill_id"], how="left", maintain_order="left")
    return joined.with_columns(topic_id=pl.coalesce("said", "topic_id")).drop("said")


def _spread(column: Floats, rows: NDArray[np.bool_]) -> Floats:
    spread = np.full(rows.size, np.nan)
    spread[rows] = column
    return spread
