"""Features to words: why a skill is likely to be forgotten, with the numbers behind it.

A sentence states what was counted. What was not is called an estimate, or told without a number.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

# Hours of the day as people say them, and until which hour.
_TIMES = ((5, "at night"), (12, "in the morning"), (18, "in the afternoon"), (23, "in the evening"), (24, "at night"))


def reasons(factors: Sequence[str], row: Row) -> list[str]:
    """A sentence for each of `factors`. row: columns of GIVEN, as far as known.

    >>> reasons(["time_away"], {"days_since_practice": 45.2, "stability": 12.0})
    ['Not practised for 45 days; by our estimate this memory is strong for about 12 days.']
    >>> reasons(["time_away"], {"days_since_practice": 4.7, "stability": 0.4})
    ['Not practised for 4 days; by our estimate this memory is strong for less than a day.']
    """
    return [_SENTENCES[factor](row) for factor in factors]


def _time_away(row: Row) -> str:
    days, strong, times = (_number(row, name) for name in ("days_since_practice", "stability", "lasts"))
    if days is None:
        answers = _number(row, "answers_since_practice")
        return (
            f"{_count(answers, 'answer')} since it was practised." if answers is not None else "Not practised lately."
        )
    about = "" if strong is None or strong < 1 else "about "
    lasts = f"; by our estimate this memory is strong for {about}{_span(strong)}" if strong is not None else ""
    # Whole days that have passed, as everywhere else they are told.
    return f"Not practised for {_span(math.floor(days))}{lasts}{_theirs(times)}."


def _theirs(times: float | None) -> str:
    """How this person's memories are, where they are clearly not as usual."""
    if times is None or 1 / UNUSUAL < times < UNUSUAL:
        return ""
    return f", and their memories last about {max(times, 0.1):.1f} times as long as usual"


def _weak_memory(row: Row) -> str:
    answers, hits = _number(row, "answers"), _number(row, "hits")
    if not answers or hits is None:
        return "There is little to remember it by yet."
    last = _number(row, "last_hit")
    ends = (
        "" if last is None or hits == 0 else ", the last one among them" if last > 0 else ", and the last one was wrong"
    )
    return f"{hits:.0f} of {_count(answers, 'answer')} about it {'was' if hits == 1 else 'were'} right{ends}."


def _slow_answers(row: Row) -> str:
    pace = _number(row, "last_pace")
    if pace is None:
        return "How long its answers take is not known."
    times = math.exp(max(min(pace, MOST), -MOST))
    if 0.8 < times < 1.25:
        return "The last answer about it took as long as usual."
    return f"The last answer about it took {times:.1f} times as long as usual."


def _recent_form(row: Row) -> str:
    counted, hits = _number(row, "form_counted"), _number(row, "form_counted_hits")
    if not counted or hits is None:
        return "How well they remember other things of late is not known."
    if counted == 1:
        return f"Their only answer so far, about anything, was {'right' if hits else 'wrong'}."
    return f"{hits:.0f} of their last {counted:.0f} answers about anything {'was' if hits == 1 else 'were'} right."


def _other_load(row: Row) -> str:
    new, away = _number(row, "new_by_days"), _number(row, "away_days")
    if new is not None and new >= 1:
        # The number fades with the days, so that there were at least so many.
        least = math.floor(new)
        return f"At least {_count(least, 'skill')} {'was' if least == 1 else 'were'} new to them of late."
    return (
        f"{_span(away).capitalize()} without any practice." if away is not None else "Other things are being learned."
    )


def _time_of_day(row: Row) -> str:
    hour = _number(row, "hour")
    if hour is None:
        return "The hour of their day is not known."
    return f"It is asked {next(name for until, name in _TIMES if hour % 24 < until)}."


def _weak_topic(row: Row) -> str:
    answers, hits = _number(row, "topic_answers"), _number(row, "topic_hits")
    if not answers or hits is None:
        return "Nothing is known of the rest of its topic."
    return f"{_percent(hits / answers)} of {_count(answers, 'answer')} on its topic were right."


def _hard_material(row: Row) -> str:
    surprise = _number(row, "others_surprise")
    if surprise is None:
        return "How others do on it is not known."
    if abs(surprise) < 0.02:
        return "Others remember it as well as most things."
    return f"Others remember it {'better' if surprise > 0 else 'worse'} than most things."


MOST = 20.0
# So many times as long as usual, or as short, is worth saying.
UNUSUAL = 1.5


def _number(row: Row, name: str) -> float | None:
    value = row.get(name)
    return None if value is None or not math.isfinite(value) else float(value)


def _percent(share: float) -> str:
    return f"{max(min(share, 1.0), 0.0) * 100:.0f} %"


def _span(days: float) -> str:
    if days < 1:
        return "less than a day"
    return _count(days, "day")


def _count(number: float, what: str) -> str:
    whole = round(number)
    return f"{whole or 'No'} {what}{'' if whole == 1 else 's'}"


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    "time_away": _time_away,
    "weak_memory": _weak_memory,
    "slow_answers": _slow_answers,
    "recent_form": _recent_form,
    "other_load": _other_load,
    "time_of_day": _time_of_day,
    "weak_topic": _weak_topic,
    "hard_material": _hard_material,
}
