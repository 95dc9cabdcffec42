"""The form with which something is set off by hand: what kind, in which words, and how they will be read."""

from collections.abc import Mapping
from typing import Any

from tactful.compose.polls.own import FIELDS
from tactful.console.now import shown
from tactful.console.now.acts import seconds
from tactful.console.visit import Visit
from tactful.kernel.errors import BadInput
from tactful.uses.rooms.acts import PART
from tactful.uses.rooms.organising import SAID

KINDS = tuple(SAID.items())
# What is to be read; without any of it a template says it.
READ = ("question", "text", "title", "body")

Row = Mapping[str, Any]


def kind_of(visit: Visit) -> str:
    """Which kind somebody wants to set off. raises: BadInput."""
    kind = visit.form.get("kind") or visit.asked.get("kind") or KINDS[0][0]
    if kind not in SAID:
        raise BadInput(f"kind must be one of {', '.join(SAID)}.", fields=["kind"])
    return kind


def form_of(visit: Visit, preview: Row | None = None) -> dict[str, Any]:
    """The form as it is to be filled in: kind, kinds, and the words that were written, or that a template says."""
    kind, given = kind_of(visit), visit.form or visit.asked
    said = preview[PART[kind]] if preview else {}
    words = {name: _line(said.get(name)) or given.get(name, "") for name in FIELDS[kind]}
    read = shown.said(kind, preview) if preview else None
    return {"kind": kind, "kinds": KINDS, "words": words, "read": read, "reason": given.get("reason", "")}


def _line(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(each) for each in value)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def told(given: Mapping[str, str], kind: str) -> dict[str, Any]:
    """The words of a form, as `Engine.set_off` takes them; nothing where a template is to say it. raises: BadInput.

    >>> told({"text": " Hello ", "kind": "CHAT_PROMPT"}, "CHAT_PROMPT"), told({"to": "audience"}, "NOTIFICATION")
    ({'text': 'Hello'}, {})
    """
    words: dict[str, Any] = {name: given[name].strip() for name in FIELDS[kind] if given.get(name, "").strip()}
    if not words.keys() & set(READ):
        return {}
    if "options" in words:
        words["options"] = [line.strip() for line in words["options"].splitlines() if line.strip()]
    if words.get("type") == "open_ended":
        words.pop("options", None)
    if "duration" in words:
        words["duration"] = seconds(words["duration"])
    return words
