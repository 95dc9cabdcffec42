"""Following a channel at the command line: what was published, what is, and over a Valkey that dies."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from tactful.embedded import Parts, running
from tactful.kernel import ids
from tactful.store import valkey
from tactful.store.running import outbox
from tactful.store.running.outbox import Entry
from tactful.uses.rooms.acts import ANOMALIES, INTERVENTIONS
from tests.cli.conftest import Typed
from tests.conftest import PREFIX, embedded_settings


@pytest.fixture
def own() -> Iterator[Parts]:
    """A Valkey of its own, which may be harmed."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    try:
        with running(embedded_settings(folder), postgres=False) as parts:
            yield parts
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(own: Parts, *numbers: int, channel: str = INTERVENTIONS) -> None:
    """Publish a message for each number, as it is done of what was written."""

    async def go() -> None:
        async with valkey.client(own.redis_url) as client:
            for number in numbers:
                await outbox.publish(client, [Entry(number, UUID(int=ids.seed()), channel, {"number": number})])

    asyncio.run(go())


@contextmanager
def listening(own: Parts, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """Somebody who follows interventions, until the block ends."""
    words = [sys.executable, "-m", "tactful", "listen", INTERVENTIONS, *more]
    environ = {**os.environ, "REDIS_URL": own.redis_url}
    told = subprocess.Popen(words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield told
    finally:
        told.kill()
        told.communicate()


def heard(told: "subprocess.Popen[str]", count: int) -> list[int]:
    """The numbers of the next messages."""
    assert told.stdout is not None
    return [json.loads(told.stdout.readline())["number"] for _ in range(count)]


def stopped(told: "subprocess.Popen[str]") -> str:
    """What it said on standard error, once it was asked to end by Ctrl+C."""
    told.send_signal(signal.SIGINT)
    said = told.communicate(timeout=20)[1]
    assert told.returncode == 130
    return said


def test_whoever_was_away_catches_up_and_goes_on(own: Parts) -> None:
    publish(own, 1, 2)
    publish(own, 99, channel=ANOMALIES)
    with listening(own, "--from", "START") as told:
        assert heard(told, 2) == [1, 2]
        # Longer than a client waits for an answer: that nothing comes is no failure.
        time.sleep(6)
        publish(own, 3)
        assert heard(told, 1) == [3]
        assert stopped(told) == ""


def test_one_goes_on_behind_what_was_read_last(own: Parts) -> None:
    publish(own, 1, 2, 3)
    with listening(own, "--from", "START", "--ids") as told:
        assert told.stdout is not None
        first, second = (json.loads(told.stdout.readline()) for _ in range(2))
        assert [each["message"]["number"] for each in (first, second)] == [1, 2]
    with listening(own, "--from", second["id"]) as told:
        assert heard(told, 1) == [3]


def test_nothing_is_missed_and_nothing_comes_twice_while_valkey_dies_and_comes_back(own: Parts) -> None:
    with listening(own, "--from", "START") as told:
        publish(own, 1)
        assert heard(told, 1) == [1]
        # What it was told is on the disk by then.
        time.sleep(1.5)
        process = own.valkey.running()
        assert isinstance(process, int)
        os.kill(process, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while own.valkey.running() in (None, process):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        _until_it_answers(own)
        publish(own, 2, 3)
        assert heard(told, 2) == [2, 3]
        said = stopped(told)
    assert "Traceback" not in said
    assert set(said.splitlines()) <= {
        "tactful: Valkey does not answer; waiting until it does.",
        "tactful: Valkey answers again; nothing was missed that it kept.",
    }


def test_a_place_that_cannot_be_is_refused(alone: Typed) -> None:
    told = alone("listen", INTERVENTIONS, "--from", "yesterday")
    assert (told.status, told.err) == (
        2, "tactful: yesterday is neither START nor NEW nor the id of an entry.\n",
    )  # fmt: skip
    assert "invalid choice" in alone("listen", "agent.secrets").err


def _until_it_answers(own: Parts) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            valkey.about(own.redis_url)
        except Exception:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return
