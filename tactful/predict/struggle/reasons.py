"""Features to words: why somebody is likely to struggle, or not, with the numbers behind it.

A sentence states what was counted, as it was counted: a share that leans on something, or weighs what came of late,
is no count. Scores of single attempts lie between 0 and 100, as in `correct` (0 or 100) and `score`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def reasons(factors: Sequence[str], row: Row) -> list[str]:
    """A sentence or two for each of `factors`.

    row: columns of GIVEN, as far as known; `before`: whether the skills that were asked about come before the content
    rather than being its own.

    >>> reasons(["prereq_mastery"], {"skills": 1, "skill_attempts": 12, "skill_average": 0.45, "skill_streak": -3})
    ['Of 12 attempts at the skill this is about, the average score is 45 in 100; the last 3 in a row went badly.']
    """
    return [_SENTENCES[factor](row) for factor in factors]


def _prereq_mastery(row: Row) -> str:
    own, basics = row.get("skill_average"), row.get("basics_average")
    told = [_skills(row, own) if own is not None else "The skills this is about have not been practised yet."]
    if basics is not None:
        told.append(f"At the skills that come before, {_score(basics)} so far.")
    return " ".join(told)


def _skills(row: Row, average: float) -> str:
    several, attempts = (row.get("skills") or 0) > 1, row.get("skill_attempts")
    named = "skills this builds on" if row.get("before") else f"skill{'s' if several else ''} this is about"
    # An attempt at several skills counts at each of them, so there is no one number of attempts to tell.
    if several or not attempts:
        return f"At the {named}, {_score(average)} so far."
    in_a_row = _in_a_row(row.get("skill_streak") or 0)
    return f"Of {_count(attempts, 'attempt')} at the {named}, {_score(average)}{in_a_row}."


def _in_a_row(streak: int) -> str:
    return f"; the last {abs(streak)} in a row went {'well' if streak > 0 else 'badly'}" if abs(streak) > 1 else ""


def _similar_performance(row: Row) -> str:
    tries, similar, attempts = (row.get(name) for name in ("tries", "similar_average", "attempts"))
    if tries:
        return f"Of {_count(tries, 'attempt')} at this very content, {_score(row['tries_average'])}."
    if similar is not None:
        return f"At what is named as similar, {_score(similar)} so far."
    if not attempts:
        return "Nothing has been tried yet."
    return f"Of {_count(attempts, 'attempt')} at anything so far, {_score(row['average'])}."


def _content_difficulty(row: Row) -> str:
    rated, attempts = row.get("difficulty"), row.get("content_attempts")
    if attempts:
        return f"Of {_count(attempts, 'attempt')} at this content by anybody, {_score(row['content_average'])}."
    if rated is None:
        return "Nobody has tried this content yet, and it has no rating."
    return f"Nobody has tried this content yet; it is rated {rated:.2f} on a scale from 0 (easy) to 1 (hard)."


def _recency(row: Row) -> str:
    days, attempts = row.get("days_since_review"), row.get("attempts_since_skill")
    if days is not None and days >= 1:
        return f"The skills were last practised {_count(int(days), 'day')} ago."
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
    return "How long this sitting has lasted is not known." if minutes is None else "This sitting has only just begun."


def _sentiment(row: Row) -> str:
    mood = row.get("sentiment_trend")
    if mood is None:
        return "The mood of the last seven days is not known."
    return f"The mood of the last seven days is {_named(mood)} ({mood:+.2f} of -1 to +1)."


def _named(mood: float) -> str:
    return "low" if mood <= -0.2 else "good" if mood >= 0.2 else "even"


def _score(average: float) -> str:
    return f"the average score is {_hundredths(average)} in 100"


def _hundredths(share: float) -> int:
    """Nothing but nothing is 0, and nothing but all is 100."""
    return round(share * 100) if share in (0, 1) else min(max(round(share * 100), 1), 99)


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
