"""The report of a live session as one table for a spreadsheet: a row for every ten seconds, with what happened then."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from tactful.compose.spreadsheets import spreadsheet
from tactful.predict.anomaly import TICK_SECONDS as STRETCH
from tactful.uses.rooms.acts import PART

COLUMNS = (
    "until", "minute", "viewers", "signals", "engagement", "noticed", "done", "proposed", "polls", "questions",
)  # fmt: skip
BETWEEN = "; "

Marks = Iterator[tuple[datetime, str, str]]


def sheet(report: Mapping[str, Any]) -> str:
    """The table as CSV, with a line of names. report: as `report.report` tells it.

    `until` is the end of the stretch (UTC), `minute` counts from the start of the session. What came before the first
    stretch or after the last one has a row of its own, without figures.
    """
    return spreadsheet(COLUMNS, _rows(report))


def _rows(report: Mapping[str, Any]) -> Iterator[list[Any]]:
    began = report["session"]["started_at"]
    if began is None:
        return
    start = began.replace(microsecond=0)
    figures = {row["bin"]: row for row in report["timeline"]}
    marks: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for at, column, text in _marks(report):
        marks[_stretch(at, start)][column].append(text)
    for number in sorted(figures.keys() | marks.keys()):
        until = start + timedelta(seconds=STRETCH * (number + 1))
        row = figures.get(number, {})
        heard = [row.get(name) for name in ("viewers", "signals", "engagement")]
        said = [BETWEEN.join(marks[number][name]) if number in marks else "" for name in COLUMNS[5:]]
        yield [f"{until:%Y-%m-%d %H:%M:%S}", round((until - start).total_seconds() / 60, 2), *heard, *said]


def _stretch(at: datetime, start: datetime) -> int:
    """The stretch an instant belongs to; each ends with its last instant."""
    return -(-(at - start) // timedelta(seconds=STRETCH)) - 1


def _marks(report: Mapping[str, Any]) -> Marks:
    for row in report["anomalies"]:
        yield row["timestamp"], "noticed", f"{row['anomaly_type']} ({row['severity']}): {row['reasoning']}"
    for row in report["interventions"]:
        yield row["timestamp"], "done", f"{row['type']}: {_words(row['type'], row['metadata'])}{_came_of(row)}"
    for row in report["suggestions"]:
        yield row["suggested_at"], "proposed", f"{row['type']} ({row['state']}): {_words(row['type'], row['content'])}"
    for row in report["polls"]:
        yield row["closed_at"] or row["closes_at"], "polls", f"{row['question']} {_results(row)}"
    for row in report["questions"]:
        yield row["asked_at"], "questions", f"{row['words']} ({_votes(row)})"


def _words(kind: str, content: Mapping[str, Any]) -> str:
    said = content.get(PART[kind], {})
    return next((str(said[name]) for name in ("question", "text", "title") if name in said), "")


def _came_of(row: Mapping[str, Any]) -> str:
    told = row["outcome"] or {}
    if told.get("engagement_delta") is None:
        return ""
    value, low, high = (told[name] for name in ("engagement_delta", "low", "high"))
    return f" (engagement {value:+.2f}, estimated for this case: {low:+.2f} to {high:+.2f})"


def _results(poll: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{option} {count}" for option, count in zip(poll["options"], poll["counts"], strict=True))
    return f"({_votes(poll)}: {counts})" if counts else f"({_votes(poll)})"


def _votes(row: Mapping[str, Any]) -> str:
    return "1 vote" if row["votes"] == 1 else f"{row['votes']} votes"
