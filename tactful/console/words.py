"""What the status page says, as text: how it is, then the figures in the order people ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from tactful.console.times import ago, instant

Mark = Literal["good", "wait", "warn", "bad"]
Status = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """How it is: a mark, the same in two words, and one sentence. All but good asks the doctor."""

    mark: Mark
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its name, its value, and what helps to read it."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that answer one question; `lead` is the answer. mark: whether it needs somebody."""

    id: str
    title: str
    lead: str
    rows: tuple[Row, ...]
    mark: Mark | None = None


def state(status: Status, now: datetime, *, late: timedelta) -> State:
    """How it is at `now`. status: of `Engine.status`; empty when the database does not answer.

    late: how long no tick may have finished.

    >>> state({}, datetime.fromisoformat('2026-01-01T00:00Z'), late=timedelta(minutes=15)).sentence
    'The database does not answer.'
    """
    if not status:
        return State("bad", "Not ready", "The database does not answer.")
    last = status["last_tick"]
    if gone := _gone(status, now):
        return State("warn", "Running without a worker", f"{gone} Nothing happens by itself until one is started.")
    if last is None:
        return State("wait", "Running", "No tick yet; the worker starts one by itself.")
    done = last["finished_at"]
    since = now - (done or last["started_at"])
    did = "finished" if done else "began"
    if since > late:
        unfinished = "" if done else " and has not finished"
        return State(
            "warn", "Running, but not ticking", f"The last tick {did} {ago(since)}{unfinished}. Does the worker run?"
        )
    failed = _failed(status)
    more = f" {failed:,} failed: see below." if failed else ""
    return State("good", "Running", f"The last tick {did} {ago(since)}.{more}")


def sections(status: Status, now: datetime) -> list[Section]:
    """What it did, what waits, what failed, what it runs on."""
    if not status:
        return []
    return [
        _tick(status["last_tick"], now),
        _day(status["last_day"]),
        _queue(status, now),
        _failures(status),
        _parts(status),
    ]


def _tick(last: Status | None, now: datetime) -> Section:
    if last is None:
        return Section("tick", "Last tick", "Not yet", ())
    done = last["finished_at"]
    rows = (
        Row("Decided for", instant(last["at"])),
        Row("Finished", instant(done) if done else "not yet"),
    )
    return Section("tick", "Last tick", ago(now - done).capitalize() if done else "At work", rows)


def _day(day: Status) -> Section:
    longest = day["longest_seconds"]
    rows = (
        Row("Longest took", "nothing yet" if longest is None else f"{longest:,.1f} s"),
        Row("Not finished", f"{day['unfinished']:,}"),
    )
    lead = f"{day['ticks']:,} {'tick' if day['ticks'] == 1 else 'ticks'}"
    return Section("day", "Last 24 hours", lead, rows if day["ticks"] else ())


def _gone(status: Status, now: datetime) -> str:
    """What to say about workers that left without a word; nothing where one works, or none was ever started."""
    heard = status["worker_heard_at"]
    return "" if status["workers"] or heard is None else f"A worker was last heard of {ago(now - heard)}."


def _queue(status: Status, now: datetime) -> Section:
    due = status["deliveries_due"]
    rows = (
        Row("Deliveries waiting", f"{due:,}", "Shown at the next visit." if due else ""),
        Row("Jobs waiting", f"{status['jobs_waiting']:,}"),
        Row("Jobs running", f"{status['jobs_running']:,}"),
        Row("Workers", f"{status['workers']:,}", _gone(status, now)),
    )
    waiting = due + status["jobs_waiting"]
    return Section("queue", "Queue", f"{waiting:,} waiting" if waiting else "Nothing waits", rows)


def _failures(status: Status) -> Section:
    failed = _failed(status)
    rows = (
        Row("Jobs failed", f"{status['jobs_failed']:,}", "The worker's log says why." if status["jobs_failed"] else ""),
        Row("Deliveries refused or in doubt", f"{status['deliveries_doubtful']:,}"),
    )
    return Section(
        "failures", "Failures", f"{failed:,} failed" if failed else "None", rows, "warn" if failed else "good"
    )


def _failed(status: Status) -> int:
    return int(status["jobs_failed"] + status["deliveries_doubtful"])


def _parts(status: Status) -> Section:
    postgresql = str(status["postgresql"]).partition(" on ")[0].removeprefix("PostgreSQL ")
    rows = (
        Row("PostgreSQL", postgresql),
        Row("Tables", f"migration {status['migration']}"),
        Row("Database", f"{status['database_bytes'] / 1e6:,.0f} MB"),
    )
    return Section("versions", "Versions", f"Tactful {status['tactful']}", rows)
