"""The report of a live session: how engaged its audience was, what was noticed, what was done and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tactful.store.database import Connection
from tactful.store.decided import acted, reported, suggestions
from tactful.store.sensed import leaderboard, polls, questions
from tactful.store.steps import Steps, run

# Two days of stretches of ten seconds; and rows of every other part.
MOST_STRETCHES, MOST = 17_280, 2_000
# First places of the leaderboard.
PLACES = 10


def report(connection: Connection, organisation: str, session_id: str, at: datetime) -> dict[str, Any]:
    """Everything that is told of a session afterwards, or until `at` while it runs. raises: NotFound.

    Parts are lists, oldest first. cut: the names of parts that are longer than they are told.
    """
    return run(connection, _report(organisation, session_id, at))


def _report(organisation: str, session_id: str, at: datetime) -> Steps[dict[str, Any]]:
    room = yield from polls.room(organisation, session_id)
    told = yield from reported.session(room["id"])
    parts = yield from _parts(room, at)
    (board,) = yield from leaderboard.boards([leaderboard.Asked(room["id"])], limit=PLACES)
    mosts = {name: MOST_STRETCHES if name == "timeline" else MOST for name in parts}
    kept = {name: rows[: mosts[name]] for name, rows in parts.items()}
    cut = [name for name, rows in parts.items() if len(rows) > mosts[name]]
    hidden = ("id", "organisation_id")
    return {
        "session": {name: value for name, value in told.items() if name not in hidden},
        "until": told["ended_at"] or at,
        "summary": _summary(told, kept, at),
        **kept,
        "leaderboard": board.first,
        "cut": cut,
    }


def _parts(room: Mapping[str, Any], at: datetime) -> Steps[dict[str, list[dict[str, Any]]]]:
    """Each one row longer than it is told, where it is too long."""
    own, most = room["id"], MOST + 1
    timeline = yield from reported.timeline(own, limit=MOST_STRETCHES + 1)
    anomalies = yield from reported.anomalies(own, limit=most)
    _, interventions = yield from acted.of_session(own, limit=most, offset=0)
    proposed = yield from suggestions.several(own, at, state=None, limit=most, offset=0)
    opened = yield from polls.several(room, limit=most, offset=0)
    asked = yield from questions.several(room, participant=None, hidden=True, limit=most, offset=0)
    return {
        "timeline": timeline,
        "anomalies": anomalies,
        "interventions": interventions[::-1],
        "suggestions": proposed[::-1],
        "polls": opened[::-1],
        "questions": sorted(asked, key=lambda row: (row["asked_at"], row["question_id"])),
    }


def _summary(session: Mapping[str, Any], parts: Mapping[str, Sequence[Mapping[str, Any]]], at: datetime) -> Any:
    timeline = parts["timeline"]
    known = [row["engagement"] for row in timeline if row["engagement"] is not None]
    began, ended = session["started_at"], session["ended_at"] or at
    return {
        "seconds": None if began is None else round((ended - began).total_seconds()),
        "most_viewers": max((row["viewers"] for row in timeline), default=0),
        "signals": sum(row["signals"] for row in timeline),
        "engagement": sum(known) / len(known) if known else None,
        "anomalies": len(parts["anomalies"]),
        "interventions": len(parts["interventions"]),
        "votes": sum(row["votes"] for row in parts["polls"]),
        "questions": len(parts["questions"]),
    }
