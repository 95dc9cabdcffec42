"""Scoring what would be served, on public data and on your own past."""

from collections.abc import Mapping
from pathlib import Path

from tactful.kernel.errors import NotFound
from tactful.lab.evaluate import anomaly, cdnow, courses, forgetting, fsrs, mood, oulad, plateau, struggle, timing
from tactful.lab.evaluate.report import write
from tactful.lab.evaluate.rows import Row, Task, show
from tactful.lab.evaluate.silence import PART as SILENCE
from tactful.lab.evaluate.silence import silence
from tactful.lab.evaluate.whole import whole

__all__ = ["PARTS", "SILENCE", "Row", "evaluate", "everything", "show", "silence", "write"]

# Part -> its tasks by name; each reads one data set.
PARTS: Mapping[str, Mapping[str, Task]] = {
    anomaly.PART: {"AN-A": anomaly.live, "AN-B": anomaly.numbers},
    courses.PART: {"CH-A": courses.evaluate, "CH-B": oulad.evaluate, "CH-D": cdnow.evaluate},
    fsrs.PART: {"FG-A": forgetting.cards, "FG-A@algebra": fsrs.algebra, "FG-B": forgetting.words},
    mood.PART: {"SE-A": mood.tweets, "SE-B": mood.comments, "SE-C": mood.rated},
    plateau.PART: {"AN-C": plateau.evaluate},
    struggle.PART: {"KT-A": struggle.assistments, "KT-C": struggle.algebra},
    timing.PART: {
        "TM-A": timing.answered,
        "TM-B": timing.usual_hours,
        "TM-B@collegemsg": timing.writers_hours,
    },
}


def evaluate(part: str, data: Path) -> list[Row]:
    """All rows of one part. raises: NotFound for an unknown part or missing data."""
    if part not in PARTS:
        raise NotFound(
            f"There is nothing to evaluate under {part}; choose from {', '.join((*PARTS, SILENCE))}.", fields=["part"]
        )
    return [row for task in PARTS[part].values() for row in task(data)]


def everything(data: Path) -> list[Row]:
    """All rows of every task whose data is there; how far it is stands on standard error.

    raises: NotFound where there is data for none.
    """
    return whole({name: task for tasks in PARTS.values() for name, task in tasks.items()}, data)
