"""A person's time line in words: what each entry says, and where more of it is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.console.painting import words
from tactful.console.people import chapters, dealings
from tactful.store.overseen.chapters import TOPICS

TOPIC_OF = {kind: topic for topic, kinds in TOPICS.items() for kind in kinds}
SENTENCES = {kind: getattr(chapters, kind, None) or getattr(dealings, kind) for kind in TOPIC_OF}
LABELS = {
    "activity": "Activity", "beliefs": "Beliefs", "decisions": "Decisions", "messages": "Messages",
    "answers": "Answers", "outcomes": "Outcomes", "alerts": "Alerts", "wishes": "Wishes", "audit": "Audit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One entry. text: what happened; more: what was said or why; decision: the ledger's row behind it, or None."""

    at: datetime
    local: datetime
    kind: str
    topic: str
    text: str
    tone: str = "plain"
    more: str = ""
    decision: int | None = None


def told(entry: Mapping[str, Any], local: Callable[[datetime], datetime]) -> Told:
    """One entry of `Engine.timeline` in words. local: their own clock at an instant."""
    text, tone, more = SENTENCES[entry["kind"]](entry["body"], local)
    body = entry["body"]
    decision = body.get("id") if entry["kind"] == "decided" else body.get("decision")
    return Told(entry["at"], local(entry["at"]), entry["kind"], TOPIC_OF[entry["kind"]], text, tone, more, decision)


def label(topic: str) -> str:
    """A topic as a word.

    >>> label("wishes")
    'Wishes'
    """
    return LABELS.get(topic, words(topic).capitalize())
