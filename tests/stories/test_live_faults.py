"""Live sessions while processes are killed and frozen, connections cut and Valkey is away: acted upon once, told once.

Three rounds in the ordinary suite; `make soak` runs twenty.
"""

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from tactful.api import auth
from tactful.bootstrap import Place, place, read_settings
from tactful.embedded.folder import Lease
from tactful.kernel.clock import SystemClock
from tests.stories.audiences import Audiences
from tests.stories.processes import Part, free_port, wait_until_ready
from tests.stories.test_faults import SECRET, environment

Rows = list[tuple[Any, ...]]
NAMES = [f"room-{number}" for number in range(8)]
# Whoever takes over does so within so long, and writes a stretch so long after its end at the latest [s].
TAKEN, WRITTEN = 3.0, 6.0
FROZEN = 10.0
# A round lasts as long at least, so that silence is noticed [s].
ROUND = 18.0
# What is not told of may be waited for so long [s].
PATIENCE = 30.0
COOLDOWN = {"POLL": 120, "CHAT_PROMPT": 60, "NOTIFICATION": 300, "GAMIFICATION": 180}
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'service_role'"
# Of (live_session_id, kind), instants that follow each other too soon: fewer seconds apart than given.
TOO_SOON = """
SELECT * FROM (SELECT {kind}, timestamp - lag(timestamp) OVER (PARTITION BY live_session_id, {kind} ORDER BY timestamp)
                 AS apart FROM {table}) t WHERE {kind} = %s AND apart < make_interval(secs => %s)
"""


class Stage:
    """Everything that is harmed, and where it can be looked at."""

    def __init__(self, folder: Path, where: Place, parts: dict[str, Part], address: str) -> None:
        self.folder, self.where, self.parts, self.address = folder, where, parts, address
        self.long = int(os.environ.get("FAULT_ROUNDS", "3")) > 3

    def rows(self, statement: str, *values: Any) -> Rows:
        with psycopg.connect(self.where.database_url) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def held(self) -> dict[str, int]:
        """Holders whose hold lasts, with how many shares each has."""
        held = "SELECT holder, count(*) FROM live_partitions WHERE held_until > clock_timestamp() GROUP BY 1"
        return dict(self.rows(held))

    def losing(self, name: str, harm: Callable[[Part], None]) -> None:
        """Harm a worker; what it held is in other hands soon afterwards, and heard on from there."""
        both = self.shared()
        start = time.monotonic()
        harm(self.parts[name])
        until(lambda: len(self.held()) == 1 and sum(self.held().values()) == 64, TAKEN)
        assert set(self.held()) < both, "somebody else was killed"
        self.heard(start)

    def shared(self) -> set[str]:
        """Wait until both workers have half of everything."""
        until(lambda: sorted(self.held().values()) == [32, 32], PATIENCE)
        return set(self.held())

    def heard(self, start: float) -> None:
        """Wait until stretches that ended after `start` are written of every session."""
        last = "SELECT count(*) FROM (SELECT max(at) AS at FROM engagement GROUP BY live_session_id) t WHERE at > %s"
        at = SystemClock().now()
        until(lambda: self.rows(last, at) == [(len(NAMES),)], 10 + TAKEN + WRITTEN - (time.monotonic() - start))

    def kill_worker(self) -> None:
        self.losing("one", Part.kill)
        self.parts["one"].start()

    def freeze_worker(self) -> None:
        start = time.monotonic()
        try:
            self.losing("two", lambda part: os.kill(part.process.pid, signal.SIGSTOP))
            time.sleep(max(0.0, FROZEN - (time.monotonic() - start)))
        finally:
            os.kill(self.parts["two"].process.pid, signal.SIGCONT)

    def cut_connections(self) -> None:
        for _ in range(4):
            self.rows(CUT)
            time.sleep(0.7)

    def kill_api(self) -> None:
        self.parts["api"].kill()
        self.parts["api"].start()
        wait_until_ready(self.address, self.parts["api"])

    def kill_valkey(self) -> None:
        os.kill(self._valkey(), signal.SIGKILL)
        until(self._valkey_answers, PATIENCE)

    def take_valkey_away(self) -> None:
        """Nobody may start it again meanwhile."""
        assert self.where.folder is not None
        with Lease(self.where.folder).changing(60, print):
            os.kill(self._valkey(), signal.SIGKILL)
            time.sleep(60 if self.long else 6)
            assert not self._valkey_answers()
        until(self._valkey_answers, PATIENCE)
        until(lambda: self.rows("SELECT id FROM outbox WHERE published_at IS NULL") == [], PATIENCE)

    def _valkey(self) -> int:
        return int(next(self.folder.glob("**/valkey.pid")).read_text())

    def _valkey_answers(self) -> bool:
        with redis.Redis.from_url(self.where.redis_url, retry=None) as client, suppress(redis.ConnectionError):
            return bool(client.ping())
        return False


ROUNDS: tuple[tuple[Callable[[Stage], None], ...], ...] = (
    (Stage.kill_worker, Stage.kill_valkey),
    (Stage.freeze_worker, Stage.cut_connections),
    (Stage.take_valkey_away, Stage.kill_api),
)


def until(question: Callable[[], object], seconds: float) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, f"not within {seconds:.1f} s"
        time.sleep(0.05)


@pytest.fixture
def stage() -> Iterator[Stage]:
    """An API and two workers on a PostgreSQL and a Valkey of their own."""
    folder = Path(tempfile.mkdtemp(prefix="tactful-rooms-", dir="/tmp"))
    environ = environment(folder) | {"TACTFUL_LIVE_CONTROL_SHARE": "0", "TACTFUL_WORKER_TICK_CRON": "0 3 * * *"}
    port = free_port()
    parts = {
        "api": Part(["api", "--port", str(port)], environ, folder / "api.log"),
        "one": Part(["worker"], environ, folder / "one.log"),
        "two": Part(["worker"], environ, folder / "two.log"),
    }
    try:
        with place(read_settings(environ)) as where:
            try:
                parts["api"].start()
                address = f"http://127.0.0.1:{port}"
                wait_until_ready(address, parts["api"])
                yield Stage(folder, where, parts, address)
            finally:
                for part in parts.values():
                    if hasattr(part, "process"):
                        part.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(7200)
def test_harming_any_process_loses_and_doubles_nothing_in_live_sessions(stage: Stage) -> None:
    token = auth.issue(SECRET, sub="load", org="default", scope=auth.SERVICE, now=SystemClock().now(), hours=5)
    audiences = Audiences(stage.address, token, NAMES)
    with psycopg.connect(stage.where.database_url) as connection:
        audiences.gather(connection)
    for name in ("one", "two"):
        stage.parts[name].start()
    with audiences:
        stage.shared()
        for number in range(int(os.environ.get("FAULT_ROUNDS", "3"))):
            start, leaving = time.monotonic(), NAMES[(4 + number) % len(NAMES)]
            # Two rooms fall silent in each round, for two rounds.
            audiences.silent = {NAMES[(2 * (number - ago) + each) % len(NAMES)] for ago in (0, 1) for each in (0, 1)}
            audiences.leave(leaving, str(number))
            for harm in ROUNDS[number % len(ROUNDS)]:
                harm(stage)
                assert not any(part.fell() for part in stage.parts.values()), "what was not killed has fallen"
            time.sleep(max(0.0, ROUND - (time.monotonic() - start)))
            audiences.come_back(leaving, str(number))
        stage.shared()
    until(lambda: stage.rows("SELECT id FROM outbox WHERE published_at IS NULL") == [], PATIENCE)
    refused = [each for each in audiences.refusals if each["status"] != 409]
    assert all(each["status"] == 503 and each["detail"] for each in refused), refused
    nothing_is_heard_twice_or_lost(stage, audiences)
    everything_is_done_and_told_once(stage)


def nothing_is_heard_twice_or_lost(stage: Stage, audiences: Audiences) -> None:
    kept = "SELECT s.session_id, g.id FROM signals g JOIN live_sessions s ON s.id = g.live_session_id"
    assert sorted(stage.rows(kept)) == sorted(audiences.taken)
    summed = "SELECT live_session_id, sum(chats), sum(joins), sum(leaves) FROM live_seconds GROUP BY 1 ORDER BY 1"
    sums = ", ".join(f"coalesce(sum(count) FILTER (WHERE kind = '{kind}'), 0)" for kind in ("chat", "join", "leave"))
    raw = f"SELECT live_session_id, {sums} FROM signals GROUP BY 1 ORDER BY 1"
    assert stage.rows(summed) == stage.rows(raw)
    gaps = """SELECT live_session_id, count(*), count(DISTINCT bin), max(bin) + 1 FROM engagement GROUP BY 1
               HAVING count(*) <> max(bin) + 1 OR count(DISTINCT bin) <> count(*)"""
    assert stage.rows(gaps) == [], "stretches were left out or written twice"


def everything_is_done_and_told_once(stage: Stage) -> None:
    for table in ("anomalies", "interventions"):
        written = [name for (name,) in stage.rows(f"SELECT id::text FROM {table}")]
        with redis.Redis.from_url(stage.where.redis_url, decode_responses=True) as client:
            entries: Any = client.xrange(f"agent.{table}")
        told = [json.loads(fields["message"]) for _, fields in entries]
        names = sorted(each.get("intervention_id") or each["id"] for each in told)
        assert names == sorted(written), f"{table} were lost or told twice"
    for (kind,) in stage.rows("SELECT DISTINCT anomaly_type FROM anomalies"):
        assert stage.rows(TOO_SOON.format(kind="anomaly_type", table="anomalies"), kind, 60) == []
    for kind, seconds in COOLDOWN.items():
        assert stage.rows(TOO_SOON.format(kind="type", table="interventions"), kind, seconds) == []
    assert stage.rows("SELECT count(*) FROM anomalies")[0][0] >= 3
    by_hand, by_itself = stage.rows("SELECT count(actor), count(*) - count(actor) FROM interventions")[0]
    assert by_hand >= 1
    assert by_itself >= 3
