"""Why not? What was considered and not done: which guard rail held what back, how often, and the ledger to search."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.console.looking_back import filled, over_time, span
from tactful.console.looking_back.rails import RAILS, RESULTS, meaning
from tactful.console.pages import Page, Question
from tactful.console.painting import words
from tactful.console.pictures.bars import Bar, bars
from tactful.console.tables import Table
from tactful.console.visit import Shown, Visit
from tactful.decide.inline_help import FORESEEN, INLINE
from tactful.decide.kinds import TABLE
from tactful.decide.live.kinds import NAMES
from tactful.kernel.clock import plausible
from tactful.kernel.errors import BadInput

QUESTION = Question("why_not", "Why not?", "shield")
KINDS = (*TABLE, INLINE, FORESEEN, *NAMES)
TONES = {"acted": "first", "withheld": "second", "deferred": "third", "suggested": "fourth"}
ABOUT = {"person": "For single people", "session": "In live sessions"}
RAIL = ("about", "kind", "rail", "candidates", "alone")
RESULT = ("about", "result", "kind", "decisions")
LEDGER = ("at", "id", "person", "session", "result", "chosen", "kinds", "against", "tick_id", "propensity", "policy")


async def _show(visit: Visit) -> Shown:
    name, label, hours = span(visit)
    kinds = (*KINDS, *(await visit.engine.governed(visit.organisation)).made.kinds)
    asked = _asked(visit, kinds)
    told, rows = await asyncio.gather(
        visit.engine.withheld(visit.organisation, hours=hours),
        visit.engine.ledger(visit.organisation, **asked, limit=visit.rows + 1),
    )
    shown = rows[: visit.rows]
    results = _by_instant(told)
    drawn = {each: tone for each, tone in TONES.items() if any(row[each] for row in results)}
    values = {
        "span": name,
        "label": label,
        "looked": told["looked"],
        "decisions": _totals(told["results"]),
        "rails": {about: _bars(told["rails"], about) for about in ABOUT},
        "considered": {about: _sum(told["candidates"], about) for about in ABOUT},
        "matrix": {about: _matrix(told, about) for about in ABOUT},
        "abouts": ABOUT,
        "results": results,
        "over_time": over_time(results, drawn or {"acted": "first"}, step=told["step"], told=f"Decisions in {label}."),
        "step": told["step"],
        "rows": shown,
        "asked": {
            each: visit.text(each) for each in ("person", "session", "kind", "result", "rail", "from", "to", "tick")
        },
        "kinds": kinds,
        "rail_names": RAILS,
        "result_names": RESULTS,
        "meaning": meaning,
        "older": visit.with_(before=_mark(shown[-1])) if len(rows) > len(shown) else None,
        "newest": visit.with_(before=None) if visit.asked.get("before") else None,
    }
    return Shown("why_not.html", values, _tables(told, results, shown))


def _asked(visit: Visit, kinds: Sequence[str]) -> dict[str, Any]:
    """What the ledger is searched for. raises: BadInput naming the field."""
    asked: dict[str, Any] = {
        "person": visit.text("person") or None,
        "session": visit.text("session") or None,
        "kind": visit.choice("kind", kinds, "") or None,
        "result": visit.choice("result", tuple(RESULTS), "") or None,
        "rail": visit.choice("rail", tuple(RAILS), ""),
        "tick": visit.whole("tick", 0) or None,
    }
    since, until = visit.instant("from"), visit.instant("to")
    until = plausible(min(until or visit.at, visit.at), now=visit.at, field="to")
    since = plausible(since or until - timedelta(hours=span(visit)[2]), now=visit.at, field="from")
    if since > until:
        raise BadInput("from must not be later than to.", fields=["from"])
    return asked | {"since": since, "until": until, "after": _after(visit.text("before"))}


def _after(mark: str) -> tuple[datetime, int] | None:
    """Where the page before ended. raises: BadInput."""
    if not mark:
        return None
    at, _, number = mark.rpartition("_")
    try:
        found = datetime.fromisoformat(at), int(number)
    except ValueError:
        raise BadInput("before is not where a page of this list ended.", fields=["before"]) from None
    if found[0].tzinfo is None or not 0 < found[1] < 2**63:
        raise BadInput("before is not where a page of this list ended.", fields=["before"])
    return found


def _mark(row: Mapping[str, Any]) -> str:
    return f"{row['at'].isoformat()}_{row['id']}"


def _by_instant(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of every result by instant, with those of nothing in between."""
    rows: dict[datetime, dict[str, Any]] = {}
    for row in told["over_time"]:
        rows.setdefault(row["at"], {"at": row["at"]})[row["result"]] = row["decisions"]
    whole = [dict.fromkeys(RESULTS, 0) | row for row in rows.values()]
    return filled(whole, tuple(RESULTS), since=told["since"], until=told["until"], step=told["step"])


def _totals(rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in rows:
        total[row["result"]] += row["decisions"]
    return total


def _sum(rows: Sequence[Mapping[str, Any]], about: str) -> dict[str, int]:
    mine = [row for row in rows if row["about"] == about]
    return {name: sum(row[name] for row in mine) for name in ("candidates", "allowed")}


def _bars(rows: Sequence[Mapping[str, Any]], about: str) -> list[Bar]:
    """Guard rails by how many candidates they forbade, most first."""
    total: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for row in rows:
        if row["about"] == about:
            total[row["rail"]] += row["candidates"]
            alone[row["rail"]] += row["alone"]
    read = {rail: f"{many:,} ({alone[rail]:,} alone)" for rail, many in total.items()}
    return bars([(meaning(rail), many, read[rail]) for rail, many in total.most_common()])


def _matrix(told: Mapping[str, Any], about: str) -> dict[str, Any]:
    """How often each guard rail forbade each kind: rails (columns), rows of kind, candidates, allowed and counts."""
    mine = [row for row in told["rails"] if row["about"] == about]
    rails = sorted({row["rail"] for row in mine})
    counts = {(row["kind"], row["rail"]): row["candidates"] for row in mine}
    rows = [
        {**row, "counts": [counts.get((row["kind"], rail), 0) for rail in rails]}
        for row in sorted(told["candidates"], key=lambda each: -each["candidates"])
        if row["about"] == about
    ]
    return {"rails": [words(rail) for rail in rails], "rows": rows}


def _tables(
    told: Mapping[str, Any], results: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> list[Table]:
    over = ("at", *RESULTS)
    return [
        Table("rails", RAIL, [[row[name] for name in RAIL] for row in told["rails"]]),
        Table(
            "candidates", ("about", "kind", "candidates", "allowed"), [list(row.values()) for row in told["candidates"]]
        ),
        Table("results", RESULT, [[row[name] for name in RESULT] for row in told["results"]]),
        Table("over_time", over, [[row[name] for name in over] for row in results]),
        Table("ledger", LEDGER, [[_cell(row, name) for name in LEDGER] for row in rows]),
    ]


def _cell(row: Mapping[str, Any], name: str) -> Any:
    if name == "against":
        return [f"{kind}: {', '.join(each) or 'allowed'}" for kind, each in zip(row["kinds"], row[name], strict=True)]
    return row[name]


PARTS = (Page("why_not", _show),)
