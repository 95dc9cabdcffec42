"""Reading a log: any of three formats into the columns of an event, with a reason for each row that does not fit."""

import argparse
import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tactful.facts.zones import known
from tactful.kernel.clock import EARLIEST, FUTURE_ALLOWED
from tactful.kernel.errors import BadInput

LONGEST = 255
INSTANT = pl.Datetime("us", "UTC")
# Unix times above this are milliseconds; as seconds it would be the year 5138.
MILLISECONDS = 1e11


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of the file is what."""

    person: str
    time: str
    zone: str | None
    id: str | None
    kind: str
    kind_column: str | None
    content: str | None
    skill: str | None
    topic: str | None
    properties: tuple[str, ...]

    @classmethod
    def from_arguments(cls, given: argparse.Namespace) -> "Columns":
        """The mapping that the command line names. raises: BadInput for an unknown zone."""
        if given.zone and not known(given.zone):
            raise BadInput(f"{given.zone} is not a time zone; write it like Europe/Berlin.", fields=["zone"])
        return cls(
            given.person, given.time, given.zone, given.id, given.kind, given.kind_column,
            given.content, given.skill, given.topic, tuple(given.property),
        )  # fmt: skip

    def named(self) -> list[str]:
        """Every column that must be there."""
        single = [self.person, self.time, self.id, self.kind_column, self.content, self.skill, self.topic]
        return [name for name in [*single, *self.properties] if name]


def read(source: Path) -> pl.DataFrame:
    """The file as a frame. raises: BadInput when it cannot be read as what its name says."""
    name = source.name.removesuffix(".gz")
    try:
        if name.endswith(".csv"):
            return pl.read_csv(source, infer_schema=False)
        if name.endswith((".jsonl", ".ndjson")):
            raw = gzip.decompress(source.read_bytes()) if source.name.endswith(".gz") else source.read_bytes()
            return pl.read_ndjson(raw)
        if name.endswith(".parquet"):
            return pl.read_parquet(source)
    except (pl.exceptions.PolarsError, OSError, EOFError) as error:
        raise BadInput(f"{source} cannot be read: {error}", fields=["file"]) from None
    raise BadInput(f"{source.name} must end in .csv, .jsonl (both also .gz) or .parquet.", fields=["file"])


def checked(raw: pl.DataFrame, columns: Columns, *, mark: str, now: datetime) -> pl.DataFrame:
    """The rows in the columns that counting wants (without the person's), each with a `reason` or null.

    mark: fingerprint of the file; a row's own id is made from it and the row's number. A column
    that is missing is an error for the whole file.
    """
    missing = [name for name in columns.named() if name not in raw.columns]
    if missing:
        raise BadInput(f"The file has no column {missing[0]}; it has {', '.join(raw.columns)}.", fields=[missing[0]])
    rows = raw.with_row_index("number", offset=1).with_columns(_time(raw, columns).alias("occurred_at"))
    text = rows.select(
        pl.col("number").cast(pl.Int64),
        _text(columns.person).alias("person"),
        pl.col(columns.time).cast(pl.String).alias("at_text"),
        "occurred_at",
        (_text(columns.id) if columns.id else pl.format(f"import-{mark}-{{}}", "number")).alias("id"),
        (_text(columns.kind_column) if columns.kind_column else pl.lit(columns.kind)).alias("kind"),
        *[
            (_text(name) if name else pl.lit(None, pl.String)).alias(alias)
            for alias, name in (("content_id", columns.content), ("skill_id", columns.skill), ("topic", columns.topic))
        ],
        _properties(columns).alias("properties"),
        *_measures(columns),
    )
    return text.with_columns(_reason(now).alias("reason"))


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.strip_chars()


def _time(raw: pl.DataFrame, columns: Columns) -> pl.Expr:
    given = pl.col(columns.time)
    kind = raw.schema[columns.time]
    if isinstance(kind, pl.Datetime):
        return (
            (given if kind.time_zone else given.dt.replace_time_zone(columns.zone))
            .dt.convert_time_zone("UTC")
            .cast(INSTANT)
        )
    text = given.cast(pl.String).str.strip_chars()
    number = text.cast(pl.Float64, strict=False)
    seconds = pl.when(number.abs() > MILLISECONDS).then(number / 1000).otherwise(number)
    unix = (seconds * 1_000_000).round().cast(pl.Int64, strict=False).cast(INSTANT)
    zoned = text.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    if columns.zone is None:
        return pl.coalesce(unix, zoned)
    plain = text.str.replace(" ", "T").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    local = plain.dt.replace_time_zone(columns.zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(unix, zoned, local.dt.convert_time_zone("UTC"))


def _properties(columns: Columns) -> pl.Expr:
    if not columns.properties:
        return pl.lit("{}")
    return pl.struct(_value(name).alias(name) for name in columns.properties).struct.json_encode()


def _value(name: str) -> pl.Expr:
    return pl.col(name)


def _measures(columns: Columns) -> list[pl.Expr]:
    """What the rows say in numbers, as `store.measures` reads it from properties."""

    def number(name: str, low: float, high: float) -> pl.Expr:
        if name not in columns.properties:
            return pl.lit(None, pl.Float64)
        value = pl.col(name).cast(pl.Float64, strict=False)
        return pl.when(value.is_between(low, high)).then(value)

    correct = number("correct", 0, 1)
    if "correct" in columns.properties:
        words = pl.col("correct").cast(pl.String).str.to_lowercase()
        correct = pl.when(words == "true").then(1.0).when(words == "false").then(0.0).otherwise(correct)
    kind = _text(columns.kind_column) if columns.kind_column else pl.lit(columns.kind)
    return [
        kind.str.contains(r"(^|_)(completion|completed)$").alias("completed"),
        pl.coalesce(number("score", 0, 1), correct).alias("score"),
        number("sentiment", -1, 1).alias("sentiment"),
        number("seconds", 0, 86400).alias("seconds"),
    ]


def _reason(now: datetime) -> pl.Expr:
    at, person = pl.col("occurred_at"), pl.col("person")
    names = pl.concat_str("person", "id", "kind", pl.col("content_id", "skill_id", "topic").fill_null(""))
    longest = pl.max_horizontal(pl.col("person", "id", "kind", "content_id", "skill_id", "topic").str.len_chars())
    return (
        pl.when(person.is_null() | (person == ""))
        .then(pl.lit("no person"))
        .when(pl.col("id").is_null() | (pl.col("id") == ""))
        .then(pl.lit("no id"))
        .when(pl.col("kind").is_null() | (pl.col("kind") == ""))
        .then(pl.lit("no kind"))
        .when(at.is_null())
        .then(pl.lit("the time cannot be read, or has no zone (see --zone)"))
        .when((at < pl.lit(EARLIEST)) | (at > pl.lit(now.astimezone(UTC) + FUTURE_ALLOWED)))
        .then(pl.lit("the time is outside 1970 to a day from now"))
        .when(longest > LONGEST)
        .then(pl.lit(f"a name is longer than {LONGEST} characters"))
        .when(names.str.contains("\x00", literal=True) | pl.col("properties").str.contains(r"\u0000", literal=True))
        .then(pl.lit("a text contains the character NUL"))
    )
