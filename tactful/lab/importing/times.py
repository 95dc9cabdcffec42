"""Reading times of a log: Unix seconds or milliseconds, or ISO 8601."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from tactful.store.sensed.counting import INSTANT

# Seconds reach this in the year 5138, milliseconds did in March 1973.
MILLISECONDS_FROM = 1e11
# Nobody has logs of 1970: numbers as small as that are ids or counters of a column that is no time. Counted
# there, they would stand in the way of the right column, since a row of a file counts once.
FIRST_SECOND = 31_536_000.0
# Beyond the year 9999 nothing can be shown, let alone be right.
LAST_SECOND = 253_402_300_799.0

WITH_OFFSET = "%Y-%m-%dT%H:%M:%S%.f%:z"
WITHOUT = "%Y-%m-%dT%H:%M:%S%.f"

UNREADABLE = "time is neither ISO 8601 nor Unix seconds or milliseconds"
TOO_SMALL = "time {} is no Unix time; as seconds it would lie before 1971"
NAIVE = "time has no zone; name one with --zone"


def instants(values: pl.Series, zone: str | None) -> tuple[pl.Series, pl.Series]:
    """The instants of a column, and for each one that could not be read the reason. zone: for times without one.

    >>> instants(pl.Series(["7", "1082040961000", "2026-03-01T08:00:00Z", "soon"]), None)[0].to_list()[1]
    datetime.datetime(2004, 4, 15, 14, 56, 1, tzinfo=zoneinfo.ZoneInfo(key='UTC'))
    """
    if isinstance(values.dtype, pl.Datetime):
        return _of_datetimes(values, zone)
    if values.dtype == pl.Date:
        return _of_datetimes(values.cast(pl.Datetime("us")), zone)
    text = values.cast(pl.String, strict=False).str.strip_chars()
    number = text.cast(pl.Float64, strict=False)
    small = number.fill_nan(None).fill_null(FIRST_SECOND) < FIRST_SECOND
    unix = _unix(number.set(small, None))
    # One space or a small t in place of the T, and Z for no offset, are common.
    iso = text.str.replace(r"^(.{10})[ t]", "${1}T").str.replace(r"[zZ]$", "+00:00")
    at = unix.fill_null(iso.str.to_datetime(WITH_OFFSET, strict=False, time_unit="us", time_zone="UTC"))
    left = at.is_null() & text.is_not_null() & ~small
    why = pl.select(pl.when(small).then(pl.format(TOO_SMALL, text))).to_series()
    if left.any():
        rest = pl.DataFrame({"text": text.filter(left).unique()})
        read = [_slowly(value, zone) for value in rest["text"]]
        rest = rest.with_columns(
            pl.Series("at", [one for one, _ in read], dtype=INSTANT),
            pl.Series("why", [why for _, why in read], dtype=pl.String),
        )
        joined = pl.DataFrame({"text": text}).join(rest, on="text", how="left", maintain_order="left")
        at, why = at.fill_null(joined["at"]), why.fill_null(joined["why"])
    return at, _unread(at, why)


def _unix(number: pl.Series) -> pl.Series:
    seconds = pl.select(pl.when(number.abs() >= MILLISECONDS_FROM).then(number / 1000).otherwise(number)).to_series()
    within = pl.select(pl.when(seconds.abs() <= LAST_SECOND).then(seconds)).to_series()
    return (within * 1e6).round().cast(pl.Int64, strict=False).cast(INSTANT)


def _of_datetimes(values: pl.Series, zone: str | None) -> tuple[pl.Series, pl.Series]:
    if values.dtype.time_zone is None:  # type: ignore[attr-defined]
        if zone is None:
            nothing = pl.Series([None] * len(values), dtype=INSTANT)
            return nothing, _unread(nothing, pl.Series([NAIVE] * len(values)))
        values = values.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    at = values.cast(pl.Datetime("us", values.dtype.time_zone)).dt.convert_time_zone("UTC")  # type: ignore[attr-defined]
    return at, _unread(at, pl.Series([None] * len(at), dtype=pl.String))


def _slowly(text: str, zone: str | None) -> tuple[datetime | None, str | None]:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None and zone is None:
            return None, NAIVE
        at = at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone or "UTC"))
        return at.astimezone(UTC), None
    except (ValueError, OverflowError):
        return None, UNREADABLE


def _unread(at: pl.Series, why: pl.Series) -> pl.Series:
    return pl.select(pl.when(at.is_null()).then(why.fill_null(UNREADABLE))).to_series().alias("time_problem")
