"""What survives when processes are killed, and how the next start finds things."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis

from tactful.embedded import Parts, running, start
from tactful.embedded.folder import Lease
from tactful.embedded.settings import START_WAIT, STOP_WAIT
from tactful.kernel.chance import draw
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings


def postmaster(parts: Parts) -> int:
    """The process id of the PostgreSQL in use."""
    found = parts.postgres.running()
    assert found is not None
    return found.pid


def eventually(question: Callable[[], object]) -> None:
    """Wait until something is so; a test that waits in vain fails by its time limit."""
    while not question():
        time.sleep(0.02)


def count(url: str) -> int:
    """Rows of the table that these tests write; the server may be on its way back."""
    while True:
        try:
            with psycopg.connect(url) as connection:
                row = connection.execute("SELECT count(*) FROM kept").fetchone()
                assert row is not None
                return int(row[0])
        except psycopg.OperationalError:
            time.sleep(0.02)


def test_a_killed_process_leaves_servers_that_the_next_one_joins_and_stops(
    made: Settings, another_process: Callable[..., Any]
) -> None:
    other = another_process()
    url, pid, _ = other.ready()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1")
    other.kill()
    with running(made, valkey=False) as parts:
        assert postmaster(parts) == pid
        assert count(parts.database_url) == 1
    assert parts.postgres.running() is None


def test_a_killed_postgresql_comes_back_at_the_same_address_with_every_committed_row(made: Settings) -> None:
    with running(made, valkey=False) as parts:
        url = parts.database_url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (number int)")
            for number in range(100):
                connection.execute("INSERT INTO kept VALUES (%s)", (number,))
            killed = postmaster(parts)
            os.kill(killed, signal.SIGKILL)
        assert count(url) == 100
        assert parts.database_url == url
        assert postmaster(parts) != killed


def test_a_killed_valkey_comes_back_at_the_same_address_with_what_it_was_told(made: Settings) -> None:
    with running(made) as parts:
        with redis.Redis.from_url(parts.redis_url) as client:
            client.set("kept", "7")
            killed = parts.valkey.running()
            assert killed is not None
            os.kill(killed, signal.SIGKILL)
        eventually(lambda: parts.valkey.running() not in (None, killed))
        with redis.Redis.from_url(parts.redis_url, retry=None) as client:
            eventually(lambda: _get(client, "kept") == b"7")


def _get(client: redis.Redis, key: str) -> object:
    try:
        return client.get(key)
    except redis.ConnectionError:
        return None


def test_everything_killed_at_once_comes_back(made: Settings, another_process: Callable[..., Any]) -> None:
    other = another_process()
    url, pid, _ = other.ready()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 50000)")
    other.kill()
    os.kill(pid, signal.SIGKILL)
    with running(made, valkey=False) as parts:
        assert postmaster(parts) != pid
        assert count(parts.database_url) == 50_000


def test_two_users_bring_a_killed_server_back_once(made: Settings, another_process: Callable[..., Any]) -> None:
    other = another_process()
    _, pid, _ = other.ready()
    with running(made, valkey=False) as parts:
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: (found := parts.postgres.running()) is not None and found.pid != pid)
        works_there = [
            process.pid
            for process in psutil.process_iter(["name", "cmdline"])
            if process.info["name"] == "postgres" and str(parts.postgres.data) in (process.info["cmdline"] or ())
        ]
        assert works_there == [postmaster(parts)]


@pytest.mark.parametrize("lines", ["{pid}\n", "{pid}\n/elsewhere\n1\n5432\n/tmp\n\n  1  2\nready\n", "", "nonsense\n"])
def test_a_stale_pid_file_stops_nobody(made: Settings, lines: str) -> None:
    with running(made, valkey=False) as parts:
        file = parts.postgres.data / "postmaster.pid"
        account = parts.folder.account
    # Another program under the servers' own account now has the number that the file names.
    with subprocess.Popen(["/bin/sleep", "600"], **account.popen()) as stranger:
        file.write_text(lines.format(pid=stranger.pid))
        account.own(file, 0o600)
        with running(made, valkey=False) as parts:
            psycopg.connect(parts.database_url).close()
            assert stranger.poll() is None
        stranger.kill()


def test_a_stale_valkey_pid_file_stops_nobody(made: Settings) -> None:
    with running(made) as parts:
        file = parts.valkey.data / "valkey.pid"
    file.write_text(str(os.getpid()))
    with running(made) as parts, redis.Redis.from_url(parts.redis_url) as client:
        assert client.ping()


def test_a_server_that_does_not_get_ready_is_given_up_with_advice_and_ended(
    made: Settings, another_process: Callable[..., Any]
) -> None:
    other = another_process()
    _, pid, _ = other.ready()
    other.kill()
    os.kill(pid, signal.SIGSTOP)
    hurried = made.replace(**{START_WAIT.name: 1, STOP_WAIT.name: 1})
    with pytest.raises(CannotStart, match=r"not ready after .* raise embedded\.start_wait"):
        start(hurried, valkey=False)
    eventually(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    with running(made, valkey=False) as parts:
        psycopg.connect(parts.database_url).close()


def killed_starts(rounds: int) -> list[float]:
    """Seconds after which a start is killed: from the first moments to long after it is ready."""
    return [float(draw(2, number, 0, 0)) * 2 for number in range(rounds)]


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.soak)])
def test_a_start_killed_at_any_moment_leaves_nothing_that_stops_the_next(
    settings: Settings, another_process: Callable[..., Any], rounds: int
) -> None:
    for delay in killed_starts(rounds):
        other = another_process()
        time.sleep(delay)
        other.kill()
    with running(settings, valkey=False) as parts:
        psycopg.connect(parts.database_url).close()


def test_a_socket_folder_that_was_swept_away_is_made_anew(made: Settings, data_dir: Path) -> None:
    with running(made, valkey=False) as parts:
        found = parts.postgres.running()
        assert found is not None
    parts.folder.note(sockets=str(found.sockets))
    with running(made, valkey=False) as parts:
        psycopg.connect(parts.database_url).close()
        assert parts.folder.recall()["sockets"] != str(found.sockets)


def test_another_program_on_valkeys_port_is_not_taken_for_it(made: Settings) -> None:
    with running(made) as parts:
        port = int(parts.folder.recall()["valkey_port"])
        killed = parts.valkey.running()
        assert killed is not None
        # While we hold the lease nobody can start it again, so that the stranger gets the port.
        with Lease(parts.folder).changing(60, print):
            process = psutil.Process(killed)
            process.kill()
            psutil.wait_procs([process])
            taken = socket.create_server(("127.0.0.1", port))
        with taken:
            eventually(parts.valkey.running)
            eventually(lambda: parts.folder.recall()["valkey_port"] != port)
            with redis.Redis.from_url(parts.redis_url) as client:
                assert client.ping()
