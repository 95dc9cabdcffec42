"""A strategy to win somebody back, built from the factors that speak for their leaving.

The shape (urgency, interventions with type, title, message, action) is the one clients of the
predictive interface know; the words are ours.
"""

import json
from collections.abc import Iterable
from typing import Any

import polars as pl

# factor -> type, title, message, action; most personal first
STEPS: dict[str, tuple[str, str, str, str]] = {
    "negative_sentiment": (
        "personal_check_in",
        "How are you finding it?",
        "Lately it sounded as if it was no fun. Tell us what got in the way.",
        "chat",
    ),
    "declining_engagement": (
        "personal_check_in",
        "You have been here less",
        "Your visits have become fewer. Has something changed that we should know?",
        "chat",
    ),
    "infrequent_sessions": (
        "lighter_rhythm",
        "A rhythm that fits",
        "Long gaps make every start harder. Choose two short slots a week and we plan around them.",
        "plan",
    ),
    "no_progress": (
        "quick_win",
        "One thing you can finish today",
        "Here is something short with a clear end, close to where you stopped.",
        "start",
    ),
    "declining_performance": (
        "easier_path",
        "Back to firm ground",
        "The last steps were steep. A short review of what came before makes them easier.",
        "review",
    ),
    "broken_streak": (
        "fresh_start",
        "A new count starts with one",
        "Your earlier run still counts as yours. Today can be day one of the next.",
        "start",
    ),
}

GENERAL = (
    "gentle_nudge",
    "Pick up where you left off",
    "Your place is marked. Five minutes are enough to come back in.",
    "resume",
)
WATCHED = ("medium", "high", "critical")
# More than three offers at once are none.
MOST = 3


def strategy(level: str | None, factors: Iterable[str] | None) -> dict[str, Any] | None:
    """What to offer to somebody at risk, most personal first; None for low and unknown risk.

    level: of BELIEF. factors: names of risk factors; names nobody knows are passed over.

    >>> strategy("high", ["broken_streak"])["interventions"][0]["action"]
    'start'
    """
    if level not in WATCHED:
        return None
    named = set(factors or ())
    steps = [step for factor, step in STEPS.items() if factor in named][:MOST] or [GENERAL]
    unique = {step[0]: step for step in reversed(steps)}
    return {"urgency": level, "interventions": [_told(step) for step in reversed(unique.values())]}


def strategies(beliefs: pl.DataFrame) -> pl.DataFrame:
    """The strategy of each level with each set of factors that occurs: risk_level, risk_factors, strategy (JSON text).

    beliefs: columns of BELIEF. Who needs none has no row.
    """
    watched = beliefs.select("risk_level", "risk_factors").filter(pl.col("risk_level").is_in(WATCHED))
    named = watched.with_columns(pl.col("risk_factors").list.join(",").alias("names"))
    met = named.unique(["risk_level", "names"]).sort("risk_level", "names").drop("names")
    told = [json.dumps(strategy(level, factors)) for level, factors in met.iter_rows()]
    return met.with_columns(pl.Series("strategy", told, dtype=pl.String))


def _told(step: tuple[str, str, str, str]) -> dict[str, str]:
    return dict(zip(("type", "title", "message", "action"), step, strict=True))
