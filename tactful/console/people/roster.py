"""People by risk: who, why, why now, what was tried; and what educators and organisers say to it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from tactful.console.pages import Act, Page
from tactful.console.painting import words
from tactful.console.people.places import mark_of, place_of
from tactful.console.people.saying import now_of, tried_of
from tactful.console.pictures.bars import Bar, bars
from tactful.console.tables import Table
from tactful.console.visit import Answer, Gone, Shown, Visit
from tactful.predict import dropout
from tactful.store.overseen.roster import LEVELS, Wanted, place

SORTS = ("-risk", "risk", "-seen", "seen", "person", "-person")
# Whose level went up within so many days is news.
NEWS = timedelta(days=7)
FILTERS = ("level", "group", "factor", "alerts", "unreached", "rose", "find")
# How many people are proposed while somebody types.
PROPOSED = 12

Row = dict[str, Any]


async def _show(visit: Visit) -> Shown:
    engine, find = visit.engine, visit.text("find")
    wanted = _wanted(visit)
    rows = await engine.roster(visit.organisation, replace(wanted, limit=visit.rows + 1), find=find)
    shown = rows[: visit.rows]
    levels = await engine.levels(visit.organisation, group=wanted.group)
    after = mark_of(place(shown[-1])) if len(rows) > len(shown) else None
    values = {
        "rows": [_told(row, visit) for row in shown],
        "after": visit.with_(after=after) if after else None,
        "levels": _bars(levels),
        "counts": levels,
        "people": sum(levels.values()),
        "groups": [(row["id"], row["name"]) for row in await engine.group_names(visit.organisation)],
        "factors": [(factor, words(factor)) for factor in dropout.FACTORS],
        "sort": visit.choice("sort", SORTS),
        "asked": {name: visit.asked.get(name, "") for name in FILTERS},
        "filtered": any(visit.asked.get(name) for name in FILTERS),
        "find": find,
    }
    return Shown("people.html", values, [_table(shown, visit), _levels(levels)])


def _wanted(visit: Visit) -> Wanted:
    sort = visit.choice("sort", SORTS)
    name = sort.removeprefix("-")
    group = visit.whole("group", 0)
    return Wanted(
        sort=name,
        falling=sort.startswith("-"),
        level=visit.choice("level", ("", *LEVELS)),
        factor=visit.choice("factor", ("", *dropout.FACTORS)),
        group=group or None,
        rose_since=visit.at - NEWS if visit.choice("rose", ("", "1")) else None,
        alerts=bool(visit.choice("alerts", ("", "1"))),
        unreached=bool(visit.choice("unreached", ("", "1"))),
        after=place_of(visit.text("after"), name),
    )


def _told(row: Row, visit: Visit) -> Row:
    return {**row, "now": now_of(row, visit.at), "did": tried_of(row, visit.at)}


def _bars(levels: dict[str, int]) -> list[Bar]:
    made = bars([(level, many, f"{many:,}") for level, many in levels.items()])
    return [replace(bar, tone=bar.label if bar.label != "unknown" else "context") for bar in made]


def _table(rows: list[Row], visit: Visit) -> Table:
    columns = ("person", "name", "level", "risk", "probability", "since", "why", "why now", "tried", "last seen")
    return Table("people", columns, [_line(row, visit) for row in rows])


def _line(row: Row, visit: Visit) -> list[Any]:
    return [
        row["external_id"], row["name"], row["risk_level"], row["risk_score"], row["probability"], row["level_since"],
        row["reasons"], [sign.text for sign in now_of(row, visit.at)], tried_of(row, visit.at), row["last_seen_at"],
    ]  # fmt: skip


def _levels(levels: dict[str, int]) -> Table:
    return Table("levels", ("level", "people"), list(levels.items()))


async def _find(visit: Visit) -> Answer:
    """The person who is meant, where that is clear; else everybody who could be."""
    find = visit.text("find")
    found = await visit.engine.find_people(visit.organisation, find, limit=2) if find else []
    exact = [row for row in found if row["external_id"] == find]
    if exact or len(found) == 1:
        return Gone(to_person((exact or found)[0]["external_id"]))
    return Gone(f"people{visit.with_(find=find)}")


async def _proposed(visit: Visit) -> Shown:
    find = visit.text("find")
    rows = await visit.engine.find_people(visit.organisation, find, limit=PROPOSED) if len(find) > 1 else []
    return Shown("people_found.html", {"rows": rows})


def to_person(whom: str, more: str = "") -> str:
    """Where a person's page is, below the console."""
    return f"person?{urlencode({'id': whom})}{more}"


async def _not_leaving(visit: Visit) -> Gone:
    whom, form = visit.form.get("person", ""), visit.form
    told = await visit.engine.wrongly_flagged(
        visit.organisation, whom, note=form.get("note", "").strip(), actor=visit.operator.actor
    )
    closed = told["alerts_closed"]
    more = f" {closed} open {'alert was' if closed == 1 else 'alerts were'} closed." if closed else ""
    said = f"Noted that {whom} is not leaving; it counts until {told['until']:%Y-%m-%d}.{more}"
    return Gone(_back(visit, whom), said)


async def _close(visit: Visit) -> Gone:
    alert = await visit.engine.close_alert(
        visit.organisation,
        visit.number("alert"),
        because=visit.form.get("because", "").strip(),
        actor=visit.operator.actor,
    )
    return Gone(
        _back(visit, alert["external_id"]), f"The alert about {alert['name'] or alert['external_id']} is closed."
    )


def _back(visit: Visit, whom: str) -> str:
    """To where the form stood: the person's page, or the list as it was asked for."""
    asked = visit.form.get("list", "")
    return f"people{asked}" if asked.startswith("?") and asked.isprintable() else to_person(whom)


PARTS = (
    Page("people", _show),
    Page("people/find", _find),
    Page("people/proposed", _proposed),
    Act("people/not-leaving", _not_leaving),
    Act("people/close-alert", _close),
)
