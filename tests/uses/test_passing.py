"""A pass goes through everybody once, whatever dies in the middle, and the same one twice changes nothing."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tactful.kernel.settings import Settings
from tactful.predict.plateau import settings as given_settings
from tactful.store.alone import alone
from tactful.store.database import Connection, Database
from tactful.store.decided.moments import Scope
from tactful.uses import passing, plateaus
from tests.conftest import ROLE_SECRET
from tests.living import one, rows
from tests.stuck import AT, DAY, DEFAULT, TOLD, go, live


def test_the_same_pass_twice_changes_nothing_and_neither_does_the_next_one(closed_database: Database) -> None:
    live(closed_database)
    go(closed_database)
    before, due = rows(closed_database, TOLD), rows(closed_database, "SELECT * FROM person_state ORDER BY 1")
    assert go(closed_database).finished
    go(closed_database, AT + timedelta(hours=1))
    assert rows(closed_database, TOLD) == before
    assert rows(closed_database, "SELECT * FROM person_state ORDER BY 1") == due
    assert one(closed_database, "SELECT count(*) FROM passes") == 2


# Dies in its third range, between judging and committing, as kill -9 makes it die.
KILLED = """
import os, signal, sys
from dataclasses import replace
from datetime import datetime
from tactful.uses import passing, plateaus
from tactful.kernel.settings import Settings
from tactful.store.database import Database

database, ranges = Database(sys.argv[1], role_secret=sys.argv[2]), []

def judge(*whom, **more):
    plateaus.judge(*whom, **more)
    ranges.append(whom)
    if len(ranges) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

work = replace(passing.WORKS["plateaus"], judge=judge)
passing.go(database, "plateaus", Settings({}), at=datetime.fromisoformat(sys.argv[3]), work=work, size=10)
"""


def test_a_pass_that_is_killed_is_gone_on_with(closed_database: Database) -> None:
    live(closed_database)
    arguments = [closed_database.owner_url, ROLE_SECRET, AT.isoformat()]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert killed.returncode == -signal.SIGKILL
    end = time.monotonic() + 30
    while (told := passing.listed(closed_database))[0]["state"] == "at work":
        assert time.monotonic() < end, "the lock of a dead process is free"
        time.sleep(0.1)
    assert [(row["state"], row["people"]) for row in told] == [("stopped", 20)]
    done = go(closed_database, AT + timedelta(minutes=1), size=10)
    assert (done.at, done.people) == (AT, one(closed_database, "SELECT count(*) FROM people"))
    assert [row["state"] for row in passing.listed(closed_database)] == ["finished"]


def dying(after: int) -> passing.Work:
    """A pass that dies in the middle of the range after so many."""
    left = [after]

    def judge(connection: Connection, scope: Scope, **more: Any) -> None:
        plateaus.judge(connection, scope, **more)
        left[0] -= 1
        if left[0] < 0:
            raise InterruptedError

    return replace(passing.WORKS[plateaus.NAME], judge=judge)


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_pass_that_dies_is_gone_on_with_where_it_was(closed_database: Database, after: int) -> None:
    live(closed_database)
    with pytest.raises(InterruptedError):
        go(closed_database, work=dying(after), size=10)
    assert one(closed_database, "SELECT people FROM passes") == 10 * after
    half = one(closed_database, "SELECT count(*) FROM learning_plateaus")
    # The next one finds it and finishes it, under its own instant.
    done = go(closed_database, AT + timedelta(minutes=5), size=10)
    assert (done.at, done.people) == (AT, one(closed_database, "SELECT count(*) FROM people"))
    told = rows(closed_database, TOLD)
    assert len(told) > half
    assert {row["detected_at"] for row in told} == {AT}
    with closed_database.batch() as connection:
        connection.execute("DELETE FROM learning_plateaus")
        connection.execute("DELETE FROM passes")
    go(closed_database)
    ids = ("id",)
    again = rows(closed_database, TOLD)
    assert [{k: v for k, v in row.items() if k not in ids} for row in again] == [
        {k: v for k, v in row.items() if k not in ids} for row in told
    ]


def test_a_pass_that_died_long_ago_or_under_other_settings_begins_anew(closed_database: Database) -> None:
    live(closed_database, 30)
    for at, settings in ((AT + 2 * DAY, DEFAULT), (AT + 3 * DAY, Settings({given_settings.FROM.name: 0.9}))):
        with pytest.raises(InterruptedError):
            go(closed_database, at - timedelta(hours=1) - DAY * (settings is DEFAULT), work=dying(1), size=10)
        done = passing.go(closed_database, plateaus.NAME, settings, at=at)
        assert done is not None
        assert (done.at, done.people) == (at, one(closed_database, "SELECT count(*) FROM people"))
    assert one(closed_database, "SELECT count(*) FROM passes WHERE abandoned_at IS NOT NULL") == 2


def test_only_one_pass_of_a_name_runs_at_a_time(closed_database: Database) -> None:
    with alone(closed_database, plateaus.NAME):
        assert passing.go(closed_database, plateaus.NAME, DEFAULT, at=AT) is None
    assert go(closed_database).finished
