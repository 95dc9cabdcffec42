"""What may stand behind a command's name, and how it is read."""

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.kernel.clock import SystemClock, plausible
from tactful.kernel.errors import BadInput

Arguments = argparse.Namespace
# Beyond this nobody remembers that a token is out there [hours].
LONGEST_TOKEN = 24 * 3650


@dataclass(frozen=True, slots=True)
class Option:
    """One argument of a command, as argparse takes it."""

    names: tuple[str, ...]
    settings: dict[str, Any]


def option(*names: str, **settings: Any) -> Option:
    """Shorthand for an argument."""
    return Option(names, settings)


def instant(text: str) -> datetime:
    """A time given on the command line. raises: BadInput unless it names its zone and is no later than tomorrow.

    >>> instant("2004-06-15T18:00:00Z").isoformat()
    '2004-06-15T18:00:00+00:00'
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text} is not a time; write it like 2026-01-31T08:00:00Z.", fields=["at"]) from None
    if at.tzinfo is None:
        raise BadInput(f"{text} needs a time zone, for example {text}Z.", fields=["at"])
    return plausible(at, now=SystemClock().now(), field="at")


def between(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from `low` to `high`."""

    def whole(text: str) -> int:
        if not text.lstrip("-").isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text} is not a whole number from {low} to {high}")
        return int(text)

    return whole


def above_zero(most: float) -> Callable[[str], float]:
    """A reader of numbers above 0, up to `most`.

    >>> above_zero(1)("0.5")
    0.5
    """

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0 < value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to {most:g}")
        return value

    return number


def number(low: float, high: float) -> Callable[[str], float]:
    """A reader of numbers from `low` to `high`.

    >>> number(-1, 1)("-0.05")
    -0.05
    """

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not a number from {low:g} to {high:g}")
        return value

    return read


AT = option("--at", type=instant, help="the instant to act at, like 2026-01-31T08:00:00Z; now when left out")
ORGANISATION = option("--organisation", default="default", help="whose people; default: default")
JSON = option("--json", action="store_true", help="print JSON instead of words")
ADDRESS = (
    option("--host", default="127.0.0.1", help="address to listen on; default: 127.0.0.1"),
    option("--port", type=between(1, 65535), default=8000, help="port to listen on; default: 8000"),
)
PAUSED = (
    ORGANISATION,
    option("--kind", help="one kind of intervention"),
    option("--channel", help="one channel"),
    option("--shadow", action="store_true", help="decide and record, send nothing"),
)
