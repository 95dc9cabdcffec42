"""From a chunk of a file to events, column by column: what is what, and what is wrong with a row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from tactful.facts import zones
from tactful.kernel.clock import EARLIEST, FUTURE_ALLOWED
from tactful.kernel.errors import BadInput
from tactful.lab.importing import values
from tactful.lab.importing.files import NUMBER, Chunk, Rejected
from tactful.lab.importing.properties import said
from tactful.lab.importing.times import instants
from tactful.sense import limits
from tactful.sense.limits import CONTROL, KEY, LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT, MOST_PROPERTIES
from tactful.store.sensed.imports import LOG


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column says what. kind: said of every event where no column does; zone: for times without one."""

    person: str
    time: str
    kind: str = "event"
    kind_column: str | None = None
    id: str | None = None
    content: str | None = None
    skill: str | None = None
    topic: str | None = None
    properties: tuple[str, ...] = ()
    zone: str | None = None

    def columns(self) -> dict[str, str]:
        """Every column that is needed, by the option that names it."""
        named = {
            "person": self.person,
            "time": self.time,
            "kind-column": self.kind_column,
            "id": self.id,
            "content": self.content,
            "skill": self.skill,
            "topic": self.topic,
        }
        found = {option: column for option, column in named.items() if column is not None}
        return found | {f"property {name}": name for name in self.properties}


@dataclass(slots=True)
class Sorted:
    """Events of a chunk as LOG, and the rows that were not taken."""

    log: pl.DataFrame
    rejected: list[Rejected] = field(default_factory=list)


def sort_out(chunk: Chunk, mapping: Mapping, *, mark: str, now: datetime) -> Sorted:
    """Read a chunk as events. mark: stands before the row number in ids of files that have none."""
    rows = _complete(chunk.rows, mapping)
    read = rows.select(
        *_subjects(mapping, mark, rows.schema),
        _misnamed(mapping, rows.schema),
        *said(chunk, mapping.properties, _kind(mapping, rows.schema)),
    )
    at, unread = instants(rows[mapping.time], mapping.zone)
    read = read.with_columns(at.alias("occurred_at"), unread.alias("time_problem"))
    wrong = read.select(pl.coalesce(_problems(now))).to_series()
    rejected = [
        Rejected(number, reason, text)
        for number, reason, text in zip(
            read.filter(wrong.is_not_null())["number"],
            wrong.drop_nulls(),
            _shown(rows.filter(wrong.is_not_null())),
            strict=True,
        )
    ]
    return Sorted(
        read.filter(wrong.is_null()).select(*LOG), sorted([*chunk.broken, *rejected], key=lambda one: one.number)
    )


def fit(mapping: Mapping, there: Sequence[str] | None) -> None:
    """Whether a mapping fits a file with these columns. there: None where each row names its own.

    raises: BadInput naming the option whose word could not be what it is for, or whose column is not there.
    """
    limits.key(mapping.kind, "kind")
    if mapping.zone is not None and not zones.known(mapping.zone):
        raise BadInput(f"{mapping.zone} is not a time zone; use an IANA name like Europe/Lisbon.", fields=["zone"])
    if len(mapping.properties) > MOST_PROPERTIES:
        raise BadInput(f"An event has up to {MOST_PROPERTIES} properties; name fewer.", fields=["property"])
    for name in mapping.properties:
        limits.key(name, f"property {name}")
    for option, column in mapping.columns().items():
        if there is not None and column not in there:
            raise BadInput(f"The file has no column {column}; it has {', '.join(there)}.", fields=[option])


def _complete(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    # In JSON lines a key may be absent from every row of a chunk.
    missing = set(mapping.columns().values()).difference(rows.columns)
    return rows.with_columns(pl.lit(None, pl.String).alias(column) for column in missing)


def _subjects(mapping: Mapping, mark: str, schema: pl.Schema) -> Iterator[pl.Expr]:
    yield pl.col(NUMBER).alias("number")
    yield _name(mapping.person, schema).alias("person")
    made = pl.format("{}:{}", pl.lit(mark), pl.col(NUMBER))
    yield (_name(mapping.id, schema) if mapping.id else made).alias("id")
    yield _kind(mapping, schema).alias("kind")
    for name, column in (("content_id", mapping.content), ("skill_id", mapping.skill), ("topic", mapping.topic)):
        yield (_name(column, schema) if column else pl.lit(None, pl.String)).alias(name)


def _misnamed(mapping: Mapping, schema: pl.Schema) -> pl.Expr:
    """Why what should be an id or a name is none, as over HTTP; null where all are."""
    named = {
        "person": mapping.person,
        "id": mapping.id,
        "kind": mapping.kind_column,
        "content_id": mapping.content,
        "skill_id": mapping.skill,
        "topic": mapping.topic,
    }
    reasons = [pl.lit(None, pl.String)]
    for name, column in named.items():
        if column is not None:
            sort = values.sort(schema, column)
            wrong = pl.col(column).is_not_null() & ~sort.is_in(values.NAMES)
            reasons.append(pl.when(wrong).then(pl.format(f"{name} is {{}}; it must be text or a whole number", sort)))
    return pl.coalesce(reasons).alias("misnamed")


def _kind(mapping: Mapping, schema: pl.Schema) -> pl.Expr:
    return _name(mapping.kind_column, schema) if mapping.kind_column else pl.lit(mapping.kind)


def _name(column: str, schema: pl.Schema) -> pl.Expr:
    if schema[column].is_nested():
        return pl.lit(None, pl.String)
    text = pl.col(column).cast(pl.String, strict=False).str.strip_chars()
    return pl.when(text != "").then(text)


def _problems(now: datetime) -> list[pl.Expr]:
    """What may be wrong with a row, the first that applies; null where nothing is."""

    def problem(when: pl.Expr, reason: str) -> pl.Expr:
        return pl.when(when).then(pl.lit(reason))

    names = ("person", "id", "kind", "content_id", "skill_id", "topic")
    at = pl.col("occurred_at")
    return [
        pl.col("misnamed"),
        *(problem(pl.col(name).is_null(), f"{name} is empty") for name in ("person", "id", "kind")),
        *(problem(pl.col(name).str.len_chars() > LONGEST_NAME, f"{name} is too long") for name in names),
        *(problem(pl.col(name).str.contains(CONTROL), f"{name} has control characters") for name in names),
        problem(~_is_key(pl.col("kind")), f"kind is not {limits.told_of_keys()}"),
        pl.col("time_problem"),
        problem(~at.is_between(EARLIEST, now + FUTURE_ALLOWED), "time is not between 1970 and one day from now"),
        problem(pl.col("longest") > LONGEST_TEXT, "a property is too long"),
        pl.col("unfit"),
        problem(pl.col("properties").str.contains(r"\\u0000", literal=True), "a property has a NUL character"),
    ]


def _is_key(text: pl.Expr) -> pl.Expr:
    return text.str.contains(KEY) & (text.str.len_chars() <= LONGEST_KEY)


def _shown(rows: pl.DataFrame) -> Iterable[str]:
    if rows.is_empty():
        return []
    return rows.select(pl.struct(values.own(rows.columns)).struct.json_encode()).to_series().to_list()
