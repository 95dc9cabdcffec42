"""Which templates fit a moment, best first. Pure: the same in, the same out."""

import re
from functools import lru_cache

from tactful.compose.polls.changed import library_of
from tactful.compose.polls.library import groups
from tactful.compose.polls.template import (
    CHAT_PROMPT,
    GAMIFICATION,
    NOTIFICATION,
    ORGANISERS,
    POLL,
    REMEMBERED,
    Context,
    Template,
)

# Families of polls by anomaly, best first. Sudden silence wants something easy to answer, a slow decline something to
# have a view on, a quiet room is asked how it goes, and who is leaving what would make them stay.
FAMILIES = {
    "SUDDEN_DROP": ("engaging", "pulse", "opinion"),
    "GRADUAL_DECLINE": ("opinion", "engaging", "pulse"),
    "LOW_ENGAGEMENT": ("pulse", "opinion", "engaging"),
    "MASS_EXIT": ("crisis", "pulse"),
    "": ("opinion", "engaging", "pulse"),
}
GAMES = ("achievement", "leaderboard")
# From here on it is for people to act, not for the room.
GRAVE = ("high", "critical")
WORD = re.compile(r"[^\W_]+\+*")


def suitable(kind: str, context: Context, own: str = "") -> list[Template]:
    """Templates of `kind` that fit, best families first, without those among the last ten that were used.

    Where all that fit were used, the least recently used comes first. Notices for organisers are about this moment
    alone, so they may come again at once. Nothing where nothing fits. own: see `changed.library_of`.

    >>> suitable("POLL", Context("MASS_EXIT", "high", 200, "middle"))[0].family
    'crisis'
    """
    about = topics(context.topic, context.title)
    viewers = context.viewers
    fitting = [
        template
        for template in _fitting(kind, context.anomaly, context.severity, context.phase, about, own)
        if template.fewest <= viewers and (not template.most or viewers <= template.most)
    ]
    used = context.used[:REMEMBERED]
    fresh = [template for template in fitting if template.name not in used or template.to == ORGANISERS]
    return fresh or sorted(fitting, key=lambda template: -used.index(template.name))


@lru_cache(maxsize=4096)
def topics(topic: str, title: str) -> frozenset[str]:
    """The groups of topics that a session's topic and title speak of.

    >>> sorted(topics("Datenbanken in der Praxis", ""))
    ['technical']
    """
    said = WORD.findall(f"{topic} {title}".lower())
    return frozenset(
        group
        for group, (words, beginnings) in groups().items()
        if any(word in words or word.startswith(beginnings) for word in said)
    )


@lru_cache(maxsize=4096)
def _fitting(
    kind: str, anomaly: str, severity: str, phase: str, about: frozenset[str], own: str
) -> tuple[Template, ...]:
    ranks = {family: rank for rank, family in enumerate(families(kind, anomaly, severity, about))}
    found = [
        template
        for template in library_of(own)
        if template.kind == kind
        and template.family in ranks
        and (anomaly in template.anomalies or not anomaly)
        and phase in template.phases
        and template.severity in ("", severity)
        and (not template.topics or template.topics & about)
    ]
    # What is about this very topic comes first within its family.
    return tuple(sorted(found, key=lambda template: (ranks[template.family], not template.topics)))


def families(kind: str, anomaly: str, severity: str, about: frozenset[str]) -> tuple[str, ...]:
    """The families to take from, best first.

    >>> families("POLL", "GRADUAL_DECLINE", "low", frozenset({"technical"}))
    ('tech', 'opinion', 'engaging', 'pulse')
    """
    if kind == POLL:
        return (("tech",) if "technical" in about and anomaly != "MASS_EXIT" else ()) + FAMILIES.get(anomaly, ())
    if kind == NOTIFICATION:
        grave = anomaly == "MASS_EXIT" or severity in GRAVE
        return ("organisers", "audience") if grave else ("audience", "organisers") if anomaly else ("audience",)
    return {CHAT_PROMPT: ("prompt",), GAMIFICATION: GAMES}.get(kind, ())
