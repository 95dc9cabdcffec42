"""What organisers do in a live session: set something off, approve or dismiss what was proposed.

It goes the way of everything that is done there: the attention of the session is held, guard rails are asked, the
ledger has a row that says who wanted it, and what is to be told lies in the outbox with it. The caller commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from tactful.decide.live.asked import Standing, standing
from tactful.facts.audiences import NOT_LIVE
from tactful.kernel.errors import BadInput, Conflict
from tactful.store.database import Connection
from tactful.store.decided import rooms, suggestions
from tactful.store.running import audit, partitions
from tactful.store.sensed import polls
from tactful.store.steps import run
from tactful.uses.rooms.acts import Act, carry_out, to_room
from tactful.uses.rooms.cases import Deciding
from tactful.uses.rooms.said import ORGANISER, edited, said

POLICY = "manual"
# Somebody decided: there is nothing to doubt.
SURE = 1.0
SAID = {"POLL": "poll", "CHAT_PROMPT": "chat prompt", "NOTIFICATION": "notification", "GAMIFICATION": "game"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organiser sets off. told: see `said.said`."""

    organisation: str
    session_id: str
    event_id: str
    kind: str
    reason: str
    actor: str
    told: Mapping[str, Any] = field(default_factory=dict)
    override: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """How an organiser answers a suggestion. told: parts of its content that are to be said otherwise."""

    organisation: str
    suggestion_id: int
    actor: str
    told: Mapping[str, Any] = field(default_factory=dict)
    override: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done. row: the intervention as written. left: of a cooldown overridden [s]. entries: of the outbox."""

    row: Mapping[str, Any]
    at: datetime
    left: float
    entries: list[dict[str, Any]]


def preview(connection: Connection, asked: Asked, *, at: datetime) -> dict[str, Any]:
    """What would be said if an organiser set it off now; nothing is done. raises: as `set_off`, cooldowns aside."""
    session = run(connection, polls.room(asked.organisation, asked.session_id))
    return said(asked.kind, asked.told, _held(connection, session["id"], at), at)


def set_off(connection: Connection, asked: Asked, *, at: datetime, deciding: Deciding) -> Done:
    """Do what an organiser asks for.

    raises: NotFound; BadInput naming the field; Conflict unless the session runs, while its cooldown lasts, and where
    it is paused.
    """
    session = run(connection, polls.room(asked.organisation, asked.session_id))
    if session["event_id"] != asked.event_id:
        told = f"event_id: the live session {asked.session_id} is not of that event but of {session['event_id']}."
        raise BadInput(told, fields=["event_id"])
    room = _held(connection, session["id"], at)
    deciding = deciding.governing([room])
    content = said(asked.kind, asked.told, room, at)
    now = _allowed(room, asked.kind, at=at, deciding=deciding, override=asked.override)
    facts = {"reason": asked.reason, "template": content.get("template")}
    wanted = _Wanted(room, asked.kind, asked.actor, now, asked.override)
    number = _decided(connection, wanted, _unlisted(asked.kind) | {"facts": facts}, at=at, deciding=deciding)
    act = Act(room, asked.kind, content, SURE, asked.reason, number, asked.actor)
    done = _carried_out(connection, act, now, at=at, deciding=deciding)
    _note(connection, asked.organisation, asked.actor, "live intervention", done, override=asked.override)
    return done


def approve(connection: Connection, answered: Answered, *, at: datetime, deciding: Deciding) -> Done:
    """Do what was proposed, as it was proposed or as the organiser has changed it.

    raises: NotFound; BadInput naming the field; Conflict where it was answered before or waited too long, and as
    `set_off`.
    """
    room, told = _waiting(connection, answered, at)
    deciding = deciding.governing([room])
    content = edited(told, answered.told)
    now = _allowed(room, told["type"], at=at, deciding=deciding, override=answered.override)
    wanted = _Wanted(room, told["type"], answered.actor, now, answered.override)
    number = _decided(connection, wanted, _proposed(connection, told, content), at=at, deciding=deciding)
    act = Act(room, told["type"], content, told["confidence"], told["reasoning"], number, answered.actor)
    closed = _closed(room, told["id"], "approved", intervention_id=act.id)
    done = _carried_out(connection, act, now, at=at, deciding=deciding, more=[closed])
    suggestions.answer(connection, told["id"], "approved", at=at, actor=answered.actor, intervention=act.id)
    _note(
        connection, answered.organisation, answered.actor, "approve suggestion", done,
        suggestion=told["id"], override=answered.override, edited=bool(answered.told),
    )  # fmt: skip
    return done


def dismiss(connection: Connection, answered: Answered, *, at: datetime) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Let a suggestion go: it as it is now, and the entries of the outbox.

    raises: NotFound; Conflict where it was answered before or waited too long.
    """
    room, told = _waiting(connection, answered, at)
    suggestions.answer(connection, told["id"], "dismissed", at=at, actor=answered.actor)
    detail = {"session": room["session_id"], "suggestion": told["id"], "reason": answered.reason}
    audit.note(connection, answered.organisation, actor=answered.actor, act="dismiss suggestion", detail=detail)
    entries = rooms.post(connection, [_closed(room, told["id"], "dismissed")])
    return suggestions.one(connection, told["id"], at, hold=False), entries


@dataclass(frozen=True, slots=True)
class _Wanted:
    room: Mapping[str, Any]
    kind: str
    actor: str
    now: Standing
    override: bool


def _held(connection: Connection, live_session_id: int, at: datetime) -> Mapping[str, Any]:
    # Whoever listens to sessions waits for this one too.
    partitions.stand(connection)
    (room,) = rooms.rooms(connection, [live_session_id], at)
    if room["state"] != "live":
        told = f"The live session {room['session_id']} {NOT_LIVE[room['state']]}; interventions are for those that run."
        raise Conflict(told, fields=["session_id"])
    return room


def _waiting(connection: Connection, answered: Answered, at: datetime) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """The session and its suggestion, both held."""
    session = suggestions.session(connection, answered.organisation, answered.suggestion_id)
    room = _held(connection, session, at)
    told = suggestions.one(connection, answered.suggestion_id, at)
    if told["state"] == "expired":
        when = f"{told['expires_at']:%H:%M:%S} UTC"
        raise Conflict(f"This suggestion waited until {when}; the moment it was made for has passed.", fields=["id"])
    if told["state"] != "waiting":
        raise Conflict(f"This suggestion was {told['state']} already, by {told['answered_by']}.", fields=["id"])
    return room, told


def _allowed(room: Mapping[str, Any], kind: str, *, at: datetime, deciding: Deciding, override: bool) -> Standing:
    now = standing(room, kind, at=at, rules=deciding.rules.of(room["organisation_id"]))
    if now.paused:
        raise Conflict("An operator paused this; end the pause first.", fields=["intervention_type"])
    if now.shadow:
        raise Conflict("Shadow mode is on: nothing is done. End it first.", fields=["intervention_type"])
    if now.left > 0 and not override:
        told = f"The last {SAID[kind]} is too short a while ago: {ceil(now.left)} seconds are left. Wait, or override."
        raise Conflict(told, fields=["override"])
    return now


def _proposed(connection: Connection, told: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """The candidate as it was when it was proposed."""
    source = suggestions.source(connection, told)
    facts = {"suggestion_id": told["id"], "decision_id": told["decision_id"]}
    facts |= {"edited": bool(content.get("edited")), "template": content.get("template")}
    if source is None:
        return _unlisted(told["type"]) | {"facts": facts}
    place = source["kinds"].index(told["type"])
    listed = {name: [source[name][place]] for name in ("kinds", "triggers", "priorities", "expected")}
    return listed | {"facts": source["facts"] | facts}


def _unlisted(kind: str) -> dict[str, Any]:
    """A candidate that nothing proposed."""
    return {"kinds": [kind], "triggers": [ORGANISER], "priorities": [0], "expected": [0.0]}


def _decided(
    connection: Connection, wanted: _Wanted, candidate: Mapping[str, Any], *, at: datetime, deciding: Deciding
) -> int:
    """Write the decision; its number. Somebody wanted it, so nothing was drawn."""
    room = wanted.room
    facts = candidate["facts"] | {
        "actor": wanted.actor,
        "override": wanted.override,
        "cooldown_left": round(wanted.now.left, 3),
        "viewers": room["viewers"],
        "mode": room["mode"],
    }
    row = {name: room[name] for name in ("organisation_id", "live_session_id")} | {
        **candidate,
        "verdicts": [wanted.now.bits],
        "chosen": wanted.kind,
        "propensity": 1.0,
        "draw": 0.0,
        "result": "acted",
        "facts": facts,
    }
    rules = deciding.rules
    (number,) = rooms.record(connection, [row], at=at, policy=POLICY, configuration=rules.stored(), own_upto=rules.upto)
    return number


def _carried_out(
    connection: Connection, act: Act, now: Standing, *, at: datetime, deciding: Deciding, more: Any = ()
) -> Done:
    (row,), news = carry_out(connection, [act], at=at, results=deciding.results)
    return Done(row, at, now.left, rooms.post(connection, [*news, *more]))


def _closed(room: Mapping[str, Any], number: int, state: str, **more: Any) -> dict[str, Any]:
    return to_room(room, "suggestion_closed", {"id": number, "state": state, **more})


def _note(connection: Connection, organisation: str, actor: str, act: str, done: Done, **more: Any) -> None:
    detail = {"session": done.row["session_id"], "intervention": done.row["id"], "type": done.row["type"], **more}
    audit.note(connection, organisation, actor=actor, act=act, detail=detail)
