"""Features to words: why somebody's risk is what it is, with the numbers behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def reasons(factors: Sequence[str], row: Row) -> list[str]:
    """A sentence for each of `factors`. row: what is given of a person, scored or stored, as far as known.

    >>> reasons(["infrequent_sessions"], {"avg_days_between_sessions": 9.3})
    ['About 9.3 days lie between sessions.']
    """
    return [_SENTENCES[factor](row) for factor in factors]


def _declining_engagement(row: Row) -> str:
    weeks = row.get("sessions_by_week")
    if not weeks or not any(weeks):
        return f"No session in the last four weeks{_silent(row)}."
    most = max(weeks[1:])
    before = ("before", "two weeks earlier", "three weeks earlier")[weeks.index(most, 1) - 1]
    return f"{_count(weeks[0], 'session')} in the last seven days, {most} in the seven days {before}."


def _silent(row: Row) -> str:
    days = row.get("days_silent")
    return f"; last seen {_count(days, 'day')} ago" if days else ""


def _infrequent_sessions(row: Row) -> str:
    days = row.get("avg_days_between_sessions")
    weeks = row.get("sessions_by_week")
    if days is None:
        return "Sessions are rare."
    if weeks is not None and not any(weeks):
        return f"No session for {_count(round(days), 'day')}."
    return f"About {days:.1f} days lie between sessions."


def _negative_sentiment(row: Row) -> str:
    mood = row.get("sentiment_trend_7d")
    return "The mood is low." if mood is None else f"The mood of the last seven days is low ({mood:+.2f} of -1 to +1)."


def _no_progress(row: Row) -> str:
    days = row.get("days_since_last_completion")
    return f"Nothing completed for {_count(days, 'day')}." if days is not None else "Nothing completed lately."


def _declining_performance(row: Row) -> str:
    change = row.get("performance_trend")
    return "Scores fell." if change is None else f"Scores fell by {-change * 100:.0f} points of 100 within four weeks."


def _broken_streak(row: Row) -> str:
    longest = row.get("longest_streak")
    return f"A streak broke; the longest was {_count(longest, 'day')}." if longest else "A streak broke."


def _count(number: int, what: str) -> str:
    return f"{number or 'No'} {what}{'' if number == 1 else 's'}"


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    "declining_engagement": _declining_engagement,
    "infrequent_sessions": _infrequent_sessions,
    "negative_sentiment": _negative_sentiment,
    "no_progress": _no_progress,
    "declining_performance": _declining_performance,
    "broken_streak": _broken_streak,
}
