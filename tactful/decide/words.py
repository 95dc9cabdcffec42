"""Decisions in plain words: why, why not, and what would have to change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tactful.decide import inline_help
from tactful.decide.guardrails import RAILS, Rail
from tactful.decide.triggers import Trigger, triggers
from tactful.kernel.settings import Settings

RESULTS = {
    "acted": "{kind} was chosen and may be shown at once.",
    "deferred": "{kind} was chosen and waits until {due}.",
    "shadow": "{kind} was chosen, but only on record: shadow mode is on.",
    "lost": "{kind} was chosen, but another decision was quicker and took the attention or the place it needed.",
    "silent": "Nothing was chosen.",
}
REASONS = {each.name: each.why for each in triggers(Settings({}))} | inline_help.WHY
# Facts that arrived late can make a stored moment look different from how it was seen then.
CHANGED = "By what is known today about that moment, it would have been."
MINUTES = ("local_minute", "quiet_start", "quiet_end")


class Told(dict[str, str]):
    """Facts as words; what nobody knows is called unknown."""

    def __missing__(self, name: str) -> str:
        return "unknown"


def words(
    decision: Mapping[str, Any],
    facts: Mapping[str, Any],
    rails: Sequence[Rail] = RAILS,
    *,
    reasons: Mapping[str, str] | None = None,
) -> list[str]:
    """Sentences about one decision.

    decision: DECISION or a ledger row. facts: what was known then; what is missing is called unknown.
    rails: those that were asked, in their order then. reasons: why triggers propose something, of an organisation's own
    too; those everybody has when left out.

    >>> words({"kinds": [], "verdicts": [], "result": "silent"}, {})
    ['Nothing was chosen.', 'There was no reason to reach out: no trigger proposed anything.']
    """
    chosen, due = decision.get("chosen"), decision.get("due_at")
    known = REASONS | dict(reasons or {})
    told = [RESULTS[decision["result"]].format(kind=_name(chosen), due=_time(due))]
    if not decision["kinds"]:
        return [*told, "There was no reason to reach out: no trigger proposed anything."]
    for kind, trigger, bits in zip(decision["kinds"], decision["triggers"], decision["verdicts"], strict=True):
        told.append(f"{_name(kind)} was considered. {known.get(trigger, trigger)} {_verdict(bits)}")
        told.extend(_line(rail, facts) for number, rail in enumerate(rails) if bits >> number & 1)
    return told


def not_considered(decision: Mapping[str, Any], moment: pl.DataFrame, reasons: Sequence[Trigger]) -> list[str]:
    """For each of `reasons` that proposed nothing in `decision`, why it did not, by its own conditions.

    moment: MOMENT with BELIEF, the one row that was decided about. reasons: the triggers of then.
    """
    silent = [each for each in reasons if each.name not in decision["triggers"]]
    why = [(each.kind, " ".join(each.unmet(moment))) for each in silent]
    # A weaker reason for a kind that was considered needs no excuse.
    told = [(kind, unmet) for kind, unmet in why if unmet or kind not in decision.get("kinds", ())]
    return [f"{_name(kind)} was not considered. {unmet or CHANGED}" for kind, unmet in told]


def whys(bits: int, facts: Mapping[str, Any], rails: Sequence[Rail] = RAILS) -> list[str]:
    """Why each guard rail whose bit is set forbids. facts: what is known; what is missing is called unknown."""
    known = Told({name: _shown(name, value) for name, value in facts.items() if value is not None})
    return [rail.why.format_map(known) for number, rail in enumerate(rails) if bits >> number & 1]


def against(rail: Rail, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Why a guard rail forbids, and what would have to change, with these facts."""
    known = Told({name: _shown(name, value) for name, value in facts.items() if value is not None})
    # Only our own sentences are templates; what people wrote is filled in as it is.
    return rail.why.format_map(known), rail.change.format_map(known)


def _line(rail: Rail, facts: Mapping[str, Any]) -> str:
    why, change = against(rail, facts)
    return f"  {rail.name.replace('_', ' ')}: {why} To allow it: {change[0].lower()}{change[1:]}"


def _verdict(bits: int) -> str:
    count = bits.bit_count()
    return "Every guard rail allowed it." if not count else f"{count} guard rail{'s' * (count > 1)} forbade it."


def _shown(name: str, value: Any) -> str:
    if name in MINUTES:
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    return _time(value) if isinstance(value, datetime) else str(value)


def _name(kind: str | None) -> str:
    return (kind or "nothing").replace("_", " ").capitalize()


def _time(at: datetime | None) -> str:
    return "later" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
