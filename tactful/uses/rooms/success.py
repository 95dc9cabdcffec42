"""Whether what was done in a live session did good: by what is known of its type, never by before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tactful.decide.live.kinds import NAMES
from tactful.learn.lift import Lift, lifts
from tactful.store.database import Connection
from tactful.store.decided import acted
from tactful.store.learned import rooms
from tactful.store.steps import run

UNKNOWN = Lift(None, None, None, 0, 0, 0)


def effects(connection: Connection, organisation_id: int, at: datetime) -> dict[str, Lift]:
    """What each type does in the organisation's sessions, of all types; by moments settled lately."""
    known = lifts(rooms.moments(connection, organisation_id, at))
    return {kind: known.get(kind, UNKNOWN) for kind in NAMES}


def stats(connection: Connection, session: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Counts of a session, and how many of its interventions are of a type that is known to do good.

    session: as `store.sensed.polls.room` tells it. success_rate: of those that the audience heard and whose type's
    effect is known [0..1], and successful_interventions of the same; None where it is known of none of them.
    """
    rows = run(connection, acted.by_type(session["id"]))
    counts = {row["type"]: row["interventions"] for row in rows}
    total = sum(counts.values())
    found = effects(connection, session["organisation_id"], at)
    told = {row["type"]: row["heard"] for row in rows if row["heard"] and found[row["type"]].success is not None}
    good = sum(count for kind, count in told.items() if found[kind].success)
    return {
        "session_id": session["session_id"],
        "total_interventions": total,
        "by_type": counts,
        "success_rate": good / sum(told.values()) if told else None,
        "avg_confidence": sum(row["confidence"] for row in rows) / total if total else None,
        "successful_interventions": good if told else None,
        "effects": {kind: each.as_json() for kind, each in found.items()},
    }
