"""What is told, as server-sent events carry it: figures and marks as JSON, everything to be read as HTML."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from tactful.console.now import shown
from tactful.console.painting import paint

LINE = re.compile(r"\r\n|\r|\n")
# A page that was away for longer is told no more than the others see [ms].
LONGEST = 3_600_000

Row = Mapping[str, Any]


def frame(event: str, data: str, *, id: int | None = None) -> bytes:
    r"""One event. id: what a page says that comes back; see `cursor`.

    >>> frame("feed", "<li>one\ntwo</li>", id=5)
    b'event: feed\nid: 5\ndata: <li>one\ndata: two</li>\n\n'
    """
    lines = [f"event: {event}", *([] if id is None else [f"id: {id}"]), *(f"data: {part}" for part in LINE.split(data))]
    return ("\n".join(lines) + "\n\n").encode()


def json(event: str, data: Any) -> bytes:
    """One event with figures."""
    return frame(event, msgspec.json.encode(data).decode())


def tick(figures: Iterable[tuple[str, float, float | None, int | None]]) -> bytes:
    """Figures of sessions: the name of each, when [s since 1970], how engaged (0..1, None unknown), how many there."""
    return json("tick", list(figures))


def cursor(at: datetime) -> int:
    """An instant as the id of what was told then [ms since 1970]."""
    return int(at.timestamp() * 1000)


def since(told: str, now: datetime) -> datetime:
    """From when on a page has to be told. told: the id of what it heard last; any other text is from long ago."""
    latest = cursor(now)
    fits = told.isascii() and told.isdigit() and len(told) <= 15
    heard = int(told) if fits else 0
    return datetime.fromtimestamp(min(max(heard, latest - LONGEST), latest) / 1000, UTC)


def session(row: Row) -> bytes:
    """A row of the list of sessions."""
    return frame("session", paint("now_session.html", {"each": shown.session(row), "base": ""}))


def changes(rows: Sequence[Row], *, may: bool, id: int) -> bytes:
    """Things that happened or changed, oldest first. may: whether whoever reads it may answer suggestions."""
    return b"".join(part for row in reversed(rows) for part in _change(row, may=may, id=id))


def _change(row: Row, *, may: bool, id: int) -> Iterable[bytes]:
    told = shown.change(row)
    values = {"each": told, "may": may, "base": "", "csrf": ""}
    if row["kind"] == "suggestion":
        yield frame("suggestion", paint("now_suggestion.html", values), id=id)
    if row["kind"] == "anomaly":
        yield _mark(row, told)
    kind = "outcome" if row["kind"] == "outcome" else "feed"
    yield frame(kind, paint(f"now_{kind}.html", values), id=id)


def _mark(row: Row, told: Row) -> bytes:
    return json("anomaly", [row["session_id"], row["at"].timestamp(), told["word"], told["tone"]])


def history(heard: Sequence[Row], noticed: Sequence[Row], rows: Sequence[Row]) -> bytes:
    """How engaged sessions were until now, and what was noticed of them meanwhile. rows: sessions that run."""
    series: dict[str, list[Any]] = {row["session_id"]: [] for row in rows}
    for each in heard:
        series[each["session_id"]].append((each["at"].timestamp(), each["engagement"]))
    return json("history", series) + b"".join(_mark(row, shown.change(row)) for row in noticed)
