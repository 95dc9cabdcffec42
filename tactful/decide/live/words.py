"""Decisions in live sessions in plain words: what was noticed, what could have been done, what each rule said."""

from collections.abc import Mapping, Sequence
from typing import Any

from tactful.decide.guardrails import LIVE_RAILS, Rail
from tactful.decide.live.handlers import BY_NAME, HANDLERS
from tactful.decide.live.kinds import NAMES
from tactful.decide.words import Told

RESULTS = {
    "acted": "{kind} was done.",
    "suggested": "{kind} was proposed to an organiser: {mode} sessions wait for one.",
    "control": "{kind} was chosen and left alone on purpose, so that it can be told what would have come of it.",
    "shadow": "{kind} was chosen, but only on record: shadow mode is on.",
    "lost": "{kind} was chosen, but not done: another reason for the same was more urgent, or nothing said it.",
    "silent": "Nothing was chosen.",
}
SUGGESTIONS = {
    "waiting": "It waits for an answer until {expires_at:%H:%M:%S} UTC.",
    "expired": "Nobody answered until {expires_at:%H:%M:%S} UTC, and the moment had passed.",
    "approved": "{answered_by} approved it at {answered_at:%H:%M:%S} UTC.",
    "dismissed": "{answered_by} dismissed it at {answered_at:%H:%M:%S} UTC.",
}
BY_HAND = "An organiser is bound by the cooldown and by pauses alone; the others are on record."


def words(row: Mapping[str, Any], *, rails: Sequence[str], share: float | None) -> list[str]:
    """Sentences about one row of the ledger.

    rails: names of the guard rails that were asked, in their order then. share: of moments that were left alone on
    purpose then (0..1); None where nobody knows.
    """
    by_hand = "actor" in row["facts"]
    told = [*_noticed(row["facts"]), *(_asked_for(row["facts"]) if by_hand else [])]
    told.append(RESULTS[row["result"]].format(kind=name(row["chosen"]), mode=_name(row["facts"].get("mode"))))
    told += [line for place in range(len(row["kinds"])) for line in _candidate(row, place, rails)]
    return [*told, *([BY_HAND] if by_hand and any(row["verdicts"]) else _left_out(row)), *_drawn(row, share)]


def became(suggestion: Mapping[str, Any]) -> str:
    """What became of what was proposed. suggestion: state, expires_at, answered_at and answered_by."""
    return SUGGESTIONS[suggestion["state"]].format_map(suggestion)


def name(kind: str | None) -> str:
    """A kind as it is read.

    >>> name("CHAT_PROMPT")
    'Chat prompt'
    """
    return _name(kind).capitalize()


def _name(text: str | None) -> str:
    return (text or "nothing").replace("_", " ").lower()


def _noticed(facts: Mapping[str, Any]) -> list[str]:
    if not facts.get("anomaly_type"):
        return []
    told = [f"{facts['anomaly_type']} was noticed, {facts['severity']}. {facts['reasoning']}"]
    if facts.get("engagement") is None or facts.get("expected_engagement") is None:
        return told
    figures = f"Engagement was {facts['engagement']:.2f} where {facts['expected_engagement']:.2f} was expected"
    return [*told, f"{figures}; {facts['viewers']:,} viewers were there."]


def _asked_for(facts: Mapping[str, Any]) -> list[str]:
    told = f"{facts['actor']} wanted it"
    told += f": {facts['reason']}" if facts.get("reason") else f", by approving suggestion {facts['suggestion_id']}"
    lines = [told if told.endswith((".", "!", "?")) else f"{told}."]
    if facts.get("edited"):
        lines.append("The words were changed before.")
    if facts.get("override") and facts.get("cooldown_left"):
        lines.append(f"{facts['cooldown_left']:.0f} s of the cooldown were left; the organiser overrode it.")
    return lines


def _candidate(row: Mapping[str, Any], place: int, rails: Sequence[str]) -> list[str]:
    kind, trigger, bits = (row[listed][place] for listed in ("kinds", "triggers", "verdicts"))
    handler = BY_NAME.get(trigger)
    against = [line for number, rail in enumerate(rails) if bits >> number & 1 for line in _against(rail, row["facts"])]
    count = len(against)
    verdict = "Every guard rail allowed it." if not bits else f"{count} guard rail{'s' * (count > 1)} spoke against it."
    why = f" {handler.why} It was expected to add {row['expected'][place]:.2f}." if handler else ""
    return [f"{name(kind)} was considered.{why} {verdict}", *against]


def _against(rail: str, facts: Mapping[str, Any]) -> list[str]:
    found: Rail | None = next((each for each in LIVE_RAILS if each.name == rail), None)
    said = rail.replace("_", " ")
    if found is None:
        return [f"  {said}: this guard rail is no longer there."]
    why = found.why.format_map(Told({fact: str(value) for fact, value in facts.items() if value is not None}))
    return [f"  {said}: {why} To allow it: {found.change[0].lower()}{found.change[1:]}"]


def _left_out(row: Mapping[str, Any]) -> list[str]:
    """What no handler proposes for what was noticed."""
    anomaly = row["facts"].get("anomaly_type")
    if not anomaly or "actor" in row["facts"]:
        return []
    proposed = {each.kind for each in HANDLERS if each.anomaly == anomaly and each.side == row["facts"].get("side")}
    others = [_name(kind) for kind in NAMES if kind not in proposed]
    return [f"Not considered: {', '.join(others)}. No rule proposes that for {anomaly}."] if others else []


def _drawn(row: Mapping[str, Any], share: float | None) -> list[str]:
    if row["chosen"] is None or "actor" in row["facts"]:
        return []
    allowed = sum(not bits for bits in row["verdicts"])
    tried = row["result"] in ("acted", "control") and row["facts"].get("side") != "organisers" and share is not None
    fate = 1.0 if not tried else share if row["result"] == "control" else 1 - (share or 0.0)
    chance = row["propensity"] / fate if fate else row["propensity"]
    lines = [
        f"Of {allowed} that {'was' if allowed == 1 else 'were'} allowed it was drawn with a chance of {chance:.0%} "
        f"({row['policy']}; the draw was {row['draw']:.3f})."
    ]
    if tried and share:
        lines.append(f"{share:.0%} of such moments are left alone on purpose; so what became of this one had a chance "
                     f"of {row['propensity']:.0%}.")  # fmt: skip
    return lines
