"""How the last judged risks of leaving lie."""

from collections.abc import Mapping, Sequence
from typing import Any

from tactful.store.learned.dispersion import BINS

# The highest first; unknown stands apart.
LEVELS = ("critical", "high", "medium", "low")
UNKNOWN = "unknown"
COLUMNS = ("part", "name", "low", "high", "people")


def distribution(rows: Sequence[Mapping[str, Any]], known: Mapping[str, Any]) -> dict[str, Any]:
    """people, judged, unknown, not_judged, judged_at, levels (people by level) and histogram (low, high, people).

    rows, known: of `store.learned.dispersion.risks`. judged: of whom there is a risk; unknown: nothing to judge by;
    not_judged: nobody looked at them yet.
    """
    by_level, bins = dict.fromkeys((*LEVELS, UNKNOWN), 0), [0] * BINS
    for row in rows:
        by_level[row["level"]] = by_level.get(row["level"], 0) + row["people"]
        if row["level"] != UNKNOWN and row["bin"] is not None:
            bins[row["bin"]] += row["people"]
    unknown = by_level.pop(UNKNOWN)
    judged = sum(by_level.values())
    return {
        "people": max(known["people"], judged + unknown),
        "judged": judged,
        UNKNOWN: unknown,
        "not_judged": max(0, known["people"] - judged - unknown),
        "judged_at": known["judged_at"],
        "levels": by_level,
        "histogram": [{"low": at / BINS, "high": (at + 1) / BINS, "people": many} for at, many in enumerate(bins)],
    }


def sheet(told: Mapping[str, Any]) -> list[list[Any]]:
    """Levels and histogram in one table of COLUMNS. told: of `distribution`."""
    rows: list[list[Any]] = [["level", level, None, None, people] for level, people in told["levels"].items()]
    rows += [["level", name, None, None, told[name]] for name in (UNKNOWN, "not_judged")]
    return rows + [["score", "", row["low"], row["high"], row["people"]] for row in told["histogram"]]
