"""Features to words: why now is a good time to write to somebody, or not, with the numbers behind it.

A sentence states what was counted, or says that it is not known yet; what everybody is taken to start with is no fact.
"""

from collections.abc import Callable, Mapping, Sequence
from math import exp, expm1
from typing import Any

Row = Mapping[str, Any]


def reasons(factors: Sequence[str], row: Row) -> list[str]:
    """A sentence for each of `factors`. row: columns of GIVEN, and the counts behind them of ASKED, as far as known.

    What is held to a prior is told as a chance, and only where something was counted; shares are told as counted.

    >>> reasons(["hour"], {"hour_now": 0.7, "hours": [3.0, 1.0]})
    ['By their hours so far they are 2.0 times as likely to be here at this hour as at an average one.']
    """
    return [_SENTENCES[factor](row) for factor in factors]


def _presence(row: Row) -> str:
    silence, soon = row.get("silence"), row.get("soon")
    if silence is None:
        return "They have not been seen yet."
    seen = f"Last seen {_span(silence)} ago"
    if soon is None or sum(row.get("person_gaps") or ()) < 1:
        return f"{seen}; how long they stay away is not known yet."
    return f"{seen}; here within the hour with a chance of {_share(soon)}."


def _hour(row: Row) -> str:
    times = row.get("hour_now")
    if times is None:
        return "Their local time is not known."
    if not sum(row.get("hours") or ()):
        return "At which hours they are here is not known yet."
    told = f"{exp(min(times, 3.2)):.1f} times as likely to be here at this hour as at an average one."
    return f"By their hours so far they are {told}"


def _answers(row: Row) -> str:
    answered, went_on = _count(row, "person_continued"), _count(row, "person_continued_in_day")
    if row.get("unheard") is None:
        return "Nobody has written to them yet."
    if answered == 0:
        return "How they go on after an answer is not known yet."
    return f"They went on within a day after {went_on:,} of {_times(answered, 'answer')} to them."


def _exchange(row: Row) -> str:
    first, sent = row.get("first"), _count(row, "pair_sent")
    if first is None:
        return "Nothing is known of an exchange."
    if first:
        return "It would be the first contact."
    if sent == 0:
        return "Nothing was sent to them from here yet."
    took = row.get("answer_time")
    told = f"They answered {_count(row, 'pair_answered_in_day'):,} of {_times(sent, 'message')} from here within a day"
    return f"{told}, usually after {_span(took)}." if took is not None else f"{told}."


def _sender(row: Row) -> str:
    sent = _count(row, "sender_wrote")
    if sent == 0:
        return "How people answer what is sent from here is not known yet."
    return f"People answered {_count(row, 'sender_got_in_day'):,} of {_times(sent, 'message')} from here within a day."


def _count(row: Row, name: str) -> int:
    return round(row.get(name) or 0)


def _times(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


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
