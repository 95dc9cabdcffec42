"""What the status page says about an engine, whatever it is doing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tactful.console import words
from tactful.console.words import sections

NOW = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
QUIET = {
    "tactful": "0.1.0",
    "postgresql": "PostgreSQL 18.1 on x86_64",
    "migration": "0001",
    "database_bytes": 20_000_000,
    "deliveries_due": 0,
    "deliveries_doubtful": 0,
    "jobs_waiting": 0,
    "jobs_running": 0,
    "jobs_failed": 0,
    "workers": 1,
    "worker_heard_at": NOW,
    "last_tick": None,
    "last_day": {"ticks": 0, "unfinished": 0, "longest_seconds": None},
}


def state(status: dict[str, Any], *, late: int = 15) -> words.State:
    """The state at NOW where ticks are late after so many minutes."""
    return words.state(status, NOW, late=timedelta(minutes=late))


def ticked(*, began: int, finished: int | None) -> dict[str, Any]:
    """A tick that began and finished so many minutes ago."""
    done = None if finished is None else NOW - timedelta(minutes=finished)
    start = NOW - timedelta(minutes=began)
    return {"at": start, "started_at": start, "finished_at": done}


@pytest.mark.parametrize(
    ("tick", "mark", "sentence"),
    [
        (None, "wait", "No tick yet; the worker starts one by itself."),
        (ticked(began=1, finished=None), "good", "The last tick began 1 minute ago."),
        (ticked(began=40, finished=None), "warn", "The last tick began 40 minutes ago and has not finished."),
        (ticked(began=8, finished=5), "good", "The last tick finished 5 minutes ago."),
        (ticked(began=121, finished=120), "warn", "The last tick finished 2 hours ago. Does the worker run?"),
    ],
)
def test_the_state_follows_the_last_tick(tick: dict[str, Any] | None, mark: str, sentence: str) -> None:
    told = state(QUIET | {"last_tick": tick})
    assert told.mark == mark
    assert told.sentence.startswith(sentence)


def test_a_slower_schedule_of_ticks_is_not_late() -> None:
    hourly = QUIET | {"last_tick": ticked(began=41, finished=40)}
    assert (state(hourly).mark, state(hourly, late=180).mark) == ("warn", "good")


def test_a_worker_that_was_killed_is_missed() -> None:
    killed = QUIET | {
        "workers": 0,
        "worker_heard_at": NOW - timedelta(minutes=3),
        "last_tick": ticked(began=4, finished=4),
    }
    told = state(killed)
    assert (told.mark, told.title) == ("warn", "Running without a worker")
    assert told.sentence.startswith("A worker was last heard of 3 minutes ago.")


def test_where_somebody_elses_schedule_ticks_no_worker_is_missed() -> None:
    told = state(QUIET | {"workers": 0, "worker_heard_at": None, "last_tick": ticked(began=4, finished=4)})
    assert told.mark == "good"


@pytest.mark.parametrize(("ticks", "lead"), [(0, "0 ticks"), (1, "1 tick"), (288, "288 ticks")])
def test_a_day_is_told_by_its_ticks(ticks: int, lead: str) -> None:
    day = {"ticks": ticks, "unfinished": 0, "longest_seconds": 0.04 if ticks else None}
    assert sections(QUIET | {"last_day": day}, NOW)[1].lead == lead


def test_a_day_tells_how_long_its_ticks_took_and_which_have_not_finished() -> None:
    day = {"ticks": 3, "unfinished": 1, "longest_seconds": 1234.56}
    rows = {row.name: row.value for row in sections(QUIET | {"last_day": day}, NOW)[1].rows}
    assert rows == {"Longest took": "1,234.6 s", "Not finished": "1"}


def test_what_waits_and_what_failed_is_counted_apart() -> None:
    told = sections(QUIET | {"deliveries_due": 7, "jobs_waiting": 1, "jobs_failed": 2, "deliveries_doubtful": 1}, NOW)
    leads = {section.id: (section.lead, section.mark) for section in told}
    assert leads["queue"] == ("8 waiting", None)
    assert leads["failures"] == ("3 failed", "warn")


def test_without_a_database_there_are_no_figures() -> None:
    assert sections({}, NOW) == []
    assert state({}).mark == "bad"
