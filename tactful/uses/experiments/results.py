"""What a test says by now, out of what became known day by day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from tactful.learn.experiments import verdicts
from tactful.learn.experiments.verdicts import COUNTED, Side


def results(test: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What `verdicts.told` says of a test, with its days. rows: of `store.learned.experiments.days`, of this test."""
    days = _days([row["day"] for row in rows])
    found = verdicts.told([_side(place, each, rows, days) for place, each in enumerate(test["variants"])],
                          test["harm_margin"])  # fmt: skip
    return {**found, "days": days}


def _days(known: Sequence[date]) -> list[date]:
    """Every day from the first to the last."""
    first = min(known, default=None)
    return [] if first is None else [first + timedelta(days=n) for n in range((max(known) - first).days + 1)]


def _side(place: int, variant: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], days: Sequence[date]) -> Side:
    mine = {row["day"]: row for row in rows if row["variant"] == place}
    sums = {name: list(accumulate(mine[day][name] if day in mine else 0 for day in days)) for name in COUNTED}
    return Side(variant["name"], variant["part"], **sums)
