"""What is happening now? All live sessions that run, what is proposed, what happened, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tactful.console.now import frames, shown
from tactful.console.now.lookout import HISTORY
from tactful.console.pages import ORGANISER
from tactful.console.pauses import all_stands_still
from tactful.console.pictures.lines import Lines, Series, lines
from tactful.console.tables import Table
from tactful.console.visit import Shown, Visit

# What happened for so long is listed, up to so many things of each list.
LISTED = timedelta(hours=1)
MOST = 40
# The least engaged sessions, in colour.
COLOURS = ("first", "second", "third")

Row = Mapping[str, Any]


async def show(visit: Visit) -> Shown:
    """The page. It needs no script; with one it keeps up by itself."""
    found = await visit.engine.happening(visit.organisation, since=visit.at - LISTED)
    names = [row["session_id"] for row in found["sessions"]]
    heard = await visit.engine.heard_lately(visit.organisation, names, since=visit.at - HISTORY)
    changed = [shown.change(row) for row in found["changes"]]
    values = {
        "rows": [shown.session(row) for row in found["sessions"]],
        "total": found["total"],
        "answer": shown.answer(found["sessions"], found["total"]),
        "picture": picture(found, heard),
        "suggestions": [each for each in changed if each["kind"] == "suggestion" and each["waiting"]],
        "feed": [each for each in changed if each["kind"] != "outcome"][:MOST],
        "outcomes": [each for each in changed if each["kind"] == "outcome"][:MOST],
        "since": frames.cursor(found["at"]),
        "may": visit.operator.may(ORGANISER),
        "stopped": all_stands_still(await visit.engine.pauses(visit.organisation)),
    }
    return Shown("now.html", values, tables(heard, changed))


def picture(found: Row, heard: Sequence[Row]) -> Lines:
    """The curves, for those who have no script: the least engaged in colour, over the others."""
    points: dict[str, list[tuple[float, float | None]]] = {row["session_id"]: [] for row in found["sessions"]}
    for each in heard:
        points[each["session_id"]].append((each["at"].timestamp(), each["engagement"]))
    tones = dict(zip(points, COLOURS, strict=False))
    titles = {row["session_id"]: shown.called(row) for row in found["sessions"]}
    series = [Series(titles[name], each, tones.get(name, "")) for name, each in reversed(points.items())]
    start = found["at"] - HISTORY
    noticed = [row for row in found["changes"] if row["kind"] == "anomaly" and row["at"] > start]
    marks = [(row["at"].timestamp(), f"{shown.called(row)}: {shown.anomaly(row['told']['type'])}") for row in noticed]
    minutes = [found["at"] - timedelta(minutes=each) for each in (15, 10, 5, 0)]
    along = [(at.timestamp(), f"{at:%H:%M}") for at in minutes]
    told = "Engagement of every session over the last 15 minutes."
    return lines(series, told=told, along=along, marks=marks, low=0, high=1, percent=True)


def tables(heard: Sequence[Row], changed: Sequence[Row]) -> list[Table]:
    """What can be saved."""
    figures = [[row["session_id"], row["at"], row["engagement"], row["viewers"]] for row in heard]
    happened = [[row["at"], row["session_id"], row["kind"], _what(row), _words(row)] for row in changed]
    names = ("before", "after", "gain", "low", "high")
    came = [row for row in changed if row["kind"] == "outcome"]
    outcomes = [[row["at"], row["session_id"], row["word"], row["said"]["first"], *map(row.get, names)] for row in came]
    return [
        Table("engagement", ("session", "until", "engagement", "people"), figures),
        Table("happened", ("at", "session", "kind", "what", "words"), happened),
        Table("outcomes", ("at", "session", "what", "words", *names), outcomes),
    ]


def _what(row: Row) -> str:
    return str(row.get("word") or row["told"].get("type", ""))


def _words(row: Row) -> str:
    return str(row["said"]["first"] if "said" in row else row["told"].get("reasoning") or row["told"].get("question"))
