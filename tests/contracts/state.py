"""Rows for any table that features read, made from its columns: ordinary ones, nulls and extremes, never the same key.

Numbers are multiples of 2**-10 and no larger than 2**40, so that sums of them are exact in whatever order an engine
adds; then engines can be held to equal values. NaN is not among them: `store` has none.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from tactful.kernel.chance import draw

SEED = 11
DAYS = 40
# Of a hundred values so many are null, so many extreme.
NULLS, EXTREMES = 10, 8
PEOPLE = (*range(1, 40), 2**53 + 1, 2**62)
NAMES = ("a", "b", "B", "", " a", "it's", 'two "words"', "ünïcödé ⚑", "%s", "1")
ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati")
# Around an hour that happens twice in Berlin, and the last before a year ends.
INSTANTS = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2025, 10, 26, 0, 59, 59, 999_999, tzinfo=UTC),
    datetime(2025, 10, 26, 1, 0, tzinfo=UTC),
    datetime(2999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
)
# By the bytes of a whole number.
LARGE = {1: 100, 2: 15_000, 4: 10**9, 8: 10**15}

Chance = Callable[[int], float]


def rows(table: Any, size: int, at: datetime) -> pl.DataFrame:
    """At most `size` rows of an Ibis table, with times up to DAYS before and after `at`; the same every time."""
    kinds = table.schema()

    def value(number: int, place: int, name: str) -> Any:
        def chance(which: int) -> float:
            return float(draw(SEED, number, place, which))

        return _value(name, kinds[name], chance, at)

    made = {name: [value(each, place, name) for each in range(size)] for place, name in enumerate(kinds)}
    frame = pl.DataFrame(made, schema=dict(kinds.to_polars()))
    return frame.unique(_key(kinds), keep="first", maintain_order=True)


def _key(kinds: Any) -> list[str]:
    """The columns that tell rows apart: ids, and the day where there is one of that name."""
    return [name for name in kinds if name == "day" or (name.endswith("_id") and name != "organisation_id")]


def _value(name: str, kind: Any, chance: Chance, at: datetime) -> Any:
    if name == "organisation_id":
        return 1 + int(chance(0) * 2)
    if kind.is_integer() and name.endswith("_id"):
        return PEOPLE[int(chance(0) * len(PEOPLE))]
    share = 100 * chance(1)
    if share < NULLS:
        return None
    if kind.is_array():
        return [_plain(name, kind.value_type, chance, at, 10 + each) for each in range(int(chance(2) * 5))]
    if share < NULLS + EXTREMES:
        return _extreme(kind, chance(3)) if not kind.is_string() else NAMES[int(chance(3) * len(NAMES))]
    return _plain(name, kind, chance, at, 4)


def _plain(name: str, kind: Any, chance: Chance, at: datetime, which: int) -> Any:
    drawn = chance(which)
    if kind.is_boolean():
        return drawn < 0.5
    if kind.is_integer():
        return int(drawn * 10)
    if kind.is_floating():
        return int((2 * drawn - 1) * 2**10) / 2**10
    if kind.is_date():
        return at.date() + timedelta(days=round((2 * drawn - 1) * DAYS))
    if kind.is_timestamp():
        return at + timedelta(microseconds=round((2 * drawn - 1) * DAYS * 86_400e6))
    if kind.is_string():
        names = ZONES if name == "zone" else NAMES
        return names[int(drawn * len(names))]
    raise NotImplementedError(f"a column of kind {kind}: say here how its values are made")


def _extreme(kind: Any, drawn: float) -> Any:
    if kind.is_boolean():
        return drawn < 0.5
    if kind.is_integer():
        return (0, -1, LARGE[kind.nbytes])[int(drawn * 3)]
    if kind.is_floating():
        return (0.0, -0.0, 2.0**-10, 2.0**40, -(2.0**40))[int(drawn * 5)]
    if kind.is_date():
        return (date(1970, 1, 1), date(2024, 2, 29), date(2999, 12, 31))[int(drawn * 3)]
    return INSTANTS[int(drawn * len(INSTANTS))]
