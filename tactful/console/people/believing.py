"""What is believed of one person, as pictures and tables: risk, forgetting, hours of the week."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from tactful.console.painting import words
from tactful.console.pictures.bars import Bar, bars
from tactful.console.pictures.heat import WEEKDAYS, Heat, heat
from tactful.console.pictures.lines import Lines, Series, days, lines
from tactful.console.tables import Table

# Of so many skills the curve is drawn, those that lost most; more lines cannot be told apart.
DRAWN = 3
TONES = ("first", "second", "third")
HOURS = 24


def speaking(risk: dict[str, Any] | None) -> list[Bar]:
    """What each factor adds to the odds of leaving, the loudest first; those against it are drawn in another tone."""
    adds = (risk or {}).get("contributions") or {}
    known = sorted(((factor, value) for factor, value in adds.items() if value), key=lambda each: -abs(each[1]))
    made = bars([(words(factor).capitalize(), abs(value), f"{value:+.2f}") for factor, value in known])
    return [replace(bar, tone="first" if value < 0 else "second") for bar, (_, value) in zip(made, known, strict=True)]


def week(row: dict[str, Any]) -> Heat | None:
    """When they were active, by the hours of their own week; None where they never were."""
    values = {divmod(each["hour"], HOURS): float(each["events"]) for each in row["hours"] if each["events"]}
    if not values:
        return None
    most = max(values, key=lambda hour: values[hour])
    told = f"Events by the hour of their own week; most on {WEEKDAYS[most[0]]} at {most[1]:02}:00."
    return heat(values, unit="events", told=told)


def hours_table(row: dict[str, Any]) -> Table:
    """The same as a table."""
    told = [[WEEKDAYS[each["hour"] // HOURS], each["hour"] % HOURS, each["events"]] for each in row["hours"]]
    return Table("hours", ("weekday", "hour", "events"), told)


def fading(kept: dict[str, Any], at: datetime) -> Lines | None:
    """How the skills fade of which most is lost by the last of `instants`; None where nothing is known."""
    known = {skill: curve for skill, curve in kept["curves"].items() if curve and curve[-1] is not None}
    lost = sorted(known, key=lambda skill: known[skill][-1] - kept["peaks"][skill])[:DRAWN]
    if not lost:
        return None
    instants = kept["instants"]
    points = [at.timestamp() for at in instants]
    series = [
        Series(kept["names"].get(skill, skill), list(zip(points, known[skill], strict=True)), tone)
        for skill, tone in zip(lost, TONES, strict=False)
    ]
    called = ", ".join(kept["names"].get(skill, skill) for skill in lost)
    told = f"How likely they are to remember {called}, 30 days back and 30 ahead, had they not practised again."
    every = days(instants[:: max(1, len(instants) // 6)])
    return lines(series, told=told, along=every, marks=[(at.timestamp(), "now")], low=0.0, high=1.0, percent=True)


def skills_table(kept: dict[str, Any]) -> Table:
    """Every curve as a table: a row for each skill and instant."""
    rows = [
        [skill, kept["names"].get(skill, skill), at, chance]
        for skill, curve in kept["curves"].items()
        for at, chance in zip(kept["instants"], curve, strict=True)
        if chance is not None
    ]
    return Table("forgetting", ("skill", "name", "at", "chance to remember"), rows)
