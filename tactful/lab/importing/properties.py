"""From columns of a file to properties of events, and what those mean in numbers."""

from collections.abc import Iterator, Sequence

import polars as pl

from tactful.facts import zones
from tactful.lab.importing import values
from tactful.lab.importing.files import Chunk
from tactful.lab.importing.values import BYTES, DECIMAL, FLAG, NESTED, TEXT, WHOLE, beside
from tactful.sense.limits import FLAGS, LARGEST, RANGES

# The property that tells in which zone a device is.
ZONE = "zone"
# What JSON calls a number, within what a double can hold.
NUMERIC = r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?$"


def said(chunk: Chunk, names: Sequence[str], kind: pl.Expr) -> Iterator[pl.Expr]:
    """Columns of LOG that follow from properties, `unfit` (why they could not be; null where they could), `longest`.

    kind: of each event.
    """
    texts = {name: _text(chunk, name) for name in names}
    fragments = [
        pl.when(text.is_not_null()).then(pl.concat_str(pl.lit(_quoted(name) + ":"), text))
        for name, text in texts.items()
    ]
    inside = pl.concat_str(fragments, separator=",", ignore_nulls=True) if fragments else pl.lit("")
    yield pl.concat_str(pl.lit("{"), inside, pl.lit("}")).alias("properties")
    for name, (low, high) in RANGES.items():
        yield _number(texts.get(name), low, high, also=texts.get("correct") if name == "score" else None).alias(name)
    ends = kind.str.ends_with("completed") | kind.str.ends_with("completion")
    told = texts.get("completed", pl.lit(None, pl.String))
    yield pl.coalesce(_flag(told), ends).alias("completed")
    yield _zone(chunk, names).alias("device_zone")
    yield pl.coalesce(pl.lit(None, pl.String), *_unfit(chunk, texts)).alias("unfit")
    longest = [_length(chunk, name) for name in names if not _kind(chunk, name).is_nested()]
    yield (pl.max_horizontal(longest) if longest else pl.lit(0)).alias("longest")


def _unfit(chunk: Chunk, texts: dict[str, pl.Expr]) -> Iterator[pl.Expr]:
    """What keeps a property from being one, or from meaning what its name says; null where nothing does."""
    for name, text in texts.items():
        sort = values.sort(chunk.rows.schema, name)
        if chunk.typed:
            unfit = pl.col(name).is_not_null() & sort.is_in([NESTED, BYTES])
            yield pl.when(unfit).then(pl.format(f"{name} is {{}}", sort))
        if chunk.typed and not _kind(chunk, name).is_nested():
            beyond = ~pl.col(name).cast(pl.Float64, strict=False).is_between(-LARGEST, LARGEST)
            numeric = text.is_not_null() & sort.is_in([WHOLE, DECIMAL])
            yield pl.when(numeric & beyond).then(pl.lit(f"{name} is a number beyond {LARGEST:g}"))
        if name in RANGES:
            low, high = RANGES[name]
            within = text.cast(pl.Float64, strict=False).is_between(low, high).fill_null(False)
            reason = f"{name} is not a number from {low:g} to {high:g}"
            yield pl.when(text.is_not_null() & ~within).then(pl.lit(reason))
        if name in FLAGS:
            yield pl.when(_flag(text).is_null() & text.is_not_null()).then(pl.lit(f"{name} is neither true nor false"))


def _text(chunk: Chunk, name: str) -> pl.Expr:
    """A property as JSON text; null where it is absent. In CSV what looks like a number or a flag is one.

    Where true or false is meant, 1 and 0 are, too.
    """
    text = _as_it_is(chunk, name)
    if name not in FLAGS:
        return text
    return pl.when(text == "1").then(pl.lit("true")).when(text == "0").then(pl.lit("false")).otherwise(text)


def _as_it_is(chunk: Chunk, name: str) -> pl.Expr:
    kind = _kind(chunk, name)
    value = pl.col(name)
    if kind.is_numeric():
        finite = value.is_finite() if kind.is_float() else pl.lit(True)
        return pl.when(finite).then(value.cast(pl.String))
    if kind == pl.Boolean:
        return value.cast(pl.String)
    if kind.is_nested():
        return pl.lit(None, pl.String)
    text = value.cast(pl.String)
    quoted = pl.struct(text.alias("v")).struct.json_encode().str.slice(5).str.head(-1)
    if beside(name) in chunk.rows.columns:
        return _each_its_own(name, quoted)
    if chunk.typed:
        return pl.when(text.is_not_null()).then(quoted)
    flag = text.str.to_lowercase().is_in(["true", "false"])
    # What is too large to be counted with is a name made of digits.
    number = text.str.contains(NUMERIC) & text.cast(pl.Float64, strict=False).is_between(-LARGEST, LARGEST)
    return pl.when(number).then(text).when(flag).then(text.str.to_lowercase()).when(text.is_not_null()).then(quoted)


def _each_its_own(name: str, quoted: pl.Expr) -> pl.Expr:
    """The JSON text of values of several sorts."""
    text, sort = pl.col(name), pl.col(beside(name))
    finite = text.cast(pl.Float64, strict=False).is_finite()
    plain = sort.is_in([WHOLE, FLAG]) | ((sort == DECIMAL) & finite)
    return pl.when(sort == TEXT).then(quoted).when(plain).then(text)


def _length(chunk: Chunk, name: str) -> pl.Expr:
    length = pl.col(name).cast(pl.String, strict=False).str.len_chars()
    return pl.when(pl.col(beside(name)) == TEXT).then(length) if beside(name) in chunk.rows.columns else length


def _zone(chunk: Chunk, names: Sequence[str]) -> pl.Expr:
    """The zone of the device, where it is one; what is no place says nothing, as over HTTP."""
    if ZONE not in names or _kind(chunk, ZONE).is_nested():
        return pl.lit(None, pl.String)
    told = pl.col(ZONE).cast(pl.String, strict=False)
    return pl.when(told.is_in(list(zones.names()))).then(told)


def _kind(chunk: Chunk, name: str) -> pl.DataType:
    return chunk.rows.schema.get(name, pl.String())


def _quoted(name: str) -> str:
    return str(pl.DataFrame({"v": [name]}).select(pl.struct("v").struct.json_encode()).item())[5:-1]


def _number(text: pl.Expr | None, low: float, high: float, *, also: pl.Expr | None) -> pl.Expr:
    nothing = pl.lit(None, pl.Float64)
    number = nothing if text is None else text.cast(pl.Float64, strict=False)
    within = pl.when(number.is_between(low, high)).then(number)
    return within if also is None else pl.coalesce(within, _flag(also).cast(pl.Float64))


def _flag(text: pl.Expr) -> pl.Expr:
    return pl.when(text == "true").then(pl.lit(True)).when(text == "false").then(pl.lit(False))
