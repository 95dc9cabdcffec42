"""What is kept of practice, read for anybody in one statement: rows of five tables, one under the other."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.practice import SCHEMAS, Placed, Practice
from tactful.facts.practice.shares import DOUBT, LEVEL
from tactful.facts.practice.tables import INSTANT
from tactful.store.steps import Say, Steps

# Of what somebody did about a topic, and of their mood.
TOPICS: dict[str, PolarsDataType] = {
    "person_id": pl.Int64, "topic_id": pl.String, "attempts": pl.Int32, "successes": pl.Float64,
}  # fmt: skip
MOOD: dict[str, PolarsDataType] = {
    "person_id": pl.Int64, "sentiment_sum_7": pl.Float64, "sentiment_count_7": pl.Int64,
}  # fmt: skip
PARTS: dict[str, Mapping[str, PolarsDataType]] = {**SCHEMAS, "topic": TOPICS, "mood": MOOD}
READ: dict[str, PolarsDataType] = {"part": pl.String, "organisation_id": pl.Int64} | {
    name: kind for columns in PARTS.values() for name, kind in columns.items()
}
SQL: Mapping[PolarsDataType, str] = {
    pl.Int32: "int", pl.Int64: "bigint", pl.Float64: "float8", pl.String: "text", INSTANT: "timestamptz",
}  # fmt: skip
# Where a part is not a column of its table as it stands.
SHARED = {"attempts": "least(attempts, 2147483647)::int", "level": LEVEL, "doubt": DOUBT}
TOPIC = {"attempts": "answers", "successes": "hits::float8"}


class Known(NamedTuple):
    """The state of each organisation, by our id; columns of TOPICS and MOOD."""

    state: Mapping[int, Practice]
    topics: pl.DataFrame
    mood: pl.DataFrame


def _select(part: str, table: str, *, own: Mapping[str, str] | None = None, owner: str = "NULL") -> str:
    told = {name: (own or {}).get(name, name) if name in PARTS[part] else "NULL" for name in READ}
    told |= {"part": f"'{part}'", "organisation_id": owner}
    return f"SELECT {', '.join(f'{each}::{SQL[READ[name]]} AS {name}' for name, each in told.items())} FROM {table}"


def _named(table: str, *keys: str) -> str:
    arrays = ", ".join(
        "%s::text[]" if name in ("skill_id", "content_id", "topic_id") else "%s::bigint[]" for name in keys
    )
    names = ", ".join(keys)
    return f"{table} JOIN unnest({arrays}) AS w ({names}) USING ({names})"


STATE = " UNION ALL ".join(
    (
        _select("person", _named("practice_person", "person_id")),
        _select("person_skill", _named("practice_person_skill", "person_id", "skill_id")),
        _select("person_content", _named("practice_person_content", "person_id", "content_id")),
        *(
            _select(
                each, _named(f"practice_{each}", "organisation_id", f"{each}_id"), own=SHARED, owner="organisation_id"
            )
            for each in ("skill", "content")
        ),
    )
)
ABOUT_TOPICS = _select("topic", _named("person_topic", "person_id", "topic_id"), own=TOPIC)
IN_MOOD = _select("mood", "({mood}) f")


def read(
    placed: Mapping[int, Placed],
    *,
    newcomers: Sequence[int] = (),
    similar: pl.DataFrame | None = None,
    basics: pl.DataFrame | None = None,
    mood: tuple[str, Sequence[Any]] | None = None,
) -> Steps[Known]:
    """All that is kept for what `placed` touches, by organisation (our id).

    newcomers: people of whom nothing can be there yet. similar: person_id and name, of skills, content and topics
    whose attempts are asked for, too; basics: the same, of skills alone. mood: a statement that answers
    MOOD, with its values.
    """
    theirs = [pl.concat(getattr(each.keys, name) for each in placed.values()) for name in list(SCHEMAS)[:3]]
    if newcomers:
        old = pl.col("person_id").is_in(list(newcomers)).not_()
        theirs = [each.filter(old) for each in theirs]
    if similar is not None:
        names = similar.select("person_id", "name")
        theirs[1:] = [pl.concat([keys, names.rename({"name": keys.columns[1]})]).unique() for keys in theirs[1:]]
    if basics is not None:
        theirs[1] = pl.concat([theirs[1], basics.rename({"name": "skill_id"}).select(theirs[1].columns)]).unique()
    shared = [
        pl.concat(getattr(each.keys, name).select(pl.lit(owner, pl.Int64).alias("organisation_id"), pl.all())
                  for owner, each in placed.items())
        for name in ("skill", "content")
    ]  # fmt: skip
    statement, values = STATE, _arrays([*theirs, *shared])
    if similar is not None:
        statement, values = f"{statement} UNION ALL {ABOUT_TOPICS}", [*values, *_arrays([names])]
    if mood is not None:
        statement, values = f"{statement} UNION ALL {IN_MOOD.format(mood=mood[0])}", [*values, *mood[1]]
    found = yield Say(statement, values)
    return _known(pl.DataFrame(found, schema=READ, orient="row"), placed)


def _arrays(keys: Iterable[pl.DataFrame]) -> list[list[Any]]:
    return [column.to_list() for frame in keys for column in frame.get_columns()]


def _known(found: pl.DataFrame, placed: Iterable[int]) -> Known:
    # Cut by hand: a query for each part would cost a single question as much as all else here.
    parts = found.partition_by("part", "organisation_id", as_dict=True)

    def told(name: str, owner: int | None = None) -> pl.DataFrame:
        rows = parts.get((name, owner), found[:0])
        return pl.DataFrame([rows.get_column(each) for each in PARTS[name]])

    person, skill, content = (told(name) for name in list(SCHEMAS)[:3])
    state = {owner: Practice(person, skill, content, told("skill", owner), told("content", owner)) for owner in placed}
    return Known(state, told("topic"), told("mood"))
