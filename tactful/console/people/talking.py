"""What one person says to us, as a picture and a table: how their mood has been."""

from typing import Any

from tactful.console.pictures.lines import Lines, Series, days, lines
from tactful.console.tables import Table


def mood(pattern: dict[str, Any] | None) -> Lines | None:
    """Their mood over the last weeks, -1 to 1; None where it was never known for two days."""
    course = (pattern or {}).get("course", [])
    known = [row for row in course if row["mood"] is not None]
    if len(known) < 2:
        return None
    first = course.index(known[0])
    points = [(row["at"].timestamp(), row["mood"]) for row in course[first:]]
    told = f"How they sounded, from {known[0]['mood']:+.2f} on {known[0]['at']:%-d %b} to {known[-1]['mood']:+.2f}."
    every = days(row["at"] for row in course[first:])
    return lines([Series("Mood", points)], told=told, along=every, low=-1.0, high=1.0)


def mood_table(pattern: dict[str, Any] | None) -> Table:
    """The same as a table."""
    course = (pattern or {}).get("course", [])
    return Table("mood", ("at", "mood"), [[row["at"], row["mood"]] for row in course if row["mood"] is not None])
