"""Is it running? What the engine does by itself, what waits, what was given up, and the one button that stops it."""

from datetime import timedelta
from typing import Any

from tactful.console import words
from tactful.console.pages import ADMIN, ORGANISER, Act, Page, Question
from tactful.console.pauses import all_stands_still
from tactful.console.pictures.bars import bars
from tactful.console.pictures.lines import Lines, Series, lines
from tactful.console.tables import Table
from tactful.console.visit import Answer, Gone, Shown, Visit
from tactful.kernel.errors import Conflict
from tactful.store.settings import LATE_MINUTES

QUESTION = Question("running", "Is it running?", "running")
# What can be paused beside everything.
MODES = {"pause": "nothing is decided", "shadow": "all is decided and written down, nothing is sent"}


async def _show(visit: Visit) -> Shown:
    engine = visit.engine
    status, doing = await engine.status(), await engine.workings()
    pauses = await engine.pauses(visit.organisation)
    dead = await engine.dead_letters(visit.organisation, limit=visit.rows)
    late = timedelta(minutes=engine.settings[LATE_MINUTES])
    endpoints = await engine.webhooks(visit.organisation)
    alerts = await engine.operator_alerts(visit.organisation, limit=visit.rows)
    values = {
        "state": words.state(status, visit.at, late=late),
        "status": status,
        "doing": doing,
        "pauses": pauses,
        "stopped": all_stands_still(pauses),
        "passes": await engine.passes(),
        "dead": dead,
        "alerts": alerts,
        "wrong": [row for row in alerts if row["cleared_at"] is None],
        "endpoints": endpoints,
        "kinds": sorted((await engine.governed(visit.organisation)).kinds),
        "modes": MODES,
        "took": _took(doing["ticks"]),
        "room": bars([(row["name"], row["bytes"], _size(row["bytes"])) for row in doing["tables"]]),
        "size": _size,
    }
    return Shown("running.html", values, _tables(doing, dead, alerts))


def _took(ticks: list[dict[str, Any]]) -> Lines:
    done = [row for row in reversed(ticks) if row["seconds"] is not None]
    points = [(row["at"].timestamp(), row["seconds"]) for row in done]
    ends = [done[0], done[-1]] if len(done) > 1 else []
    along = [(row["at"].timestamp(), f"{row['at']:%-d %b %H:%M}") for row in ends]
    longest = max((row["seconds"] for row in done), default=0.0)
    told = f"How long each of the last {len(done)} ticks took, in seconds; the longest {longest:.1f} s."
    return lines([Series("seconds", points)], told=told, along=along, low=0.0)


def _tables(doing: dict[str, Any], dead: list[dict[str, Any]], alerts: list[dict[str, Any]]) -> list[Table]:
    def table(name: str, rows: list[dict[str, Any]], *columns: str) -> Table:
        return Table(name, columns, [[row[column] for column in columns] for row in rows])

    return [
        table("ticks", doing["ticks"], "id", "at", "scope", "policy", "started_at", "finished_at", "seconds"),
        table("jobs", doing["jobs"], "name", "waiting", "running", "failed"),
        table("tables", doing["tables"], "name", "bytes", "rows"),
        table(
            "alerts",
            alerts,
            "id",
            "kind",
            "about",
            "value",
            "bound",
            "sentence",
            "raised_at",
            "told_at",
            "cleared_at",
            "cleared_because",
        ),
        table("dead-letters", dead, "kind", "id", "name", "whom", "attempts", "at", "error"),
    ]


def _size(count: int) -> str:
    """Bytes as people read them.

    >>> _size(1_500_000), _size(900)
    ('1.5 MB', '1 kB')
    """
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{-(-count // 1000):,} kB"


async def _pause(visit: Visit) -> Answer:
    scope, name = visit.form.get("scope", "organisation"), visit.form.get("name", "")
    mode, reason = visit.form.get("mode", "pause"), visit.form.get("reason", "").strip()
    await visit.engine.pause(
        visit.organisation, scope=scope, name=name, mode=mode, actor=visit.operator.actor, reason=reason
    )
    return Gone("running", f"{(name or 'Everything').replace('_', ' ')}: from now on {MODES[mode]}.")


async def _resume(visit: Visit) -> Answer:
    where = {field: visit.form.get(field, "") for field in ("scope", "name", "mode")}
    await visit.engine.resume(visit.organisation, actor=visit.operator.actor, **where)
    return Gone("running", f"{(where['name'] or 'Everything').replace('_', ' ')} goes on.")


async def _again(visit: Visit) -> Answer:
    kind, id = visit.form.get("kind", ""), visit.number("id")
    try:
        name = await visit.engine.send_again(visit.organisation, kind, id, actor=visit.operator.actor)
    except Conflict as error:
        return Gone("running", error.detail)
    return Gone("running", f"{name.replace('_', ' ')} is tried again.")


PARTS = (
    Page("running", _show),
    # Whoever runs sessions may stop everything; that nobody can wait for an admin is the point of the button.
    Act("running/pause", _pause, ORGANISER),
    Act("running/resume", _resume, ORGANISER),
    Act("running/again", _again, ADMIN),
)
