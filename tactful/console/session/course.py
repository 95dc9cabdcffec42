"""The course of a live session: its engagement from beginning to end, what was noticed in it and what was done."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.console.now import shown
from tactful.console.pictures.lines import Lines, Series, lines
from tactful.uses.rooms.organising import SAID

COLUMNS = ("until", "people", "signals", "engagement", "noticed", "done")
# Marks along the time, and how far from each other at least.
STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 360, 720))
MOST_MARKS = 8
# What happens within so long is one mark [s].
TOGETHER = 5.0

Row = Mapping[str, Any]


def picture(told: Row) -> Lines | None:
    """Its curve. told: of `Engine.live_report`. None where there is nothing to draw yet."""
    timeline: Sequence[Row] = told["timeline"]
    if len(timeline) < 2:
        return None
    points = [(row["at"].timestamp(), row["engagement"]) for row in timeline]
    words = (
        f"{len(told['anomalies'])} times something was noticed, {len(told['interventions'])} times something was done."
    )
    return lines(
        [Series("", points)],
        told=f"Engagement from beginning to end. {words}",
        along=_along(timeline[0]["at"], timeline[-1]["at"]),
        marks=_marks(told),
        low=0,
        high=1,
        percent=True,
    )


def _marks(told: Row) -> list[tuple[float, str]]:
    """What was noticed and done, each with a word; what was done because of something stands with it."""
    noticed = [(row["timestamp"], f"noticed: {shown.anomaly(row['anomaly_type'])}") for row in told["anomalies"]]
    done = [(row["timestamp"], f"done: {SAID[row['type']]}") for row in told["interventions"]]
    marks: list[tuple[float, str]] = []
    for at, word in sorted([*noticed, *done]):
        if marks and at.timestamp() - marks[-1][0] < TOGETHER:
            marks[-1] = (marks[-1][0], f"{marks[-1][1]}; {word}")
        else:
            marks.append((at.timestamp(), word))
    return marks


def _along(begin: datetime, end: datetime) -> list[tuple[float, str]]:
    step = next((each for each in STEPS if (end - begin) / each <= MOST_MARKS), STEPS[-1])
    seconds = int(step.total_seconds())
    first = -(-int(begin.timestamp()) // seconds) * seconds
    places = range(first, int(end.timestamp()) + 1, seconds)
    return [(float(at), f"{begin + timedelta(seconds=at - begin.timestamp()):%H:%M}") for at in places]


def rows(told: Row) -> list[list[Any]]:
    """The same as a table, latest first: a row for each stretch of ten seconds, with what happened in it."""
    noticed = _by_stretch(told, "anomalies", lambda row: shown.anomaly(row["anomaly_type"]))
    done = _by_stretch(told, "interventions", lambda row: SAID[row["type"]])
    return [
        [
            row["at"],
            row["viewers"],
            row["signals"],
            row["engagement"],
            noticed.get(row["at"], ""),
            done.get(row["at"], ""),
        ]
        for row in reversed(told["timeline"])
    ]


def _by_stretch(told: Row, part: str, word: Any) -> dict[datetime, str]:
    """What happened in each stretch, by its end."""
    ends = [row["at"] for row in told["timeline"]]
    found: dict[datetime, list[str]] = {}
    for row in told[part]:
        end = next((at for at in ends if at >= row["timestamp"]), ends[-1] if ends else None)
        if end is not None:
            found.setdefault(end, []).append(word(row))
    return {at: ", ".join(words) for at, words in found.items()}
