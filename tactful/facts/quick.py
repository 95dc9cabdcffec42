"""Quick actions: what one is, and how choices are counted so that older ones count less.

Forward decay: a choice at t is worth 2 to the power of (t - LANDMARK) / HALF_LIFE, whenever it is looked at. So sums
are added to and taken from in any order, and never rewritten; what they are worth at an instant is one multiplication.
Source: Cormode, Shkapenyuk, Srivastava and Xu 2009.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl
from polars._typing import PolarsDataType

HALF_LIFE = timedelta(days=30)
LANDMARK = datetime(2026, 1, 1, tzinfo=UTC)
# Hours of the local day that count as one part of it, and the part that stands for the whole day.
PART_HOURS, ANY_PART = 3, -1
# Stands for all pages; no page has this name.
ANY_PAGE = ""

# One line for each action that could be listed for somebody.
ITEM: dict[str, PolarsDataType] = {
    # who asks, and the action's place in the registry
    "number": pl.Int64,
    "place": pl.Int32,
    "id": pl.String,
    # 0..1: how much it is due for this person, and how well it fits the page and the concept
    "due": pl.Float64,
    "fits": pl.Float64,
    # choices by the person, as they count now: in all, on this page, at this time of the day
    "own": pl.Float64,
    "own_here": pl.Float64,
    "own_now": pl.Float64,
    # by everybody of the organisation: in all, on this page
    "others": pl.Float64,
    "others_here": pl.Float64,
}


@dataclass(frozen=True, slots=True)
class Action:
    """Something to choose from a palette. kind: built-in, settings or host.

    url: where the page goes; action: what the page does, by a name it knows. pages: where it fits best.
    """

    id: str
    label: str
    kind: str
    url: str | None = None
    action: str | None = None
    keywords: Sequence[str] = ()
    pages: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody opens the palette. actions: those of the page itself."""

    organisation: str
    person: str
    page: str
    concept: str | None = None
    content_id: str | None = None
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class Used:
    """Somebody chose an action. id: the page's own mark, so that it counts once."""

    organisation: str
    person: str
    action_id: str
    page: str
    at: datetime
    id: str | None = None


def worth(at: datetime) -> float:
    """What a choice at `at` adds to a sum.

    >>> worth(LANDMARK + HALF_LIFE)
    2.0
    """
    return float(2.0 ** ((at - LANDMARK) / HALF_LIFE))
