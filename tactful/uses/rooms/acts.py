"""Doing something in a live session: everything that is written and told of it, whoever set it off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tactful.kernel import ids
from tactful.sense.settings import POLL_RESULTS
from tactful.store.database import Connection
from tactful.store.decided import rooms

# The part of the contents that says what to do, by kind of intervention.
PART = {"POLL": "poll", "CHAT_PROMPT": "prompt", "NOTIFICATION": "notification", "GAMIFICATION": "gamification"}
# What rooms are told.
TOLD = {"POLL": "poll_opened", "CHAT_PROMPT": "chat_prompt", "NOTIFICATION": "notification"}
# What a room is told of a poll that opens, whoever opened it. duration [s]; intervention_id: None where it is of none.
OPENED = ("poll_id", "question", "type", "options", "duration", "opened_at", "closes_at", "results", "intervention_id")
INTERVENTIONS = "agent.interventions"
ANOMALIES = "agent.anomalies"


def new_id() -> str:
    """An id for something that is about to be written: a random UUID."""
    return str(UUID(int=ids.seed() << 64 | ids.seed(), version=4))


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done now.

    room: a row of `rooms.rooms`. content: its contents (`compose.polls`). actor: who set it off; None for nobody.
    """

    room: Mapping[str, Any]
    kind: str
    content: Mapping[str, Any]
    confidence: float
    reasoning: str
    decision_id: int
    actor: str | None = None
    id: str = field(default_factory=new_id)


def carry_out(
    connection: Connection, acts: Sequence[Act], *, at: datetime, results: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Write all of it; the interventions as written, and what is to be published.

    results: when voters see those of a poll, unless its organisation has set it otherwise. The attention of the rooms
    must be held (`rooms.rooms`).
    """
    polls = [_poll(act, at, results) for act in acts if act.kind == "POLL"]
    contents = {act.id: _content(act, at, results, polls) for act in acts}
    rows = [_row(act, contents[act.id]) for act in acts]
    spent = [_spent(act, at) for act in acts]
    rooms.act(connection, rows, polls, spent, at)
    news = [message for act in acts for message in _messages(act, contents[act.id])]
    return rows, news


def to_room(room: Mapping[str, Any], kind: str, data: Mapping[str, Any], *, to: Any = "organisers") -> dict[str, Any]:
    """An entry for the outbox that tells a room something."""
    return {
        "organisation_id": room["organisation_id"],
        "channel": f"room:{room['live_session_id']}",
        "body": {"type": kind, "to": to, "data": dict(data)},
    }


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is told: no numbers of ours but its own, times as text."""
    hidden = ("live_session_id", "organisation_id")
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in hidden
    }


def _row(act: Act, content: Mapping[str, Any]) -> dict[str, Any]:
    named = ("organisation_id", "live_session_id", "session_id", "event_id")
    return {name: act.room[name] for name in named} | {
        "id": act.id,
        "type": act.kind,
        "confidence": act.confidence,
        "reasoning": act.reasoning,
        "metadata": content,
        "decision_id": act.decision_id,
        "actor": act.actor,
    }


def _results(act: Act, results: str) -> str:
    return str(act.room["own"].get(POLL_RESULTS.name, results))


def _poll(act: Act, at: datetime, results: str) -> dict[str, Any]:
    told = act.content["poll"]
    return {
        "id": new_id(),
        "organisation_id": act.room["organisation_id"],
        "live_session_id": act.room["live_session_id"],
        "intervention_id": act.id,
        "template": act.content.get("template"),
        "question": told["question"],
        "type": told["type"],
        "options": list(told["options"]),
        "results": _results(act, results),
        "seconds": told["duration"],
    }


def _content(act: Act, at: datetime, results: str, polls: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    content = dict(act.content)
    for poll in polls:
        if poll["intervention_id"] == act.id:
            closes = at + timedelta(seconds=poll["seconds"])
            more = {"poll_id": poll["id"], "opened_at": at.isoformat(), "closes_at": closes.isoformat()}
            content["poll"] = {**content["poll"], **more, "results": _results(act, results)}
    return content


def _spent(act: Act, at: datetime) -> dict[str, Any]:
    # Rounded up, so that whole seconds never end a cooldown early.
    epoch = int(at.timestamp()) + (at.microsecond > 0)
    session = act.room["live_session_id"]
    return {"live_session_id": session, "type": act.kind, "epoch": epoch, "template": act.content.get("template")}


def _messages(act: Act, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    part = PART[act.kind]
    body = {
        "type": act.kind,
        "intervention_id": act.id,
        "session_id": act.room["session_id"],
        "event_id": act.room["event_id"],
        "organisation": act.room["organisation"],
        part: content[part],
        "metadata": {name: value for name, value in content.items() if name != part}
        | {"confidence": act.confidence, "reasoning": act.reasoning},
    }
    told = {"intervention_id": act.id, **content[part]}
    if act.kind == "POLL":
        told = {name: told[name] for name in OPENED}
    kind = TOLD.get(act.kind) or content[part]["type"]
    to = content[part].get("to", "audience")
    return [
        {"organisation_id": act.room["organisation_id"], "channel": INTERVENTIONS, "body": body},
        to_room(act.room, kind, told, to=to),
        to_room(act.room, "intervention", body),
    ]
