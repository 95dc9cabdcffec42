"""What is acknowledged is kept, nothing is doubled and no cap is broken, whoever is killed.

Three rounds in the ordinary suite; `make soak` runs fifty.
"""

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tactful.api import auth
from tactful.bootstrap import place, read_settings
from tactful.kernel.chance import draw
from tactful.kernel.clock import SystemClock
from tests.stories.processes import Part, free_port, wait_until_ready, wait_until_ticked

SECRET = "a secret for tests that is long enough"
PEOPLE = 40
VICTIMS = ("api", "worker", "database")


class Load:
    """Posts events until told to stop, and remembers which were acknowledged."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.token = token
        self.acknowledged: list[str] = []
        self.refused = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(3)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def post_the_past(self) -> None:
        """People who came by for two weeks and fell silent ten days ago: each of them is worth reaching."""
        for number in range(PEOPLE):
            days = [SystemClock().now() - timedelta(days=back) for back in range(10, 24)]
            ids = [f"past-{number}-{day}" for day in range(len(days))]
            assert self._post(ids, person=f"gone{number}", days=days)

    def _run(self, number: int) -> None:
        batch = 0
        while not self._stop.is_set():
            batch += 1
            ids = [f"{number}-{batch}-{each}" for each in range(20)]
            # A client that got no answer sends the same again; it must count once.
            while not self._stop.is_set() and not self._post(ids):
                self.refused += 1
                time.sleep(0.1)

    def _post(self, ids: list[str], *, person: str = "", days: Sequence[datetime] = ()) -> bool:
        at = days or [SystemClock().now() - timedelta(minutes=5)] * len(ids)
        events = [
            {
                "id": each,
                "user_id": person or f"p{hash(each) % PEOPLE}",
                "kind": "visit",
                "occurred_at": when.isoformat(),
            }
            for each, when in zip(ids, at, strict=True)
        ]
        request = urllib.request.Request(
            f"{self.address}/api/v1/events",
            json.dumps({"events": events}).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                answer.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        self.acknowledged.extend(ids)
        return True


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory that the servers' account can reach."""
    import shutil
    import tempfile

    made = Path(tempfile.mkdtemp(prefix="tactful-faults-", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    return {
        "TACTFUL_EMBEDDED_DATA_DIR": str(folder),
        "TACTFUL_EMBEDDED_SHARED_BUFFERS": "128",
        "TACTFUL_API_JWT_SECRET": SECRET,
        "TACTFUL_API_ORGANISATION_PER_MINUTE": "100000000",
        "TACTFUL_API_PERSON_PER_MINUTE": "100000000",
        # Everybody is always worth a thought: many decisions, many caps.
        "TACTFUL_WORKER_TICK_CRON": "* * * * * */2",
        # No quiet hours: whoever is at risk may be reached at whatever time this runs.
        "TACTFUL_DECIDE_QUIET_START": "00:00",
        "TACTFUL_DECIDE_QUIET_END": "00:00",
        "TACTFUL_DECIDE_HOLDOUT": "0",
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }


def postmaster(folder: Path) -> int:
    (found,) = folder.glob("postgres/**/postmaster.pid")
    return int(found.read_text().splitlines()[0])


@pytest.mark.timeout(1800)
def test_killing_any_process_loses_and_doubles_nothing(folder: Path) -> None:
    rounds = int(os.environ.get("FAULT_ROUNDS", "3"))
    environ = environment(folder)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    parts = {
        "api": Part(["api", "--port", str(port)], environ, folder / "api.log"),
        "worker": Part(["worker"], environ, folder / "worker.log"),
    }
    token = auth.issue(SECRET, sub="load", org="default", scope=auth.SERVICE, now=SystemClock().now(), hours=5)
    for part in parts.values():
        part.start()
    try:
        wait_until_ready(address, parts["api"])
        with place(read_settings(environ)) as where:
            database_url = where.database_url
        load = Load(address, token)
        load.post_the_past()
        with load:
            for number in range(rounds):
                time.sleep(1 + 3 * draw(11, number, 0, 0))
                victim = VICTIMS[int((number + draw(11, 0, 0, 1)) % len(VICTIMS))]
                if victim == "database":
                    os.kill(postmaster(folder), signal.SIGKILL)
                else:
                    parts[victim].kill()
                    parts[victim].start()
                killed_at = SystemClock().now()
                wait_until_ready(address, parts["api"])
                wait_until_ticked(database_url, since=killed_at, log=parts["worker"].log)
                assert not any(part.fell() for part in parts.values()), "what was not killed has fallen"
        with psycopg.connect(database_url) as connection:
            everything_is_as_promised(connection, load)
    finally:
        for part in parts.values():
            part.stop()


def everything_is_as_promised(connection: "psycopg.Connection[tuple[int, ...]]", load: Load) -> None:
    def one(query: str, *values: object) -> int:
        row = connection.execute(query, values).fetchone()
        assert row is not None
        return row[0]

    assert len(load.acknowledged) > 100
    kept = one("SELECT count(DISTINCT id) FROM events WHERE id = ANY(%s)", load.acknowledged)
    assert kept == len(load.acknowledged), "an acknowledged event is missing"
    assert one("SELECT count(*) - count(DISTINCT id) FROM events") == 0, "an event counts twice"
    assert one("SELECT (SELECT count(*) FROM events) - (SELECT sum(events) FROM person_day)::bigint") == 0
    assert one("SELECT (SELECT count(*) FROM events) - (SELECT sum(events) FROM person_state)::bigint") == 0
    assert one("SELECT (SELECT count(*) FROM events) - (SELECT sum(events) FROM person_session)::bigint") == 0
    assert one("SELECT count(*) FROM ticks WHERE finished_at IS NOT NULL AND scope = 'due'") > 0
    twice = """SELECT count(*) FROM (SELECT user_id, intervention_type FROM intervention_logs
                GROUP BY user_id, intervention_type, triggered_at HAVING count(*) > 1) t"""
    assert one(twice) == 0, "an intervention was made twice"
    assert (
        one("SELECT count(*) FROM (SELECT user_id FROM intervention_logs GROUP BY user_id HAVING count(*) > 5) t") == 0
    )
    undelivered = """SELECT count(*) FROM intervention_logs i WHERE state = 'planned'
                      AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.intervention_id = i.id)"""
    assert one(undelivered) == 0, "an intervention has no delivery"
