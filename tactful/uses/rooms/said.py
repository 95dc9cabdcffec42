"""What is said where an organiser sets something off: their own words, a template's, or a proposal they changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tactful.compose.polls import Context, Template, render, suitable
from tactful.compose.polls.changed import library_of
from tactful.compose.polls.choosing import GAMES
from tactful.compose.polls.own import FIELDS, written
from tactful.facts.rooms import phase
from tactful.kernel.errors import BadInput
from tactful.uses.rooms.acts import PART

# Whose words they are, and what the ledger names as the reason where nothing was noticed.
ORGANISER = "organiser"
# Fields that mean the same wherever they stand, or nothing.
ANYWHERE = ("type", "name", "to")
WORDS = {name for fields in FIELDS.values() for name in fields if name not in ANYWHERE}


def said(kind: str, told: Mapping[str, Any], room: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The contents of an intervention of `kind`, as in `interventions.metadata`, without what carrying it out adds.

    told: words, by FIELDS of the kind; without any a template says it, of a game the one that `name` names. Whatever
    else is there is kept under `context`. room: a row of `rooms.rooms`. raises: BadInput naming the field.
    """
    strange = sorted(WORDS & told.keys() - set(FIELDS[kind]))
    if strange:
        path = f"context.{strange[0]}"
        raise BadInput(f"{path} is not said of {kind}; known are {', '.join(FIELDS[kind])}.", fields=[path])
    own = {name: told[name] for name in FIELDS[kind] if told.get(name) is not None}
    kept = {name: value for name, value in told.items() if name not in FIELDS[kind]}
    content = _own(kind, own, room) if own.keys() - {"name"} else _templated(kind, own.get("name"), room, at)
    return content | ({"context": kept} if kept else {})


def edited(told: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a suggestion with what an organiser has changed of its words.

    told: type and content of the suggestion. changed: its part, with the fields that are to be otherwise.
    raises: BadInput naming the field.
    """
    content, part = dict(told["content"]), PART[told["type"]]
    strange = sorted(changed.keys() - {part})
    if strange:
        path = f"content.{strange[0]}"
        raise BadInput(f"{path} is not part of this suggestion; it has {part}.", fields=[path])
    if part not in changed:
        return content
    words = dict(content[part]) | {name: value for name, value in changed[part].items() if value is not None}
    if words.get("type") == "open_ended" and not changed[part].get("options"):
        words["options"] = []
    return content | {part: written(told["type"], words, path=f"content.{part}"), "edited": True}


def _own(kind: str, own: Mapping[str, Any], room: Mapping[str, Any]) -> dict[str, Any]:
    return {PART[kind]: written(kind, own), "language": room["language"], "generated_by": ORGANISER}


def _templated(kind: str, name: Any, room: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    context = _context(room, at)
    content = render(_template(kind, name, context, room["own_templates"]), context)
    # Nothing was noticed.
    return {name: value for name, value in content.items() if name not in ("anomaly_type", "severity")}


def _template(kind: str, name: Any, context: Context, own: str) -> Template:
    if name is not None:
        return _game(name, own)
    fitting = suitable(kind, context, own)
    if not fitting:
        raise BadInput("No template fits; write in context what is to be said.", fields=["context"])
    return fitting[0]


def _game(name: Any, own: str) -> Template:
    found = next((each for each in library_of(own) if each.name == name and each.family in GAMES), None)
    if found is None:
        told = f"context.name: no game is called {str(name)[:60]}; write title and body, or leave it out."
        raise BadInput(told, fields=["context.name"])
    return found


def _context(room: Mapping[str, Any], at: datetime) -> Context:
    return Context(
        anomaly="",
        severity="",
        viewers=room["viewers"],
        phase=phase(at, room["started_at"], room["ends_at"]),
        topic=room["topic"],
        title=room["title"],
        language=room["language"],
        used=tuple(room["templates"]),
    )
