"""One person: who they are, what is believed of them, how they may be reached, and their story on one line of time."""

from datetime import datetime
from typing import Any

from tactful.console.pages import Page
from tactful.console.people import believing, deciding, talking
from tactful.console.people.addressed import addressed
from tactful.console.people.places import entry_of, mark_after
from tactful.console.people.reaching import reach_of
from tactful.console.people.saying import now_of
from tactful.console.people.telling import LABELS, Told, told
from tactful.console.tables import Table
from tactful.console.visit import Shown, Visit
from tactful.kernel.errors import BadInput
from tactful.store.overseen.chapters import TOPICS


async def _show(visit: Visit) -> Shown:
    engine, organisation, whom = visit.engine, visit.organisation, visit.text("id")
    if not whom:
        raise BadInput("id: say whose page you want.", fields=["id"])
    row = await engine.about(organisation, whom)
    here = deciding.clock(row["zone"])
    asked = deciding.instant_of(visit, row["zone"])
    entries, older = await _entries(visit, whom)
    believed = await engine.insights(organisation, whom)
    kept = await engine.remembering(organisation, whom)
    pattern = await engine.pattern(organisation, whom)
    preview = await deciding.previewed(visit, whom, asked)
    there, reached = await addressed(visit, whom)
    best = await engine.next_best_action(organisation, whom)
    story = [told(entry, lambda at: at.astimezone(here)) for entry in entries]
    local = visit.at.astimezone(here)
    values = {
        "row": row,
        "local": local,
        "reach": reach_of(row, await engine.governed(organisation), local),
        **there,
        "signs": now_of(row, visit.at),
        "believed": believed,
        "speaking": believing.speaking(believed["dropout_risk"]),
        "week": believing.week(row),
        "kept": kept,
        "fading": believing.fading(kept, visit.at),
        "pattern": pattern,
        "mood": talking.mood(pattern),
        "story": _by_day(story),
        "older": older,
        "topics": TOPICS,
        "labels": LABELS,
        "topic": _topics(visit),
        "best": best,
        "preview": preview,
        "previewed": asked,
        "preview_at": (asked.astimezone(here) if asked else deciding.next_friday(visit.at, row["zone"])),
        "rails": deciding.rails(preview.candidates) if preview else [],
        "clock": here,
        "path": "people",
    }
    tables = [_story(story), believing.hours_table(row), believing.skills_table(kept), talking.mood_table(pattern)]
    tables += [deciding.next_table(best), *reached]
    return Shown("person.html", values, tables)


async def _entries(visit: Visit, whom: str) -> tuple[list[dict[str, Any]], str | None]:
    """A page of their time line, and the address of the next."""
    rows = await visit.engine.timeline(
        visit.organisation,
        whom,
        topics=_topics(visit),
        after=entry_of(visit.text("before")),
        limit=visit.rows + 1,
    )
    shown = rows[: visit.rows]
    return shown, visit.with_(before=mark_after(shown[-1])) if len(rows) > len(shown) else None


def _topics(visit: Visit) -> tuple[str, ...]:
    topic = visit.choice("topic", ("", *TOPICS))
    return (topic,) if topic else ()


def _by_day(story: list[Told]) -> list[tuple[datetime, list[Told]]]:
    """Entries under the local days on which they happened."""
    days: list[tuple[datetime, list[Told]]] = []
    for each in story:
        if not days or days[-1][0].date() != each.local.date():
            days.append((each.local, []))
        days[-1][1].append(each)
    return days


def _story(story: list[Told]) -> Table:
    rows = [[each.at, each.topic, each.text, each.more, each.decision] for each in story]
    return Table("story", ("at", "topic", "what", "more", "decision"), rows)


PARTS = (Page("person", _show),)
