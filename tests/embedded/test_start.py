"""A start, an end, a start again; alone or with others; as root or not."""

import os
import socket
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis

from tactful.embedded import running, start, stop_unused
from tactful.embedded.settings import POSTGRES_OPTIONS
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings
from tactful.lab.doctor import examine

ROOT = os.geteuid() == 0
NOBODY = 65534


def test_a_fresh_start_makes_a_durable_unicode_database(settings: Settings) -> None:
    with running(settings, valkey=False) as parts, psycopg.connect(parts.database_url) as connection:
        asked = "server_encoding fsync synchronous_commit data_checksums password_encryption TimeZone listen_addresses"
        shown = [connection.execute(f"SHOW {name}").fetchone() for name in asked.split()]
        assert shown == [("UTF8",), ("on",), ("on",), ("on",), ("scram-sha-256",), ("UTC",), ("",)]
        assert connection.execute("SELECT current_database(), 'a' < 'B', lower('Ä')").fetchone() == (
            "tactful",
            False,
            "ä",
        )


def test_what_fails_leaves_nobody_in_the_log(settings: Settings) -> None:
    with running(settings, valkey=False) as parts:
        with psycopg.connect(parts.database_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE people (id text PRIMARY KEY, name text NOT NULL)")
            for name in ("Ana", "Ana", None):
                with suppress(psycopg.Error):
                    connection.execute("INSERT INTO people VALUES (%s, %s)", ("ana-17", name))
            with suppress(psycopg.Error):
                connection.execute("SELECT 1 / 0 FROM people WHERE id = 'ana-17'")
        # A process of its own writes the log, a moment later.
        while "division by zero" not in _logged(parts.folder.logs):
            time.sleep(0.02)
        logged = _logged(parts.folder.logs)
    assert "duplicate key value violates unique constraint" in logged
    assert "ana-17" not in logged
    assert "Ana" not in logged


def _logged(folder: Path) -> str:
    return "".join(file.read_text() for file in folder.glob("postgres-???.log"))


def test_rows_and_keys_survive_a_restart(settings: Settings) -> None:
    with running(settings) as parts:
        with psycopg.connect(parts.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        with redis.Redis.from_url(parts.redis_url) as client:
            client.set("kept", "7")
    with running(settings) as parts:
        with psycopg.connect(parts.database_url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        with redis.Redis.from_url(parts.redis_url) as client:
            assert client.get("kept") == b"7"


def test_nobody_gets_in_without_the_password(made: Settings) -> None:
    with running(made) as parts:
        for wrong in ("", "wrong"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(parts.postgres.url(password=wrong))
        stranger = redis.Redis.from_url(parts.redis_url.replace(":" + parts.folder.secret("valkey"), ""))
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_secrets_and_sockets_are_closed_to_others(settings: Settings) -> None:
    with running(settings) as parts:
        found = parts.postgres.running()
        assert found is not None
        assert found.sockets is not None
        closed = (found.sockets, parts.postgres.data, parts.valkey.data, parts.folder.logs)
        assert {stat.S_IMODE(path.stat().st_mode) for path in closed} == {0o700}
        secrets = list((parts.folder.path / "secrets").iterdir())
        assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
        assert {path.name for path in secrets} == {"postgres", "valkey"}
        words = "".join(" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"]))
        assert str(parts.postgres.data) in words
        assert parts.folder.secret("postgres") not in words
        assert parts.folder.secret("valkey") not in words


def test_the_folder_of_sockets_goes_when_the_servers_stop(made: Settings) -> None:
    with running(made, valkey=False) as parts:
        found = parts.postgres.running()
        assert found is not None
        assert found.sockets is not None
        assert found.sockets.is_dir()
        assert len(str(found.sockets)) < 80
    assert not found.sockets.exists()


def test_two_starts_at_once_share_one_server(another_process: Callable[..., Any]) -> None:
    both = another_process(), another_process()
    assert both[0].ready() == both[1].ready()


def test_the_last_to_leave_stops_the_servers(made: Settings, another_process: Callable[..., Any]) -> None:
    first = another_process()
    url, pid, _ = first.ready()
    with running(made) as parts:
        first.leave()
        assert parts.database_url == url
        found = parts.postgres.running()
        assert found is not None
        assert found.pid == pid
        psycopg.connect(url).close()
    assert parts.postgres.running() is None
    assert parts.valkey.running() is None


def test_leaving_twice_is_leaving_once(made: Settings) -> None:
    parts = start(made, valkey=False)
    parts.stop()
    parts.stop()
    assert parts.postgres.running() is None


def test_unused_servers_can_be_stopped_used_ones_cannot(made: Settings) -> None:
    with running(made, valkey=False) as parts:
        assert not stop_unused(made)
        assert parts.postgres.running()
    assert stop_unused(made)


@pytest.mark.skipif(not ROOT, reason="only root can become somebody else; as another user every test shows this")
def test_an_unprivileged_user_starts_servers_of_their_own(data_dir: Path, another_process: Callable[..., Any]) -> None:
    data_dir.mkdir(parents=True)
    os.chown(data_dir, NOBODY, NOBODY)
    other = another_process(uid=NOBODY)
    url, _, owner = other.ready()
    assert owner == NOBODY
    psycopg.connect(url).close()
    other.leave()


@pytest.mark.skipif(not ROOT, reason="only root steps down to another user")
def test_root_steps_down_and_keeps_the_owner_that_data_has(settings: Settings) -> None:
    with running(settings, valkey=False) as parts:
        assert parts.postgres.data.stat().st_uid == parts.folder.account.uid != 0
    with running(settings, valkey=False) as again:
        assert again.folder.account == parts.folder.account


@pytest.mark.skipif(not ROOT, reason="only root steps down to another user")
def test_a_directory_the_servers_cannot_reach_is_refused(data_dir: Path, settings: Settings) -> None:
    data_dir.parent.mkdir(mode=0o700)
    with pytest.raises(CannotStart, match="cannot be reached by the user"):
        start(settings)


def test_a_directory_that_cannot_be_made_is_refused(data_dir: Path, settings: Settings) -> None:
    data_dir.parent.write_text("a file where a folder should be")
    with pytest.raises(CannotStart, match="cannot be used"):
        start(settings)


def test_data_of_another_major_version_is_refused_with_the_way_out(made: Settings) -> None:
    with running(made, valkey=False) as parts:
        data = parts.postgres.data
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(CannotStart, match=r"belongs to PostgreSQL 14; this version brings 18.*tactful upgrade"):
        start(made)
    (data / "PG_VERSION").write_text("18\n")


def test_a_folder_with_something_else_in_it_is_refused(data_dir: Path, settings: Settings) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "letter.txt").write_text("dear reader")
    with pytest.raises(CannotStart, match="is not empty"):
        start(settings)
    assert (data_dir / "postgres" / "letter.txt").exists()


def test_data_open_to_everybody_is_refused_with_the_servers_own_words(made: Settings) -> None:
    with running(made, valkey=False) as parts:
        data = parts.postgres.data
    data.chmod(0o777)
    with pytest.raises(CannotStart, match="invalid permissions"):
        start(made)
    data.chmod(0o700)
    with running(made, valkey=False):
        pass


def test_a_wrong_option_is_refused_with_the_servers_own_words(made: Settings) -> None:
    with pytest.raises(CannotStart, match="no_such_thing"):
        start(made.replace(**{POSTGRES_OPTIONS.name: "no_such_thing=1"}))


def test_valkey_takes_another_port_when_its_own_is_taken(made: Settings) -> None:
    with running(made) as parts:
        port = int(parts.folder.recall()["valkey_port"])
    with socket.create_server(("127.0.0.1", port)), running(made) as parts:
        assert parts.folder.recall()["valkey_port"] != port
        with redis.Redis.from_url(parts.redis_url) as client:
            assert client.ping()


def test_where_nothing_was_started_yet_the_doctor_says_just_that(made: Settings) -> None:
    bad = [finding for finding in examine(made) if not finding.well]
    assert [(one.part, one.found) for one in bad] == [("migrations", "none")]
    assert bad[0].advice.startswith("Nothing was started here yet")
