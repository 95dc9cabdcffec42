"""Decisions in plain words: why, why not, and what would have to change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tactful.decide.guardrails import RAILS, Rail

RESULTS = {
    "acted": "{kind} was chosen and may be shown at once.",
    "deferred": "{kind} was chosen and waits until {due}.",
    "shadow": "{kind} was chosen, but only on record: shadow mode is on.",
    "lost": "{kind} was chosen, but another decision had just used up the attention it needed.",
    "silent": "Nothing was chosen.",
}


def words(decision: Mapping[str, Any], facts: Mapping[str, Any], rails: Sequence[Rail] = RAILS) -> list[str]:
    """Sentences about one decision.

    decision: DECISION or a ledger row. facts: what was known then; what is missing is left out.

    >>> words({"kinds": [], "verdicts": [], "result": "silent"}, {})
    ['Nothing was chosen.', 'There was no reason to reach out: no trigger proposed anything.']
    """
    chosen, due = decision.get("chosen"), decision.get("due_at")
    told = [RESULTS[decision["result"]].format(kind=_name(chosen), due=_time(due))]
    if not decision["kinds"]:
        return [*told, "There was no reason to reach out: no trigger proposed anything."]
    triggers = decision.get("triggers") or [""] * len(decision["kinds"])
    for kind, trigger, bits in zip(decision["kinds"], triggers, decision["verdicts"], strict=True):
        told.append(f"{_name(kind)} was considered ({trigger.replace('_', ' ')}): {_verdict(bits)}")
        told.extend(f"  {rail.name}: {_why(rail, facts)}" for n, rail in enumerate(rails) if bits >> n & 1)
    return told


def _verdict(bits: int) -> str:
    count = bits.bit_count()
    return "every guard rail allowed it." if not count else f"{count} guard rail{'s' * (count > 1)} forbade it."


def _why(rail: Rail, facts: Mapping[str, Any]) -> str:
    shown = {name: _clock(value) if name in CLOCKS else value for name, value in facts.items()}
    try:
        return rail.why.format_map(shown)
    except KeyError:
        # The ledger keeps what a decision used, not everything; say the rule without the figures.
        return rail.why.split("{")[0].rstrip(" ,") + "..."


CLOCKS = ("local_minute", "quiet_start", "quiet_end")


def _clock(minute: Any) -> str:
    return "never" if minute is None else f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def _name(kind: str | None) -> str:
    return (kind or "nothing").replace("_", " ").capitalize()


def _time(at: datetime | None) -> str:
    return "later" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
