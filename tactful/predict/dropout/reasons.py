"""Features to words: why somebody's risk is what it is, with the numbers behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tactful.predict.dropout.belief import LEVELS

Row = Mapping[str, Any]

# The levels of risk that want a reason.
WATCHED = LEVELS[1:]


# Up to so many days after somebody was first seen, little is known of how often they come.
WEEK = 7


def reasons(factors: Sequence[str], row: Row) -> list[str]:
    """A sentence for each of `factors`. row: what is given of a person, scored or stored, as far as known.

    >>> row = {"avg_days_between_sessions": 14.0, "sessions_by_week": [0, 0, 1, 1], "days_silent": 15}
    >>> reasons(["infrequent_sessions"], row)
    ['They came 2 times in the last 28 days, last 15 days ago.']
    """
    return [_SENTENCES[factor](row) for factor in factors]


def why(level: str, factors: Sequence[str] | None, row: Row) -> list[str]:
    """`reasons` of what is told of a person: at medium risk and higher what is known of them, where no factor is named.

    >>> why("high", [], {"avg_days_between_sessions": 2.0, "sessions_by_week": [1, 0, 0, 0], "days_silent": 1})
    ['Little is known of them yet: first seen 1 day ago.']
    """
    told = reasons(factors or (), row)
    return told or ([_known(row)] if level in WATCHED else [])


def _known(row: Row) -> str:
    """What is known of somebody's coming, where none of it stands out."""
    weeks, days = row.get("sessions_by_week"), _days_counted(row)
    if days is None:
        silent = row.get("days_silent")
        return f"Last seen {_count(silent, 'day')} ago." if silent and weeks else "Little is known of them yet."
    if days > WEEK:
        return _infrequent_sessions(row)
    first = f"{_count(days - 1, 'day')} ago" if days > 1 else "today"
    return f"Little is known of them yet: first seen {first}."


def _days_counted(row: Row) -> int | None:
    """The days, of the last four weeks, that they were known: those over which the average was taken."""
    average, weeks = row.get("avg_days_between_sessions"), row.get("sessions_by_week")
    return round(average * sum(weeks)) if average is not None and weeks and any(weeks) else None


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
    average, weeks, days = row.get("avg_days_between_sessions"), row.get("sessions_by_week"), _days_counted(row)
    if average is None or weeks is None:
        return "Sessions are rare."
    if days is None:
        return f"No session for {_count(round(average), 'day')}."
    came = "once" if sum(weeks) == 1 else f"{sum(weeks)} times"
    within = "today" if days <= 1 else f"in the last {days} days"
    # Who came every day and then stopped came often: that it was long ago is what is rare about it.
    silent = row.get("days_silent") or 0
    return f"They came {came} {within}{f', last {silent} days ago' if silent > 1 else ''}."


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
