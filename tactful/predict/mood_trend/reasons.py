"""Features to words: what speaks for a mood to fall or to rise, with the numbers behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def reasons(factors: Sequence[str], row: Row) -> list[str]:
    """A sentence for each of `factors`. row: columns of GIVEN, as far as known.

    >>> reasons(["mood_level"], {"way": -1, "mood": -0.4, "back_to_usual": 0.3})
    ['Their mood is +0.40 of -1 to 1, usually +0.10.']
    """
    return [_SENTENCES[factor](row) for factor in factors]


def _turned(row: Row, name: str) -> float | None:
    """A number as it was before it was turned; None where it is not known."""
    value, way = row.get(name), row.get("way")
    return None if value is None or way is None else float(value) * float(way)


def _level(row: Row) -> str:
    mood, usual = _turned(row, "mood"), _turned(row, "back_to_usual")
    if mood is None:
        return "It is not known how they feel."
    return f"Their mood is {mood:+.2f} of -1 to 1" + (f", usually {mood + usual:+.2f}." if usual is not None else ".")


def _movement(row: Row) -> str:
    slope, last = _turned(row, "mood_slope"), _turned(row, "last_message")
    moves = f"Their mood moves by {slope:+.2f} a day" if slope is not None else "It is not known how their mood moves"
    return moves + (
        f"; their last message lies {last:+.2f} from it." if last is not None and abs(last) >= 0.005 else "."
    )


def _spread(row: Row) -> str:
    spread = row.get("spread")
    if spread is None:
        return "Too few messages to tell how much their mood goes up and down."
    return f"Their messages vary by {spread:.2f} around their mean."


def _effort(row: Row) -> str:
    change = _turned(row, "quality_change")
    if change is None:
        return "It is not known how much they put into their messages."
    more = "more" if change > 0 else "less"
    return f"They put {abs(change):.2f} {more} of 1 into their messages of late than usual."


def _writing(row: Row) -> str:
    messages, silent = row.get("messages"), row.get("days_silent")
    if messages is None:
        return "It is not known how much they write."
    ago = f", the last {silent:.0f} {_days(silent)} ago" if silent is not None else ""
    return f"{messages} {'message' if messages == 1 else 'messages'} in eight weeks{ago}."


def _days(number: float) -> str:
    return "day" if round(number) == 1 else "days"


def _activity(row: Row) -> str:
    change = _turned(row, "activity_change")
    if change is None:
        return "It is not known how often they come."
    often = "more often" if change > 0 else "less often" if change < 0 else "as often"
    return f"In the last week they came {often} {'than' if change else 'as'} usual."


def _hours(row: Row) -> str:
    share = _turned(row, "at_night")
    if share is None:
        return "It is not known at which hours they write."
    return f"{100 * share:.0f} of 100 of their messages are written at night."


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    "mood_level": _level,
    "mood_movement": _movement,
    "ups_and_downs": _spread,
    "effort": _effort,
    "writing": _writing,
    "activity": _activity,
    "hours": _hours,
}
