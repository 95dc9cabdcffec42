"""The demo as a user starts it: live sessions are heard, believed and decided about, and Ctrl+C ends it at once."""

import json
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tactful.api import auth
from tactful.kernel.clock import SystemClock
from tactful.lab.demo.rooms import ROOMS
from tactful.store.database import Database
from tests.conftest import ROLE_SECRET
from tests.living import one
from tests.stories.processes import Part, free_port, wait_until_ready

SECRET = "a secret for tests that is long enough"


def until(found: Callable[[], Any], what: str, *, seconds: float = 180) -> Any:
    """What is found, once there is something."""
    end = time.monotonic() + seconds
    while not (something := found()):
        assert time.monotonic() < end, f"{what} not within {seconds} s"
        time.sleep(0.5)
    return something


def test_a_demo_shows_live_sessions_and_ends_when_told(
    closed_database: Database, redis_url: str, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    environ = {
        "DATABASE_URL": closed_database.owner_url,
        "REDIS_URL": redis_url,
        "TACTFUL_STORE_ROLE_SECRET": ROLE_SECRET,
        "TACTFUL_API_JWT_SECRET": SECRET,
        "TACTFUL_CONFIG": "",
        # What is decided is not left alone on purpose.
        "TACTFUL_LIVE_CONTROL_SHARE": "0",
    }
    part = Part(["up", "--demo", "--port", str(port)], environ, log)
    part.start()
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", part)
        live = until(lambda: len(running := sessions(port)) == len(ROOMS) and running, "sessions")
        assert {each["mode"] for each in live} == {"manual", "semi_automatic", "automatic"}
        until(lambda: everything(closed_database), "signals, engagement and an exit")
        until(lambda: "proposes POLL" in log.read_text(), "a suggestion with the way to approve it")
        assert "approve -H" in log.read_text()
    finally:
        begun = time.monotonic()
        part.process.send_signal(signal.SIGINT)
        part.process.wait(20)
    assert time.monotonic() - begun < 5
    assert one(closed_database, "SELECT count(*) FROM live_sessions WHERE state <> 'ended'") == 0


def sessions(port: int) -> list[dict[str, Any]]:
    """The demo's live sessions, as an operator sees them."""
    token = auth.issue(SECRET, sub="eve", org="demo", scope=auth.VIEWER, now=SystemClock().now(), hours=1)
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/live/sessions?state=live", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: list[dict[str, Any]] = json.load(answer)["sessions"]
    return found


def everything(database: Database) -> bool:
    """Whether signals go on coming, all rooms are believed something of, and the exit was noticed."""
    return bool(
        one(database, "SELECT count(*) FROM signals WHERE at > now() - interval '3 seconds'") > 0
        and one(database, "SELECT count(DISTINCT live_session_id) FROM engagement WHERE score > 0") == len(ROOMS)
        and one(database, "SELECT count(*) FROM anomalies WHERE anomaly_type = 'MASS_EXIT'") >= 1
    )
