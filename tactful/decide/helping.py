"""Help before somebody starts: what is said and what may be chosen, by the factor that speaks loudest.

The two actions are those that clients of the predictive interface know; the words are ours. They claim what is known
of the person and no more: who stands firmly on the basics is not sent back to them.
"""

from collections.abc import Callable, Mapping
from typing import Any

# Their type and label; the first one takes the help.
REVIEW, CONTINUE = "review_prerequisites", "continue_anyway"
ACTIONS = ((REVIEW, "Review the basics"), (CONTINUE, "Start right away"))
# The first one's label where the basics are firm.
ITSELF = "Go over it first"

# factor -> what is said where nothing more is known
WORDS: dict[str, str] = {
    "prereq_mastery": "This stands on things that do not sit firmly yet. Shall we look at the basics first?",
    "similar_performance": "Things like this were hard going before. A short look back can make it easier.",
    "content_difficulty": "This one may be hard. Do you want to go over what it needs before you start?",
    "recency": "It has been a while since you practised what this needs. Shall we freshen it up first?",
    "cognitive_load": "You have been at it for quite some time. A short look back may help more than pushing on.",
    "sentiment": "The last days sounded tiring. Shall we begin with something you know and go on from there?",
}
# What is said instead.
SKILL_ITSELF = "This very skill has been hard going so far. Shall we go through it step by step first?"
TRIED = "This one was hard going before. Shall we go through it step by step first?"
OFTEN_HARD = "Much of what you tried so far was hard going. A short look back can make this easier."
OTHERS = "Others had a hard time with this one. Do you want to go over what it needs before you start?"
GENERAL = "This may not be easy. Shall we look at what it needs first?"

# Below this share [0..1] things are not firm. From so many attempts of others on, theirs are told of.
FIRM, ENOUGH = 0.5, 10
# What is long ago [days], and a long sitting [minutes].
LONG_AGO, LONG = 7, 30

Row = Mapping[str, Any]


def help_for(factor: str, row: Row | None = None) -> tuple[str, list[dict[str, str]]]:
    """What to say where `factor` speaks loudest for struggling, and the actions to choose from: type and label.

    row: columns of GIVEN of predict.struggle and `before` (see `struggle.reasons`); without it nothing more is known.

    >>> help_for("prereq_mastery", {"skill_mastery": 0.3, "basics_mastery": 0.9})[1][0]
    {'type': 'review_prerequisites', 'label': 'Go over it first'}
    """
    known = row or {}
    said = WORDS[factor] if row is None else _SAID[factor](known)
    labels = dict(ACTIONS) | ({REVIEW: ITSELF} if _itself(known) else {})
    return said, [{"type": kind, "label": label} for kind, label in labels.items()]


def _itself(row: Row) -> bool:
    """Whether it is the skill itself that is weak, and not what comes before it."""
    own, basics = row.get("skill_mastery"), row.get("basics_mastery")
    if row.get("before") or own is None:
        return False
    return basics is None or basics >= max(own, FIRM)


def _mastery(row: Row) -> str:
    return SKILL_ITSELF if _itself(row) else WORDS["prereq_mastery"]


def _similar(row: Row) -> str:
    if row.get("tries"):
        return TRIED if row["tries_average"] < FIRM else GENERAL
    if row.get("similar_average") is not None:
        return WORDS["similar_performance"] if row["similar_average"] < FIRM else GENERAL
    return OFTEN_HARD if (row.get("average") or 0) < FIRM else GENERAL


def _difficulty(row: Row) -> str:
    attempts, tries = row.get("content_attempts") or 0, row.get("tries") or 0
    theirs = (row.get("content_average") or 0) * attempts - (row.get("tries_average") or 0) * tries
    others = attempts - tries
    return OTHERS if others >= ENOUGH and theirs < FIRM * others else WORDS["content_difficulty"]


def _where(factor: str, column: str, holds: Callable[[float], bool]) -> Callable[[Row], str]:
    def said(row: Row) -> str:
        value = row.get(column)
        return WORDS[factor] if value is not None and holds(value) else GENERAL

    return said


_SAID: Mapping[str, Callable[[Row], str]] = {
    "prereq_mastery": _mastery,
    "similar_performance": _similar,
    "content_difficulty": _difficulty,
    "recency": _where("recency", "days_since_review", lambda days: days >= LONG_AGO),
    "cognitive_load": _where("cognitive_load", "sitting_minutes", lambda minutes: minutes >= LONG),
    "sentiment": _where("sentiment", "sentiment_trend", lambda mood: mood < 0),
}
