"""What is kept of practice, brought up to date with every attempt under the locks of its people.

Rows of people are read, moved on and written back. What skills and content are like is shared by people who are not
locked here: it is only ever added to, in order of keys and last of all, so that groups never wait for each other in a
circle and nothing that two of them bring at once is lost.
"""

from collections.abc import Mapping, Sequence

import polars as pl
from polars._typing import PolarsDataType
from psycopg import sql

from tactful.facts.practice import ATTEMPT, PERSON, PERSON_CONTENT, PERSON_SKILL, Practice, added, carry, place
from tactful.facts.practice.tables import AND
from tactful.store.literals import rows
from tactful.store.sensed import practised
from tactful.store.sensed.kept import Kept, write
from tactful.store.steps import Say, Steps

OWN = {
    "person": Kept("practice_person", PERSON, ("person_id",)),
    "person_skill": Kept("practice_person_skill", PERSON_SKILL, ("person_id", "skill_id")),
    "person_content": Kept("practice_person_content", PERSON_CONTENT, ("person_id", "content_id")),
}
DESCRIBED = """
SELECT organisation_id, id AS content_id, difficulty, skills AS described
  FROM content JOIN unnest(%s::bigint[], %s::text[]) AS w (organisation_id, id) USING (organisation_id, id)
"""
CONTENT: dict[str, PolarsDataType] = {
    "organisation_id": pl.Int64, "content_id": pl.String, "difficulty": pl.Float64, "described": pl.List(pl.String),
}  # fmt: skip
ADD = """
INSERT INTO {table} AS t ({names}) SELECT {names} FROM {more} ORDER BY organisation_id, {key}
    ON CONFLICT (organisation_id, {key}) DO UPDATE
   SET attempts = t.attempts + excluded.attempts, successes = t.successes + excluded.successes,
       pulled = t.pulled + excluded.pulled, certainty = t.certainty + excluded.certainty {last}
"""
# What attempts were said to be about, the last time; content has it, skills are it.
LAST = ", skill_id = coalesce(excluded.skill_id, t.skill_id)"

# Who is erased takes their attempts along, in order of keys, as where they were added. What was learned from them
# about skills and content stays as long as others have tried them: then it is about nobody.
HOLD = """
WITH theirs AS ({theirs})
SELECT count(*) FROM (SELECT 1 FROM {table} t JOIN theirs USING (organisation_id, {key})
 ORDER BY t.organisation_id, t.{key} FOR UPDATE OF t) held
"""
GIVE_BACK = """
WITH theirs AS ({theirs})
UPDATE {table} t SET attempts = t.attempts - r.attempts, successes = t.successes - r.successes
  FROM theirs r WHERE t.organisation_id = r.organisation_id AND t.{key} = r.{key}
"""
# Under no name stands what the organisation has learned of all.
EMPTIED = """
WITH theirs AS ({theirs})
DELETE FROM {table} t USING theirs r
 WHERE t.organisation_id = r.organisation_id AND t.{key} = r.{key} AND t.{key} <> '' AND t.attempts <= 0
"""
SKILLS = """
SELECT organisation_id, skill_id, attempts, successes FROM practice_person_skill WHERE person_id = %(person)s
 UNION ALL SELECT organisation_id, '', attempts, successes FROM practice_person WHERE person_id = %(person)s
"""
CONTENTS = "SELECT * FROM practice_person_content WHERE person_id = %(person)s"
GIVING = tuple(
    statement.format(table=table, key=key, theirs=theirs)
    for table, key, theirs in (("practice_skill", "skill_id", SKILLS), ("practice_content", "content_id", CONTENTS))
    for statement in (HOLD, GIVE_BACK, EMPTIED)
)


def follow(attempts: pl.DataFrame, newcomers: Sequence[int]) -> Steps[None]:
    """Take `attempts` (at least one; see `sensed.attempts`) into account. newcomers: of them nothing is there yet."""
    made = yield from _told(attempts)
    parts = {int(owner): part for (owner,), part in made.partition_by("organisation_id", as_dict=True).items()}
    placed = {owner: place(part) for owner, part in parts.items()}
    known = yield from practised.read(placed, newcomers=newcomers)
    moved = {owner: carry(placed[owner], known.state[owner], part) for owner, part in parts.items()}
    for name, kept in OWN.items():
        yield from write(
            kept, _owned({owner: _named(getattr(after, name)) for owner, (_, after) in moved.items()}), newcomers
        )
    yield from _share(moved, made)


def give_back(person_id: int) -> Steps[None]:
    """Take one person's attempts off what is shared; they must be locked, and their rows deleted right after."""
    for statement in GIVING:
        yield Say(statement, {"person": person_id})


def _told(attempts: pl.DataFrame) -> Steps[pl.DataFrame]:
    keys = attempts.lazy().select("organisation_id", "content_id").drop_nulls().unique().collect()
    found = (yield Say(DESCRIBED, [column.to_list() for column in keys.get_columns()])) if keys.height else []
    return told(attempts, pl.DataFrame(found, schema=CONTENT, orient="row"))


def told(attempts: pl.DataFrame, described: pl.DataFrame) -> pl.DataFrame:
    """ATTEMPT with organisation_id and skill_id, in order. Content that is not named is new each time.

    described: CONTENT, as organisations describe theirs; content they do not describe is about the attempt's skill.
    """
    own = pl.concat_list("skill_id").list.drop_nulls()
    by = ["organisation_id", "content_id"]
    frame = attempts.lazy().join(described.lazy(), on=by, how="left", maintain_order="left")
    made = frame.with_row_index("number").select(
        "organisation_id",
        "skill_id",
        "person_id",
        pl.coalesce("content_id", pl.lit(AND) + pl.col("number").cast(pl.String)).alias("content_id"),
        pl.when(pl.col("described").list.len() > 0).then("described").otherwise(own).alias("skills"),
        pl.col("occurred_at").alias("at"),
        "difficulty",
        pl.col("score").alias("success"),
    )
    return made.select(
        "organisation_id", "skill_id", *(pl.col(name).cast(kind) for name, kind in ATTEMPT.items())
    ).collect()


def _share(moved: Mapping[int, tuple[Mapping[str, pl.DataFrame], Practice]], made: pl.DataFrame) -> Steps[None]:
    skills, contents = (
        _owned({owner: _named(added(before[name], getattr(after, name)))
                for owner, (before, after) in moved.items()})
        for name in ("skill", "content")
    )  # fmt: skip
    about = made.drop_nulls("skill_id").unique(["organisation_id", "content_id"], keep="last")
    by = ["organisation_id", "content_id"]
    contents = contents.join(about.select(*by, "skill_id"), on=by, how="left", maintain_order="left")
    yield from _add("practice_skill", "skill_id", skills)
    yield from _add("practice_content", "content_id", contents, last=LAST)


def _add(table: str, key: str, more: pl.DataFrame, *, last: str = "") -> Steps[None]:
    if more.is_empty():
        return
    statement = ADD.replace("{table}", table).replace("{key}", key).replace("{last}", last)
    yield Say(sql.SQL(statement.replace("{names}", ", ".join(more.columns))).format(more=rows(more, "w")))


def _owned(parts: Mapping[int, pl.DataFrame]) -> pl.DataFrame:
    owner = pl.lit
    return pl.concat(
        part.with_columns(owner(whose, pl.Int64).alias("organisation_id")) for whose, part in parts.items()
    )


def _named(table: pl.DataFrame) -> pl.DataFrame:
    """Without content that has no name."""
    return table.filter(~pl.col("content_id").str.starts_with(AND)) if "content_id" in table.columns else table
