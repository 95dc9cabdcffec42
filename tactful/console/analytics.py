"""How is it going? How messages are taken, how risks lie, who is active, and how milestones get on."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from tactful.console.looking_back import errands, span
from tactful.console.pages import ORGANISER, Act, Page, Question
from tactful.console.painting import percent, words
from tactful.console.pictures.bars import bars
from tactful.console.pictures.lines import Lines, Series, days, lines
from tactful.console.pictures.stacks import stacks
from tactful.console.tables import Table
from tactful.console.visit import Answer, Shown, Visit
from tactful.uses.analytics import achieved, present, risks, taken
from tactful.uses.errands import RECKON

QUESTION = Question("analytics", "How is it going?", "chart")
TONES = {"engaged": "first", "snoozed": "third", "dismissed": "second", "ignored": "plain"}
WAY = {"reached": "first", "last quarter": "third", "third quarter": "fourth", "second quarter": "context",
       "first quarter": "pale"}  # fmt: skip
PARTS_OF_WAY = dict(zip(WAY, ("reached", *reversed(achieved.PARTS)), strict=True))


async def _show(visit: Visit) -> Answer:
    if (alone := await errands.part(visit, RECKON)) is not None:
        return alone
    name, label, hours = span(visit)
    engine, whose, back = visit.engine, visit.organisation, max(1, hours // 24)
    performance, distribution, active, progress, errand = await asyncio.gather(
        engine.outreach_analytics(whose, days=back),
        engine.churn_risk_distribution(whose),
        engine.daily_active_people(whose, days=max(7, back)),
        engine.milestone_progress(whose),
        errands.errand(visit, RECKON),
    )
    groups = {group: performance[f"by_{group}"] for group in ("kind", "channel", "template")}
    values = {
        "span": name,
        "label": label,
        "told": performance,
        "groups": groups,
        "kinds": stacks([_stack(words(row["kind"]), row) for row in groups["kind"]], TONES),
        "hours": stacks([_stack(f"{row['hour']:02}:00", row) for row in performance["by_hour"]], TONES),
        "risk": distribution,
        "risk_bars": bars([_bin(row) for row in distribution["histogram"]]),
        "active": active,
        "active_lines": _active(active),
        "progress": progress,
        "way": stacks([_way(row) for row in progress["milestones"] if _any(row)], WAY),
        "parts_of_way": tuple(reversed(achieved.PARTS)),
        "errand": errand,
    }
    return Shown("analytics.html", values, _tables(performance, distribution, active, progress))


def _stack(label: str, row: Mapping[str, Any]) -> tuple[str, dict[str, float], str]:
    rate = row["response_rate"]
    read = "unknown" if rate is None else percent(rate)
    return label, {each: row[each] for each in TONES}, f"{read} of {row['delivered']:,}"


def _bin(row: Mapping[str, Any]) -> tuple[str, float, str]:
    return f"{row['low']:.1f} to {row['high']:.1f}", row["people"], f"{row['people']:,}"


def _active(told: Mapping[str, Any]) -> Lines:
    at = [datetime.combine(row["date"], time(), UTC) for row in told["days"]]
    points = [(day.timestamp(), float(row["people"])) for day, row in zip(at, told["days"], strict=True)]
    said = f"People who did something, by day; today, which is not over, {told['days'][-1]['people']:,}."
    return lines([Series("people", points)], told=said, along=days(at), low=0, high=4)


def _any(row: Mapping[str, Any]) -> bool:
    return any(row[part] for part in PARTS_OF_WAY.values())


def _way(row: Mapping[str, Any]) -> tuple[str, dict[str, float], str]:
    return row["display_name"], {name: row[part] for name, part in PARTS_OF_WAY.items()}, f"{row['reached']:,} reached"


def _tables(*told: Mapping[str, Any]) -> list[Table]:
    names = {"performance": taken, "risks": risks, "active": present, "milestones": achieved}
    return [Table(name, of.COLUMNS, of.sheet(each)) for (name, of), each in zip(names.items(), told, strict=True)]


async def _reckon(visit: Visit) -> Answer:
    return await errands.ask(visit, RECKON, "analytics")


PARTS = (Page("analytics", _show), Act("analytics/reckon", _reckon, ORGANISER))
