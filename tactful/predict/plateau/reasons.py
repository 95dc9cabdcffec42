"""Features to words: why somebody is said to be stuck, with the numbers behind it.

Attempts and days are counted; mastery is an estimate from the curve of the attempts, and is called so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def reasons(factors: Sequence[str], row: Row) -> list[str]:
    """A sentence for each of `factors`. row: columns of GIVEN, as far as known.

    >>> reasons(["many_attempts"], {"attempts": 15})
    ['15 attempts so far.']
    """
    return [_SENTENCES[factor](row) for factor in factors]


def called(topic: str | None, skill_id: str, skill_name: str | None) -> str:
    """What somebody is stuck on: the skill by its name with the topic beside it, or the topic where it has none.

    >>> called("maths", "div", "Division"), called("maths", "div", None), called(None, "div", "div")
    ('Division (maths)', 'maths', 'div')
    """
    name = skill_name if skill_name and skill_name != skill_id else None
    if name is None:
        return topic or skill_id
    return name if topic is None or topic.casefold() in (name.casefold(), skill_id) else f"{name} ({topic})"


def _no_improvement(row: Row) -> str:
    change, attempts, jump = (row.get(name) for name in ("mastery_improvement", "stretch_attempts", "jump"))
    if change is None:
        return "Too little is known of the progress made."
    over = f" over about the last {_count(attempts, 'attempt')}" if attempts is not None else " of late"
    jumped = f"; the last sudden change was {jump * 100:+.0f} {_points(jump)}" if jump is not None else ""
    return f"By our estimate mastery {_moved(change)}{over}{jumped}."


def _moved(change: float) -> str:
    number = round(abs(change) * 100)
    if number == 0:
        return "stayed where it was"
    return f"{'rose' if change > 0 else 'fell'} by {number} {_points(change)} of 100"


def _points(change: float) -> str:
    return "point" if round(abs(change) * 100) == 1 else "points"


def _many_attempts(row: Row) -> str:
    attempts, often = row.get("attempts"), row.get("attempts_a_day")
    if attempts is None:
        return "It is not known how many attempts there were."
    pace = f", {often:.1f} a day" if often is not None else ""
    return f"{_count(attempts, 'attempt')} so far{pace}."


def _long_on_topic(row: Row) -> str:
    days, last = row.get("days_on_topic"), row.get("days_since_last")
    if days is None:
        return "It is not known for how long."
    ago = f", the last attempt {_count(last, 'day')} ago" if last else ""
    return f"{_count(days, 'day')} on the topic{ago}."


def _not_mastered(row: Row) -> str:
    level = row.get("mastery_level")
    if level is None:
        return "It is not known how well the skill sits."
    return f"By our estimate mastery stands at {level * 100:.0f} of 100."


def _count(number: float, what: str) -> str:
    whole = round(number)
    return f"{whole or 'No'} {what}{'' if whole == 1 else 's'}"


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    "no_improvement": _no_improvement,
    "many_attempts": _many_attempts,
    "long_on_topic": _long_on_topic,
    "not_mastered": _not_mastered,
}
