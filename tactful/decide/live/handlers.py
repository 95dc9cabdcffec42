"""Handlers: which interventions each anomaly is a reason for. Numbers and order are the seed's rules.

Each is a trigger: for what was noticed, how bad, in which room. `confidence` says how well the reason fits (0.70 to
0.90), `expected` what it is expected to add to engagement (0.08 to 0.18).
"""

from dataclasses import dataclass

import polars as pl

from tactful.decide.live.kinds import CHAT_PROMPT, GAMIFICATION, NOTIFICATION, POLL
from tactful.decide.triggers.base import Condition, Trigger

SUDDEN_DROP, GRADUAL_DECLINE, LOW_ENGAGEMENT, MASS_EXIT = (
    "SUDDEN_DROP", "GRADUAL_DECLINE", "LOW_ENGAGEMENT", "MASS_EXIT",
)  # fmt: skip
ANOMALIES = (SUDDEN_DROP, GRADUAL_DECLINE, LOW_ENGAGEMENT, MASS_EXIT)
# At this engagement and below, it is bad however it came about.
ESCALATED = 0.25
# What organisers read instead of a number from 1 to 10.
HIGH, MEDIUM = 8, 5


@dataclass(frozen=True, slots=True)
class Handler:
    """One kind of intervention for one anomaly.

    priority: 1 to 10. confidence, expected: see above; severe: what is added to confidence where it is severe.
    side: whom it speaks to, the audience or the organisers.
    """

    anomaly: str
    kind: str
    priority: int
    confidence: float
    expected: float
    why: str
    severe: float = 0.0
    side: str = "audience"

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return f"{self.anomaly.lower()}_{self.kind.lower()}"


HANDLERS = (
    Handler(SUDDEN_DROP, POLL, 9, 0.85, 0.15, "Everybody fell silent at once; a question brings them back.", 0.05),
    Handler(SUDDEN_DROP, CHAT_PROMPT, 8, 0.75, 0.10, "Everybody fell silent at once; a word in the chat may do.", 0.05),
    Handler(GRADUAL_DECLINE, POLL, 6, 0.80, 0.12, "Attention has been fading; a question changes the pace."),
    Handler(GRADUAL_DECLINE, GAMIFICATION, 5, 0.75, 0.10, "Attention has been fading; something to win adds to it."),
    Handler(LOW_ENGAGEMENT, POLL, 5, 0.75, 0.12, "Little has been heard for a while; a question is a way in.", 0.10),
    Handler(LOW_ENGAGEMENT, NOTIFICATION, 4, 0.70, 0.08, "Little has been heard for a while; say what comes.", 0.10),
    Handler(
        MASS_EXIT,
        NOTIFICATION,
        10,
        0.90,
        0.08,
        "Many are leaving; the organiser should know at once.",
        side="organisers",
    ),
    Handler(MASS_EXIT, POLL, 9, 0.80, 0.18, "Many are leaving; ask those who stay what would help.", 0.05),
)
BY_NAME = {each.name: each for each in HANDLERS}


def severe(severity: str | None, engagement: float | None) -> bool:
    """Whether it is bad: by how it was noticed, or because engagement is at ESCALATED or below."""
    return severity in ("high", "critical") or (engagement is not None and engagement <= ESCALATED)


def triggers() -> tuple[Trigger, ...]:
    """Every handler as a trigger over LIVE_MOMENT."""
    return tuple(_trigger(each) for each in HANDLERS)


def _trigger(handler: Handler) -> Trigger:
    noticed = Condition(
        (pl.col("anomaly_type") == handler.anomaly) & (pl.col("side") == handler.side),
        pl.format(f"It takes {handler.anomaly}; what was noticed is {{}}.", pl.col("anomaly_type")),
    )
    return Trigger(handler.name, handler.kind, (noticed,), handler.priority, pl.lit(handler.expected), handler.why)


def confidence(handler: str, *, bad: bool) -> float:
    """How well the reason of a handler fits, 0.70 to 0.90.

    >>> confidence("sudden_drop_poll", bad=True)
    0.9
    """
    each = BY_NAME[handler]
    return round(each.confidence + bad * each.severe, 2)


def word(priority: int) -> str:
    """A priority as organisers read it.

    >>> word(9), word(6), word(4)
    ('HIGH', 'MEDIUM', 'LOW')
    """
    return "HIGH" if priority >= HIGH else "MEDIUM" if priority >= MEDIUM else "LOW"
