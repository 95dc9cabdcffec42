"""What a user got wrong is one sentence: no stack trace, no password, and nothing has happened."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tactful.sense import limits
from tactful.store.database import Database
from tests.cli.conftest import Typed
from tests.living import one, settle_in
from tests.stories.processes import free_port

FUTURE = "2130-01-01T00:00:00Z"
OUT_OF_RANGE = "at must lie between 1970 and one day from now."


def test_the_command_line_loads_nothing_that_only_learning_needs() -> None:
    told = "import sys, tactful.cli.table; print({'sklearn', 'scipy.stats', 'duckdb'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tick", "--at", FUTURE], OUT_OF_RANGE),
        (["tick", "--at", FUTURE, "--dry-run"], OUT_OF_RANGE),
        (["daily-reset", "--at", FUTURE], OUT_OF_RANGE),
        (["explain", "1", "--at", FUTURE], OUT_OF_RANGE),
        (["evaluate", "silence", "--at", FUTURE], OUT_OF_RANGE),
        (["explain", "1", "--at", "9999-12-31T23:59:59-12:00"], OUT_OF_RANGE),
        (["tick", "--at", "noon"], "noon is not a time"),
        (["tick", "--organisation", "acme"], "--organisation goes with --dry-run"),
        (["at-risk", "--limit", "-3"], "-3 is not a whole number from 1"),
        (["token", "x", "--hours", "nan"], "nan is not a number from 0 to 87600"),
        (["token", "x", "--hours", "1e12"], "1e12 is not a number from 0 to 87600"),
        (["token", "x", "--hours", "-1"], "-1 is not a number from 0 to 87600"),
        (["token", ""], "sub must be 1 to 255 readable characters"),
        (["token", "x", "--organisation", "a\nb"], "organisation must be 1 to 255 readable characters"),
        (["up", "--port", "99999"], "99999 is not a whole number from 1 to 65535"),
        (["up", "--host", "nowhere.invalid"], "nowhere.invalid is not an address of this machine"),
        (["bench", "tick", "--size", "nan"], "nan is not a number from 0 to 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(arguments: list[str], sentence: str, alone: Typed) -> None:
    told = alone(*arguments)
    assert told.status == 2
    assert sentence in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("variable", "value", "setting"),
    [
        ("DATABASE_URL", "mysql://u:geheim@h/x", "store.database_url"),
        ("DATABASE_URL", "postgresql://u:gehe%im@h/x", "store.database_url"),
        ("REDIS_URL", "u:geheim@localhost:6379", "store.redis_url"),
        ("TACTFUL_API_ORIGINS", "learn.example.org", "api.origins"),
        ("TACTFUL_API_ORIGINS", "https://learn.example.org/path", "api.origins"),
        ("TACTFUL_API_JWKS", "/absent/keys.json", "api.jwks"),
        ("TACTFUL_WORKER_TICK_CRON", "every day", "worker.tick_cron"),
    ],
)
def test_a_setting_that_cannot_be_stops_the_start(
    variable: str, value: str, setting: str, alone: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    told = alone("up")
    assert told.status == 2
    assert told.err.startswith(f"tactful: {setting} (from {variable}): ")
    assert "geheim" not in told.err


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_a_database_that_does_not_answer_is_told_without_its_password(
    scheme: str, alone: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://u:geheim@127.0.0.1:1/x")
    told = alone("migrate")
    assert told.status == 2
    assert told.err.startswith("tactful: PostgreSQL does not let us in")
    assert told.err.count("\n") == 1
    assert "geheim" not in told.err
    doctor = alone("doctor")
    assert doctor.status == 1
    assert "!!  postgresql: does not answer" in doctor.out
    assert "geheim" not in doctor.out + doctor.err


@pytest.mark.parametrize(
    "arguments", [["at-risk"], ["explain", "1"], ["pause"], ["resume"], ["tick", "--dry-run"]], ids=lambda one: one[0]
)
def test_an_organisation_that_nobody_has_named_is_said_to_be_unknown(arguments: list[str], typed: Typed) -> None:
    told = typed(*arguments, "--organisation", "nope")
    assert told.status == 1
    assert told.err.startswith("tactful: There is no organisation nope")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["at-risk"], ["explain", "1"], ["pause"], ["resume"]], ids=lambda one: one[0])
def test_where_the_default_organisation_is_not_there_another_can_be_named(arguments: list[str], typed: Typed) -> None:
    told = typed(*arguments)
    assert told.status == 1
    assert told.err.startswith("tactful: There is no organisation default")
    assert told.err.endswith(" Say whose people are meant with --organisation NAME.\n")
    assert "--organisation" not in typed(*arguments, "--organisation", "nope").err


@pytest.mark.parametrize("command", [["backup", "saved"], ["restore", "saved"], ["upgrade", "--old-bin", "saved"]])
def test_a_database_of_ones_own_is_not_taken_for_the_embedded_one(
    command: list[str], typed: Typed, closed_database: Database, tmp_path: Path
) -> None:
    settle_in(closed_database, count=1)
    told = typed(*(tmp_path / each if each == "saved" else each for each in command))
    assert told.status == 2
    assert told.err.startswith("tactful: The database is your own (DATABASE_URL), not the embedded one: pg_")
    assert not (tmp_path / "saved").exists()
    assert one(closed_database, "SELECT count(*) FROM people") == 1


def test_a_file_that_is_there_is_not_replaced_unless_one_says_so(alone: Typed, tmp_path: Path) -> None:
    there = tmp_path / "kept"
    there.write_text("of value")
    told = alone("backup", there)
    assert (told.status, there.read_text()) == (2, "of value")
    assert told.err == f"tactful: {there} is there already; choose another name, or replace it with --force.\n"


def test_an_organisation_that_cannot_be_is_refused_before_the_database_sees_it(typed: Typed) -> None:
    told = typed("at-risk", "--organisation", "a\0b")
    assert told.status == 2
    assert told.err == "tactful: organisation has control characters or half a character in it.\n"


def test_what_the_database_refuses_is_a_sentence(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing that is typed comes so far; should it ever, this is what is said.
    monkeypatch.setattr(limits, "name", lambda value, path: None)
    told = typed("at-risk", "--organisation", "a\0b")
    assert told.status == 2
    assert told.err == "tactful: The database refused: PostgreSQL text fields cannot contain NUL (0x00) bytes.\n"


def test_the_silence_of_nobody_is_a_sentence(typed: Typed, closed_database: Database) -> None:
    settle_in(closed_database, count=3)
    told = typed("evaluate", "silence", "--at", "2002-01-01T00:00:00Z")
    assert told.status == 2
    assert told.err == "tactful: Nobody was known yet at 2002-01-01 00:00 UTC; choose a later --at.\n"


def test_what_can_be_evaluated_names_silence_too(alone: Typed) -> None:
    told = alone("evaluate", "foo")
    assert told.status == 1
    assert "choose from anomaly, dropout, forgetting, mood, plateau, struggle, timing, silence" in told.err


def in_a_process(data_dir: Path, *arguments: object, **environ: str) -> "subprocess.CompletedProcess[str]":
    data_dir.parent.chmod(0o755)
    command = [sys.executable, "-m", "tactful", *map(str, arguments)]
    surroundings = os.environ | {"TACTFUL_DATA_DIR": str(data_dir)} | environ
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)


def test_a_port_that_is_taken_is_told_before_anything_is_started(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = in_a_process(data_dir, "up", "--port", port)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == (
        f"tactful: Port {port} of 127.0.0.1 is taken, perhaps by another Tactful; "
        "choose another one: --port, or `make up PORT=...`.\n"
    )
    assert not data_dir.exists()


def test_a_server_that_cannot_start_ends_with_one_sentence_and_nothing_else(data_dir: Path) -> None:
    told = in_a_process(data_dir, "up", "--port", free_port(), DATABASE_URL="postgresql://u:geheim@127.0.0.1:1/x")
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (2, "", 1)
    assert told.stderr.startswith("tactful: PostgreSQL does not let us in")
    assert "geheim" not in told.stderr
