"""What scored attempts do to the state kept of people and skills, under the locks of their people.

Each state has one pure definition of how it moves on (`facts.curves.advance`, `facts.remembering.state.advance`,
`facts.practice.carry`); here its rows are read, moved on and written back. A group of events without a scored attempt
costs nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
from psycopg import sql

from tactful.facts.curves import ATTEMPT, CURVE, KEY, advance
from tactful.facts.moments import INSTANT
from tactful.store.copying import pour
from tactful.store.decided import struggles
from tactful.store.literals import listed, rows
from tactful.store.sensed import memories, practice
from tactful.store.sensed.kept import parted
from tactful.store.sensed.sums import with_wall_clock
from tactful.store.steps import Say, Steps

# ATTEMPT, and what else an attempt says.
SCORED = {**ATTEMPT, "content_id": pl.String, "occurred_at": INSTANT, "seconds": pl.Float64}

NAMES = ", ".join(CURVE)
STANDS = f"""
SELECT {NAMES} FROM skill_curve
  JOIN unnest(%s::bigint[], %s::text[]) AS w (person_id, skill_id) USING (person_id, skill_id)
"""
# Lists travel as text, because arrays of arrays would be flattened.
LISTS = {"sums": "double precision[]", "days": "int[]"}
MOVED = ", ".join(f"{name}::{LISTS[name]}" if name in LISTS else name for name in CURVE)
CHANGED = ", ".join(name for name in CURVE if name not in KEY)
WRITE = f"""
INSERT INTO skill_curve AS c ({NAMES}, changed_at) SELECT {MOVED}, {{now}} FROM {{moved}}
    ON CONFLICT (person_id, skill_id) DO UPDATE
   SET ({CHANGED}, changed_at) = ({", ".join(f"excluded.{name}" for name in CHANGED.split(", "))}, excluded.changed_at)
"""


def attempts(group: pl.DataFrame) -> pl.DataFrame:
    """The scored attempts (SCORED) in a GROUP of `counting`, in order of people and time; of two at once, by id.

    An attempt is at a skill, at content, or at both.
    """
    named = pl.col("skill_id").is_not_null() | pl.col("content_id").is_not_null()
    scored = group.filter(named & pl.col("score").is_not_null())
    if scored.is_empty():
        return pl.DataFrame(schema=SCORED)
    told = with_wall_clock(scored).with_columns(pl.col("local").dt.date().alias("day"))
    return told.sort("person_id", "occurred_at", "id").select(*SCORED)


def follow(happened: pl.DataFrame, newcomers: Sequence[int], now: datetime) -> Steps[None]:
    """Bring the state of everybody in `happened` (see `attempts`) up to date; they must be locked.

    newcomers: people of whom nothing can be there yet.
    """
    if happened.is_empty():
        return
    skilled = happened.filter(pl.col("skill_id").is_not_null())
    if not skilled.is_empty():
        yield from _follow_skills(skilled, newcomers, now)
    yield from struggles.close(happened)
    yield from practice.follow(happened, newcomers)


def _follow_skills(happened: pl.DataFrame, newcomers: Sequence[int], now: datetime) -> Steps[None]:
    moved = advance((yield from _curves(happened, newcomers)), happened.select(*ATTEMPT))
    first, more = parted(moved.with_columns(listed(name) for name in LISTS), newcomers)
    if not first.is_empty():
        yield pour("skill_curve", first.with_columns(changed_at=pl.lit(now.isoformat())))
    if not more.is_empty():
        yield Say(sql.SQL(WRITE).format(now=sql.Literal(now), moved=rows(more, "w")))
    yield from memories.follow(happened, newcomers)


def _curves(happened: pl.DataFrame, newcomers: Sequence[int]) -> Steps[pl.DataFrame]:
    _, old = parted(happened, newcomers)
    pairs = old.lazy().select(KEY).unique().collect()
    found: list[dict[str, Any]] = []
    if pairs.height:
        found = yield Say(STANDS, tuple(pairs[name].to_list() for name in KEY))
    return pl.DataFrame(found, schema=CURVE, orient="row")
