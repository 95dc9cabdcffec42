"""What would be decided about somebody, and why something was: candidates, and what every guard rail says to each."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tactful.bootstrap import setting_rows
from tactful.console.pages import Page
from tactful.console.painting import words
from tactful.console.tables import Table
from tactful.console.times import instant
from tactful.console.visit import Shown, Visit
from tactful.decide import Rules
from tactful.decide.considered import Candidate, considered
from tactful.decide.localtime import zone as zone_of
from tactful.decide.own import OWN_KINDS
from tactful.decide.words import MINUTES
from tactful.kernel.errors import BadInput
from tactful.uses.previewing import Preview
from tactful.uses.story import rules_then

FRIDAY, EIGHT = 4, time(8)


def clock(zone: str) -> ZoneInfo:
    """A zone, or UTC where nobody knows it."""
    return zone_of(zone) or ZoneInfo("UTC")


def next_friday(now: datetime, zone: str) -> datetime:
    """When their clock shows eight on a Friday next, as their clock shows it.

    >>> next_friday(datetime(2026, 3, 4, 12, tzinfo=UTC), "Europe/Berlin").isoformat()
    '2026-03-06T08:00:00+01:00'
    """
    here = now.astimezone(clock(zone))
    found = datetime.combine(here.date() + timedelta((FRIDAY - here.weekday()) % 7), EIGHT, here.tzinfo)
    return found if found > here else found + timedelta(days=7)


def instant_of(visit: Visit, zone: str) -> datetime | None:
    """What `preview` asks for, by their clock unless it says otherwise; None where it does not. raises: BadInput."""
    written = visit.text("preview")
    if not written:
        return None
    try:
        read = datetime.fromisoformat(written)
        return (read if read.tzinfo else read.replace(tzinfo=clock(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("preview must be a time, like 2026-03-06T08:00.", fields=["preview"]) from None


async def previewed(visit: Visit, whom: str, at: datetime | None) -> Preview | None:
    """The preview that is asked for, if any is."""
    return None if at is None else await visit.engine.preview(visit.organisation, whom, at)


async def _show(visit: Visit) -> Shown:
    row = await visit.engine.explain_decision(visit.organisation, visit.whole("id", 0))
    about_person = row.get("person_id") is not None
    candidates = considered(row, row["facts"], rules=_then(row)) if about_person else ()
    here = row["at"].astimezone(clock(row["zone"])) if about_person else None
    values = {
        "row": row,
        "here": here,
        "candidates": candidates,
        "rails": rails(candidates),
        "facts": [(name, _fact(name, value)) for name, value in row["facts"].items() if value is not None],
        "unknown": [name for name, value in row["facts"].items() if value is None],
        "settings": _settings(row.get("settings") or {}),
        "path": "people" if about_person else "now",
    }
    return Shown("decision.html", values, [_table(candidates)])


def _then(row: Mapping[str, Any]) -> Rules | None:
    """The rules of then, for kinds that the organisation made itself; those everybody has need none."""
    return rules_then(row) if row["own"].get(OWN_KINDS) else None


def rails(candidates: tuple[Candidate, ...]) -> list[tuple[str, list[Any]]]:
    """Each guard rail with its verdicts, candidate by candidate; those that bind none of them left out."""
    told = zip(*(each.verdicts for each in candidates), strict=True)
    return [(row[0].rail, list(row)) for row in told if any(verdict.forbids is not None for verdict in row)]


def _fact(name: str, value: Any) -> str:
    """A fact as people read it: minutes of the day as a time, instants and yes or no in words, lists in order."""
    if name in MINUTES:
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list):
        return ", ".join(words(str(each)) for each in value) or "none"
    return instant(datetime.fromisoformat(value)) if name.endswith("_at") else str(value)


def _settings(stored: dict[str, Any]) -> list[tuple[str, Any, bool]]:
    """What was configured then: name, value, and whether somebody had set it."""
    defaults = {row.name: row.default for row in setting_rows()}
    told = [(name, value, name in defaults and value != defaults[name]) for name, value in sorted(stored.items())]
    return sorted(told, key=lambda each: not each[2])


def _table(candidates: tuple[Candidate, ...]) -> Table:
    told = [
        [each.kind, each.trigger, each.priority, each.expected, verdict.rail, _says(verdict.forbids), verdict.why]
        for each in candidates
        for verdict in each.verdicts
    ]
    columns = ("candidate", "trigger", "priority", "expected", "guard rail", "says", "why")
    return Table("verdicts", columns, told)


def next_table(best: dict[str, Any]) -> Table:
    """All that could be done now, best first, as a table."""
    columns = ("action", "trigger", "priority", "expected", "allowed", "chosen", "reason", "forbidden by")
    told = [
        [each["kind"], each["trigger"], each["priority"], each["expected"], each["allowed"], each["chosen"],
         each["reason"], ", ".join(rail["rail"] for rail in each["against"])]
        for each in best["actions"]
    ]  # fmt: skip
    return Table("next", columns, told)


def _says(forbids: bool | None) -> str:
    return {True: "forbids", False: "allows", None: "does not bind"}[forbids]


PARTS = (Page("decision", _show),)
