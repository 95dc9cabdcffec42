"""What is kept of answers so that forgetting can be told, brought up to date under the locks of their people.

Rows of people are read, moved on and written back. Sums over everybody are shared by people who are not locked here:
they are only ever added to, in order of their keys, so that groups never wait for each other in a circle.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl
from psycopg import sql

from tactful.facts.memories import ANSWER, FORM, SKILL, SKILL_SUMS, TOPIC, TOPIC_SUMS
from tactful.facts.remembering.state import State, carry
from tactful.facts.remembering.sums import Key, added
from tactful.store.literals import rows
from tactful.store.sensed.kept import Kept, parted, write
from tactful.store.steps import Say, Steps

# From this score on [0..1] an answer counts as right.
RIGHT = 0.5


SKILLS = Kept("person_memory", SKILL, ("person_id", "skill_id"))
TOPICS = Kept("person_topic", TOPIC, ("person_id", "topic_id"))
FORMS = Kept("person_form", FORM, ("person_id",))
SUMS = {
    "skill_id": Kept("skill_sums", SKILL_SUMS, ("organisation_id", "skill_id")),
    "topic_id": Kept("topic_sums", TOPIC_SUMS, ("organisation_id", "topic_id")),
}

# Who is erased takes their share along; in order of keys, as where it was added.
HOLD = """
SELECT count(*) FROM (SELECT 1 FROM {sums} s JOIN {rows} r USING (organisation_id, {key})
 WHERE r.person_id = %s ORDER BY s.organisation_id, s.{key} FOR UPDATE OF s) held
"""
GIVE_BACK = """
UPDATE {sums} s SET asked = s.asked - r.answers, surprise = s.surprise - coalesce(r.surprise, 0),
       first = s.first - (r.answers > 0)::int, first_hits = s.first_hits - coalesce(r.first_hit, 0)::bigint {more}
  FROM {rows} r
 WHERE r.person_id = %s AND s.organisation_id = r.organisation_id AND s.{key} = r.{key}
"""
# What nobody else was ever asked about goes with them, name and all.
EMPTIED = """
DELETE FROM {sums} s USING {rows} r
 WHERE r.person_id = %s AND s.organisation_id = r.organisation_id AND s.{key} = r.{key} AND s.asked <= 0
"""
LATER = ", later = s.later - greatest(r.answers - 2, 0), later_hits = s.later_hits - coalesce(r.later_hits, 0)"
GIVING = tuple(
    statement.format(**names)
    for names in (
        {"sums": "skill_sums", "rows": "person_memory", "key": "skill_id", "more": LATER},
        {"sums": "topic_sums", "rows": "person_topic", "key": "topic_id", "more": ""},
    )
    for statement in (HOLD, GIVE_BACK, EMPTIED)
)


def answers(attempts: pl.DataFrame) -> pl.DataFrame:
    """ANSWER of scored attempts, in the same order."""
    said = {
        "topic_id": pl.col("topic"),
        "at": pl.col("occurred_at"),
        "hit": pl.col("score") >= RIGHT,
        "rating": pl.lit(None),
    }
    return attempts.select(said.get(name, pl.col(name)).cast(kind).alias(name) for name, kind in ANSWER.items())


def follow(attempts: pl.DataFrame, newcomers: Sequence[int]) -> Steps[None]:
    """Take `attempts` (at least one; see `sensed.attempts`) into account. newcomers: of them nothing is there yet."""
    happened = answers(attempts)
    _, old = parted(happened, newcomers)
    before = State((yield from _read(SKILLS, old)), (yield from _read(TOPICS, old)), (yield from _read(FORMS, old)))
    after = carry(before, happened)
    whose = attempts.select("person_id", "organisation_id").unique("person_id")
    for kept, table in zip((SKILLS, TOPICS, FORMS), after, strict=True):
        yield from write(kept, table.join(whose, on="person_id", how="left", maintain_order="left"), newcomers)
    yield from _add("skill_id", added(before.skills, after.skills, "skill_id", whose))
    yield from _add("topic_id", added(before.topics, after.topics, "topic_id", whose))


def give_back(person_id: int) -> Steps[None]:
    """Take one person's answers off the sums; they must be locked, and their rows deleted in the same transaction."""
    for statement in GIVING:
        yield Say(statement, (person_id,))


def _read(kept: Kept, happened: pl.DataFrame) -> Steps[pl.DataFrame]:
    wanted = happened.lazy().select(kept.keys).drop_nulls().unique().collect() if happened.height else happened
    found: list[dict[str, Any]] = []
    if wanted.height:
        arrays = ", ".join("%s::bigint[]" if name == "person_id" else "%s::text[]" for name in kept.keys)
        keys = ", ".join(kept.keys)
        statement = (
            f"SELECT {', '.join(kept.kinds)} FROM {kept.table} JOIN unnest({arrays}) AS w ({keys}) USING ({keys})"
        )
        found = yield Say(statement, tuple(wanted[name].to_list() for name in kept.keys))
    return pl.DataFrame(found, schema=dict(kept.kinds), orient="row")


def _add(key: Key, sums: pl.DataFrame) -> Steps[None]:
    if sums.is_empty():
        return
    kept = SUMS[key]
    names, keys = ", ".join(kept.kinds), ", ".join(kept.keys)
    more = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in kept.kinds if name not in kept.keys)
    statement = f"""INSERT INTO {kept.table} AS t ({names}) SELECT {names} FROM {{more}} ORDER BY {keys}
                    ON CONFLICT ({keys}) DO UPDATE SET {more}"""
    yield Say(sql.SQL(statement).format(more=rows(sums, "w")))
