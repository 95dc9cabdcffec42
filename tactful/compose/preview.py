"""What wordings look like before anybody is told them: rendered as they would be, of somebody we make up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.compose.polls import Context, Template, render
from tactful.compose.polls.template import LANGUAGES
from tactful.compose.render import variants
from tactful.compose.templates.own import Content, messages, said_in
from tactful.kernel.records import Message

AWAY = timedelta(days=8)
# Everything that can be known of somebody.
SAMPLE: Mapping[str, Any] = {
    "current_streak": 6, "longest_streak": 21, "plateau_days": 8, "plateau_topic": "Derivatives",
    "plateau_suggestion": "Study two worked examples of Derivatives.", "fading_skill": "Factoring", "fading_days": 45,
    "milestones": 2, "milestone": "A week in a row", "milestone_points": 35, "asked": {"feature": "The map"},
    "folded": [{"about": {"topic": "Derivatives"}}, {"about": {"feature": "The map"}}],
}  # fmt: skip
# What a product has names for, it has them in its own language.
GERMAN = {
    "plateau_topic": "Ableitungen", "fading_skill": "Faktorisieren", "milestone": "Eine Woche am Stück",
    "asked": {"feature": "Die Karte"},
    "folded": [{"about": {"topic": "Ableitungen"}}, {"about": {"feature": "Die Karte"}}],
}  # fmt: skip
SAMPLES = {"en": SAMPLE, "de": {**SAMPLE, **GERMAN}}
ROOM = {"lost": 42.0, "before": 180.0, "minutes": 3.0}


def to_people(kind: str, content: Content | None, at: datetime) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Every wording of a kind that somebody could read, by language: of whom everything is `known`, and of whom
    `nothing` is.

    content: what the organisation says; ours where that is empty. raises: NotFound.
    """

    def read(language: str, facts: Mapping[str, Any]) -> list[dict[str, str]]:
        own = messages(said_in(content, language))
        return _told(variants(kind, facts, at, own, locale=language))

    seen = {"last_seen_at": (at - AWAY).isoformat()}
    return {
        language: {"known": read(language, {**sample, **seen}), "nothing": read(language, {})}
        for language, sample in SAMPLES.items()
    }


def to_rooms(template: Template) -> dict[str, dict[str, Any]]:
    """What a room is told, by language: where everything is `known` of it, and where `nothing` is."""
    return {language: _said(template, language) for language in LANGUAGES}


def _said(template: Template, language: str) -> dict[str, Any]:
    severity = template.severity or "high"
    known = Context(min(template.anomalies), severity, 120, "middle", topic="Tides", language=language, facts=ROOM)
    nothing = Context(min(template.anomalies), severity, 120, "middle", language=language)
    return {"known": render(template, known), "nothing": render(template, nothing)}


def _told(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"title": each.title, "body": each.body, "action": each.action} for each in messages]
