"""Words that all sentences of the time line are made of."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tactful.console.painting import words

Body = Mapping[str, Any]
Clock = Callable[[datetime], datetime]
# What happened, its tone, and what else was said.
Sentence = tuple[str, str, str]


def kind(name: str | None) -> str:
    """A kind of intervention."""
    return words(name) if name else "nothing"


def listed(names: list[str]) -> str:
    """Names one after the other.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def count(number: int, what: str) -> str:
    """A number of things.

    >>> count(1, "event"), count(2, "event")
    ('1 event', '2 events')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"


def minutes(seconds: float) -> str:
    """A stretch of time."""
    return count(max(1, round(seconds / 60)), "minute")


def at(written: str) -> datetime:
    """An instant as the database writes it into JSON."""
    return datetime.fromisoformat(written)


def suggested(body: Body) -> str:
    """What was suggested against a plateau."""
    return f"Suggested: {body['suggested']}" if body["suggested"] else ""
