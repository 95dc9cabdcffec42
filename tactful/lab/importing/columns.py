"""From a chunk of a file to events, column by column: what is what, and what is wrong with a row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from tactful.kernel.clock import EARLIEST, FUTURE_ALLOWED
from tactful.kernel.errors import BadInput
from tactful.lab.importing.files import NUMBER, Chunk, Rejected
from tactful.lab.importing.times import instants
from tactful.sense.events import LONGEST_NAME, LONGEST_TEXT
from tactful.store.imports import LOG

# What JSON calls a number, within what a double can hold.
NUMERIC = r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?$"
CONTROL = r"[\x00-\x1f\x7f]"

# Properties that count as numbers, and between what.
MEASURED = {"score": (0, 1), "sentiment": (-1, 1), "seconds": (0, 86_400)}


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
    """Read a chunk as events. mark: stands before the row number in ids of files that have none.

    raises: BadInput naming the option whose column the file does not have.
    """
    rows = _complete(chunk, mapping)
    read = rows.select(*_subjects(mapping, mark), *_said(chunk, mapping))
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


def _complete(chunk: Chunk, mapping: Mapping) -> pl.DataFrame:
    rows = chunk.rows
    missing = {option: column for option, column in mapping.columns().items() if column not in rows.columns}
    if missing and not chunk.typed:
        option, column = next(iter(missing.items()))
        there = ", ".join(name for name in rows.columns if name != NUMBER)
        raise BadInput(f"The file has no column {column}; it has {there}.", fields=[option])
    # In JSON lines a key may be absent from every row of a chunk.
    return rows.with_columns(pl.lit(None, pl.String).alias(column) for column in set(missing.values()))


def _subjects(mapping: Mapping, mark: str) -> Iterator[pl.Expr]:
    yield pl.col(NUMBER).alias("number")
    yield _name(mapping.person).alias("person")
    yield (_name(mapping.id) if mapping.id else pl.format("{}:{}", pl.lit(mark), pl.col(NUMBER))).alias("id")
    yield (_name(mapping.kind_column) if mapping.kind_column else pl.lit(mapping.kind)).alias("kind")
    for name, column in (("content_id", mapping.content), ("skill_id", mapping.skill), ("topic", mapping.topic)):
        yield (_name(column) if column else pl.lit(None, pl.String)).alias(name)


def _name(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String, strict=False).str.strip_chars()
    return pl.when(text != "").then(text)


def _said(chunk: Chunk, mapping: Mapping) -> Iterator[pl.Expr]:
    texts = {name: _text(chunk, name) for name in mapping.properties}
    fragments = [
        pl.when(text.is_not_null()).then(pl.concat_str(pl.lit(_quoted(name) + ":"), text))
        for name, text in texts.items()
    ]
    inside = pl.concat_str(fragments, separator=",", ignore_nulls=True) if fragments else pl.lit("")
    yield pl.concat_str(pl.lit("{"), inside, pl.lit("}")).alias("properties")
    for name, (low, high) in MEASURED.items():
        yield _number(texts.get(name), low, high, also=texts.get("correct") if name == "score" else None).alias(name)
    kind = _name(mapping.kind_column) if mapping.kind_column else pl.lit(mapping.kind)
    ends = kind.str.ends_with("completed") | kind.str.ends_with("completion")
    told = texts.get("completed", pl.lit(None, pl.String))
    yield pl.coalesce(_flag(told), ends).alias("completed")
    longest = [pl.col(name).cast(pl.String, strict=False).str.len_chars() for name in mapping.properties]
    yield (pl.max_horizontal(longest) if longest else pl.lit(0)).alias("longest")


def _text(chunk: Chunk, name: str) -> pl.Expr:
    """A property as JSON text; null where it is absent. In CSV what looks like a number or a flag is one."""
    kind = chunk.rows.schema.get(name, pl.String())
    value = pl.col(name)
    if kind.is_numeric():
        finite = value.is_finite() if kind.is_float() else pl.lit(True)
        return pl.when(finite).then(value.cast(pl.String))
    if kind == pl.Boolean:
        return value.cast(pl.String)
    if kind.is_nested():
        return pl.struct(value.alias("v")).struct.json_encode().str.slice(5).str.head(-1)
    text = value.cast(pl.String)
    quoted = pl.struct(text.alias("v")).struct.json_encode().str.slice(5).str.head(-1)
    if chunk.typed:
        return pl.when(text.is_not_null()).then(quoted)
    flag = text.str.to_lowercase().is_in(["true", "false"])
    number = text.str.contains(NUMERIC)
    return pl.when(number).then(text).when(flag).then(text.str.to_lowercase()).when(text.is_not_null()).then(quoted)


def _quoted(name: str) -> str:
    return str(pl.DataFrame({"v": [name]}).select(pl.struct("v").struct.json_encode()).item())[5:-1]


def _number(text: pl.Expr | None, low: float, high: float, *, also: pl.Expr | None) -> pl.Expr:
    nothing = pl.lit(None, pl.Float64)
    number = nothing if text is None else text.cast(pl.Float64, strict=False)
    within = pl.when(number.is_between(low, high)).then(number)
    return within if also is None else pl.coalesce(within, _flag(also).cast(pl.Float64))


def _flag(text: pl.Expr) -> pl.Expr:
    return pl.when(text == "true").then(pl.lit(True)).when(text == "false").then(pl.lit(False))


def _problems(now: datetime) -> list[pl.Expr]:
    """What may be wrong with a row, the first that applies; null where nothing is."""

    def problem(when: pl.Expr, reason: str) -> pl.Expr:
        return pl.when(when).then(pl.lit(reason))

    names = ("person", "id", "kind", "content_id", "skill_id", "topic")
    at = pl.col("occurred_at")
    return [
        *(problem(pl.col(name).is_null(), f"{name} is empty") for name in ("person", "id", "kind")),
        *(problem(pl.col(name).str.len_chars() > LONGEST_NAME, f"{name} is too long") for name in names),
        *(problem(pl.col(name).str.contains(CONTROL), f"{name} has control characters") for name in names),
        pl.col("time_problem"),
        problem(~at.is_between(EARLIEST, now + FUTURE_ALLOWED), "time is not between 1970 and one day from now"),
        problem(pl.col("longest") > LONGEST_TEXT, "a property is too long"),
        problem(pl.col("properties").str.contains(r"\\u0000", literal=True), "a property has a NUL character"),
    ]


def _shown(rows: pl.DataFrame) -> Iterable[str]:
    return (
        rows.drop(NUMBER).select(pl.struct(pl.all()).struct.json_encode()).to_series().to_list() if rows.height else []
    )
