"""Looking back at a stretch of time: what pages about it share."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tactful.console.pictures.lines import Lines, Series, days, lines
from tactful.console.visit import Visit

# What can be chosen: name -> how it reads, and how long it is [h].
SPANS: Mapping[str, tuple[str, int]] = {
    "day": ("24 hours", 24),
    "week": ("7 days", 24 * 7),
    "month": ("30 days", 24 * 30),
    "quarter": ("90 days", 24 * 90),
}
DEFAULT = "week"


def span(visit: Visit) -> tuple[str, str, int]:
    """The chosen stretch: its name, how it reads, and how long it is [h]. raises: BadInput."""
    name = visit.choice("span", tuple(SPANS), DEFAULT)
    return name, *SPANS[name]


def over_time(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, step: str, told: str) -> Lines:
    """Lines of figures by instant. names: of the figures, with the tone of each; step: hour or day."""
    instants = [row["at"] for row in rows]
    series = [
        Series(name, [(row["at"].timestamp(), float(row[name])) for row in rows], tone) for name, tone in names.items()
    ]
    along = days(instants) if step == "day" else hours(instants)
    # So that nothing is drawn at half of one.
    return lines(series, told=told, along=along, low=0, high=4)


def hours(instants: Sequence[datetime], *, most: int = 8) -> list[tuple[float, str]]:
    """Marks along an axis of epoch seconds: some of these hours, of UTC."""
    each = sorted(set(instants))
    every = max(1, -(-len(each) // most))
    return [(at.timestamp(), f"{at.astimezone(UTC):%H:00}") for at in each[::every]]


def filled(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], *, since: datetime, until: datetime, step: str
) -> list[dict[str, Any]]:
    """The same rows by `at`, with one of nothing for every hour or day in between that has none.

    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> [row["n"] for row in filled([{"at": at, "n": 5}], ["n"], since=at, until=at.replace(day=3), step="day")]
    [5, 0, 0]
    """
    known = {row["at"].timestamp(): row for row in rows}
    length = 3600 if step == "hour" else 86_400
    first, last = (int(at.timestamp()) // length for at in (since, until))
    told = []
    for number in range(first, last + 1):
        row = known.get(number * length, {})
        at = datetime.fromtimestamp(number * length, UTC)
        told.append({"at": at} | {name: row.get(name, 0) for name in names})
    return told
