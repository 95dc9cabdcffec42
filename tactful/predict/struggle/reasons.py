"""Features to words: why somebody is likely to struggle, or not, with the numbers behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def reasons(factors: Sequence[str], row: Row) -> list[str]:
    """A sentence for each of `factors`. row: columns of GIVEN, as far as known.

    >>> reasons(["prereq_mastery"], {"prereq_mastery": 0.45, "skill_attempts": 12})
    ['Of 12 attempts at the skills this builds on, about 45 in 100 went well of late.']
    """
    return [_SENTENCES[factor](row) for factor in factors]


def _prereq_mastery(row: Row) -> str:
    share, attempts = row.get("prereq_mastery"), row.get("skill_attempts")
    if share is None:
        return "The skills this builds on have not been practised yet."
    if not attempts:
        return f"Success at the skills this builds on is about {_hundredths(share)} in 100."
    of_late = f"about {_hundredths(share)} in 100 went well of late"
    return f"Of {_count(attempts, 'attempt')} at the skills this builds on, {of_late}."


def _similar_performance(row: Row) -> str:
    share, attempts = row.get("similar_performance"), row.get("attempts")
    if share is None:
        return "Nothing similar has been tried yet."
    so_far = f" so far, {_count(attempts, 'attempt')} in all" if attempts else " so far"
    return f"About {_hundredths(share)} in 100 attempts at similar content went well{so_far}."


def _content_difficulty(row: Row) -> str:
    share, attempts = row.get("content_difficulty"), row.get("content_attempts")
    if share is None:
        return "Nobody has tried this content yet, and it has no rating."
    if not attempts:
        return f"The content is rated {share:.2f} on a scale from 0 (easy) to 1 (hard)."
    return f"About {_hundredths(share)} in 100 fail at this content, going by {_count(attempts, 'attempt')}."


def _recency(row: Row) -> str:
    days, attempts = row.get("days_since_review"), row.get("attempts_since_skill")
    if days is not None and days >= 1:
        return f"The skills were last practised {_count(round(days), 'day')} ago."
    if days is not None:
        return "The skills were practised within the last day."
    if attempts is not None:
        return f"The skills were last practised {_count(attempts, 'attempt')} ago."
    return "When the skills were last practised is not known."


def _cognitive_load(row: Row) -> str:
    minutes, attempts = row.get("sitting_minutes"), row.get("sitting_attempts")
    if minutes is not None and minutes >= 1:
        return f"This sitting has lasted {_count(round(minutes), 'minute')} so far."
    if attempts:
        return f"{_count(attempts, 'attempt')} in this sitting so far."
    return "The sitting has only just begun, or is not known."


def _sentiment(row: Row) -> str:
    mood = row.get("sentiment_trend")
    if mood is None:
        return "The mood of the last seven days is not known."
    return f"The mood of the last seven days is {_named(mood)} ({mood:+.2f} of -1 to +1)."


def _named(mood: float) -> str:
    return "low" if mood <= -0.2 else "good" if mood >= 0.2 else "even"


def _hundredths(share: float) -> int:
    return round(share * 100)


def _count(number: float, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    "prereq_mastery": _prereq_mastery,
    "similar_performance": _similar_performance,
    "content_difficulty": _content_difficulty,
    "recency": _recency,
    "cognitive_load": _cognitive_load,
    "sentiment": _sentiment,
}
