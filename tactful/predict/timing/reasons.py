"""Features to words: why now is a good time to write to somebody, or not, with the numbers behind it."""

from collections.abc import Callable, Mapping, Sequence
from math import exp, expm1
from typing import Any

Row = Mapping[str, Any]


def reasons(factors: Sequence[str], row: Row) -> list[str]:
    """A sentence for each of `factors`. row: columns of GIVEN, as far as known.

    >>> reasons(["hour"], {"hour_now": 0.7})
    ['At this hour they are here 2.0 times as often as at any other.']
    """
    return [_SENTENCES[factor](row) for factor in factors]


def _presence(row: Row) -> str:
    silence, soon = row.get("silence"), row.get("soon")
    if silence is None:
        return "They have not been seen yet."
    seen = f"Last seen {_span(silence)} ago"
    return f"{seen}; here within the hour with a chance of {_share(soon)}." if soon is not None else f"{seen}."


def _hour(row: Row) -> str:
    times = row.get("hour_now")
    if times is None:
        return "Their local time is not known."
    return f"At this hour they are here {exp(min(times, 3.2)):.1f} times as often as at any other."


def _answers(row: Row) -> str:
    continues = row.get("continues")
    if row.get("unheard") is None or continues is None:
        return "Nobody has written to them yet."
    return f"They go on with {_share(continues)} of the exchanges in which they were answered."


def _exchange(row: Row) -> str:
    first, day = row.get("first"), row.get("answered_day")
    if first is None or day is None:
        return "Nothing is known of an exchange."
    if first:
        return "It would be the first contact."
    took = row.get("answer_time")
    told = f"They answer about {_share(day)} of what comes from here within a day"
    return f"{told}, usually after {_span(took)}." if took is not None else f"{told}."


def _sender(row: Row) -> str:
    got = row.get("sender_got")
    if got is None:
        return "Nothing is known of how others answer."
    return f"People answer about {_share(got)} of what is sent from here within a day."


def _share(odds: float) -> str:
    return f"{100 / (1 + exp(-max(min(odds, 30.0), -30.0))):.0f} %"


def _span(log: float) -> str:
    """A time that is told as log(1 + seconds)."""
    seconds = expm1(max(min(log, 25.0), 0.0))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            number = round(seconds / size)
            return f"{number:,} {unit}{'' if number == 1 else 's'}"
    return "a moment"


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    "presence": _presence,
    "hour": _hour,
    "answers": _answers,
    "exchange": _exchange,
    "sender": _sender,
}
