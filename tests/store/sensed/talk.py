"""Messages as the store gets them, with a mood made to measure."""

from datetime import timedelta
from typing import Any

from tactful.facts.interactions import HEARD, Interaction
from tactful.store.database import Database
from tactful.store.sensed import interactions
from tactful.store.sensed.interactions import Answer, Said
from tests.living import NOW

STEPS = ("very_negative", "negative", "neutral", "positive", "very_positive")


def said(person: str, score: float, *, days: float = 0.0, sure: float = 1.0, **more: Any) -> Said:
    """A message of a person of acme, so many days before NOW, that sounds like `score` (-1..1)."""
    told = {name: more.pop(name) for name in list(more) if name in HEARD}
    heard = dict.fromkeys(HEARD) | {
        "sentiment_score": score,
        "sentiment_type": STEPS[round(2 * score + 2)],
        "confidence": sure,
        "engagement_quality_score": 0.5,
        "topics": [],
        "language": "en",
    }
    one = Interaction(person, "words", NOW - timedelta(days=days), **more)
    return Said("acme", one, heard | told)


def write(database: Database, *told: Said, keep: timedelta = timedelta(days=90)) -> list[Answer]:
    """Count them as of NOW."""
    return interactions.write(database, list(told), now=NOW, keep=keep)
