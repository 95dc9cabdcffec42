"""Answering what is proposed: approve it, approve it in other words, or let it go."""

from collections.abc import Mapping
from typing import Any

from tactful.console.now.shown import CHANGEABLE
from tactful.console.visit import Answer, Gone, Shown, Visit
from tactful.kernel.errors import BadInput
from tactful.uses.rooms.acts import PART


async def approve(visit: Visit) -> Answer:
    """Do it, in other words where the form has some."""
    number = visit.number("id")
    content = edited(visit.form) if visit.form.get("edited") else None
    done = await visit.engine.approve(visit.organisation, number, content=content, actor=visit.operator.actor)
    return _answered(visit, f"Approved. {done['message']}")


async def dismiss(visit: Visit) -> Answer:
    """Let it go."""
    reason = visit.form.get("reason", "").strip()
    await visit.engine.dismiss(visit.organisation, visit.number("id"), reason=reason, actor=visit.operator.actor)
    return _answered(visit, "Dismissed.")


def _answered(visit: Visit, said: str) -> Answer:
    # A page that keeps up by itself asks for the part alone, and stays where it is.
    if visit.part:
        return Shown("now_answered.html", {"told": said})
    return Gone("now", said)


def edited(form: Mapping[str, str]) -> dict[str, Any]:
    """What is to be said otherwise, as `Engine.approve` takes it. raises: BadInput.

    >>> edited({"kind": "POLL", "question": "Go on?", "options": "Yes\\r\\nNo\\r\\n", "duration": "60"})
    {'poll': {'question': 'Go on?', 'options': ['Yes', 'No'], 'duration': 60.0}}
    """
    kind = form.get("kind", "")
    if kind not in CHANGEABLE:
        raise BadInput(f"kind must be one of {', '.join(CHANGEABLE)}.", fields=["kind"])
    return {PART[kind]: words(kind, form)}


def words(kind: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The words of a kind of intervention, out of a form; what was left empty is left out. raises: BadInput."""
    given = {name: form[name].strip() for name in CHANGEABLE[kind] if form.get(name, "").strip()}
    told: dict[str, Any] = dict(given)
    if "options" in told:
        told["options"] = [line.strip() for line in given["options"].splitlines() if line.strip()]
    if "duration" in told:
        told["duration"] = seconds(given["duration"])
    return told


def seconds(told: str) -> float:
    """A number of seconds out of a form. raises: BadInput."""
    if not told.isascii() or not told.isdigit() or len(told) > 6:
        raise BadInput("duration must be a whole number of seconds.", fields=["duration"])
    return float(told)
