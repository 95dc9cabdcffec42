"""Moving practice on: attempt by attempt for each person, all people side by side."""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from tactful.facts.additive import Floats
from tactful.facts.columns import series
from tactful.facts.practice.likeness import ALIKE, BASICS, alike, basics
from tactful.facts.practice.moving import move
from tactful.facts.practice.paces import PACES, Paces
from tactful.facts.practice.places import Arrays, Placed, Places, arrays, place
from tactful.facts.practice.standing import believe, stand
from tactful.facts.practice.tables import ASKED, SCHEMAS, Practice

_KEPT = ("person_id", "content_id", "difficulty", *ALIKE, *BASICS)
_STOOD = [name for name in ASKED if name not in _KEPT]


def advance(
    state: Practice, attempts: pl.DataFrame, *, paces: Paces = PACES, everybody: bool = True
) -> tuple[pl.DataFrame, Practice]:
    """How things stood just before each attempt (ASKED, in their order), and every row of the state they changed.

    attempts: columns of ATTEMPT, those of a person in the order in which they happened. Point in time: nothing that
    a person does later is read for any of their attempts. People are taken side by side, all first attempts before
    all second ones, so what content learns from others in the same call is not in the order of the clock; where
    that matters, call it for one stretch of time after the other, or with everybody=False. everybody: whether
    skills and content learn; where not, they stay as `state` has them. Rows of `state` that no attempt touches are
    not in the answer: see `merge`.

    >>> from tactful.facts.practice import ATTEMPT, nothing
    >>> one = pl.DataFrame([(7, "lesson", ["sums"], None, None, 1.0)] * 2, schema=ATTEMPT, orient="row")
    >>> before, after = advance(nothing(), one)
    >>> before["attempts"].to_list(), after.person["attempts"].to_list()
    ([0, 1], [2])
    """
    placed = place(attempts, paces)
    tables = arrays(placed, state, attempts, paces)
    stood = _moved(placed, tables, attempts, paces, everybody=everybody)
    return _asked(attempts, stood), _closed(placed, tables)


def carry(
    placed: Placed, state: Practice, attempts: pl.DataFrame, *, paces: Paces = PACES
) -> tuple[Mapping[str, pl.DataFrame], Practice]:
    """The rows of `skill` and `content` as they stood before `attempts`, and all rows after: row for row the same keys.

    placed: `place` of the attempts, whose `keys` are all that `state` must have. As `advance` otherwise.
    """
    tables = arrays(placed, state, attempts, paces)
    # Copied, because a frame may look at the very arrays that attempts will change.
    before = {
        name: _frame(name, getattr(placed.keys, name), {each: column.copy() for each, column in tables[name].items()})
        for name in ("skill", "content")
    }
    success = attempts["success"].cast(pl.Float64).to_numpy()
    for placed_now, rows, now in _in_rounds(placed):
        move(placed_now, tables, now, success[rows], believe(placed_now, tables, now), paces=paces, everybody=True)
    return before, _closed(placed, tables)


def look(
    state: Practice,
    questions: pl.DataFrame,
    *,
    paces: Paces = PACES,
    placed: Placed | None = None,
    topics: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """How things stand for each of `questions` (columns of QUESTION, in their order), as ASKED. Nothing changes.

    similar, a list of skills, content and topics that are alike, and basics, a list of skills that come before, may
    stand among the columns. placed: `place` of the
    questions, where somebody has it already. topics: person_id, topic_id, attempts and successes of topics.
    """
    placed = place(questions, paces) if placed is None else placed
    tables = arrays(placed, state, questions, paces)
    told = stand(placed, tables, np.arange(questions.height))
    if "similar" in questions.columns:
        questions = questions.hstack(alike(state, questions, topics))
    if "basics" in questions.columns:
        questions = questions.hstack(basics(state, questions))
    return _asked(questions, np.column_stack([told[name] for name in _STOOD]))


def merge(state: Practice, changed: Practice) -> Practice:
    """`state` with its rows replaced by those of `changed`, and new ones added."""
    merged = []
    for name, columns in SCHEMAS.items():
        keys = [column for column in columns if column.endswith("_id")]
        old, new = getattr(state, name), getattr(changed, name)
        merged.append(pl.concat([old.join(new.select(keys), on=keys, how="anti", maintain_order="left"), new]))
    return Practice(*merged)


def _moved(
    placed: Placed, tables: dict[str, Arrays], attempts: pl.DataFrame, paces: Paces, *, everybody: bool
) -> Floats:
    """Take `tables` past all attempts; how it stood just before each, a column for each of _STOOD."""
    success = attempts["success"].cast(pl.Float64).to_numpy()
    stood = np.full((attempts.height, len(_STOOD)), np.nan)
    for placed_now, rows, now in _in_rounds(placed):
        told = stand(placed_now, tables, now)
        stood[rows] = np.column_stack([told[name] for name in _STOOD])
        move(placed_now, tables, now, success[rows], told, paces=paces, everybody=everybody)
    return stood


def _in_rounds(placed: Placed) -> Iterator[tuple[Placed, Places, slice]]:
    """`placed` with the attempts of a round next to each other; for each round its rows, and where they are in that."""
    rounds = _rounds(placed.person)
    ordered, end = placed.ordered(np.concatenate([placed.person[:0], *rounds])), 0
    for rows in rounds:
        start, end = end, end + rows.size
        yield ordered, rows, slice(start, end)


def _rounds(person: Places) -> list[Places]:
    """Rows of everybody's first attempt, of their second, and so on."""
    order = np.argsort(person, kind="stable")
    ordered = person[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    number = np.arange(person.size) - np.repeat(starts, np.diff(np.append(starts, person.size)))
    by_number = np.argsort(number, kind="stable")
    return np.split(order[by_number], np.cumsum(np.bincount(number))[:-1]) if person.size else []


def _asked(asked: pl.DataFrame, stood: Floats) -> pl.DataFrame:
    told = [pl.Series(name, stood[:, at], nan_to_null=True) for at, name in enumerate(_STOOD)]
    frame = asked.select(name for name in _KEPT if name in asked.columns).hstack(told)
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in ASKED.items()
    )


def _closed(placed: Placed, tables: dict[str, Arrays]) -> Practice:
    names = [*placed.keys.skill["skill_id"].to_list()[:-1], None, None]
    topic = pl.Series("topic", [names[int(at)] for at in tables["person"]["topic"][:-1]], pl.String)
    named = placed.keys._replace(person=placed.keys.person.hstack([topic]))
    return Practice(*(_frame(name, getattr(named, name), tables[name]) for name in SCHEMAS))


def _frame(name: str, named: pl.DataFrame, table: Arrays) -> pl.DataFrame:
    """A table with what stands in `named` and the numbers of `table`, whose last row is nobody's."""
    texts = named.columns
    return pl.DataFrame(
        [named[each] if each in texts else series(each, table[each][:-1], kind) for each, kind in SCHEMAS[name].items()]
    )
