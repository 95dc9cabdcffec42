"""The example audience of the guide to live sessions, as somebody would start it against a running engine."""

import json
import os
import subprocess
import sys
import urllib.request
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from tactful.kernel.clock import SystemClock
from tactful.store.database import Database
from tests.browser.conftest import engine
from tests.browser.test_room import token
from tests.house.tree import ROOT
from tests.stories.test_demo import until

PROGRAM = [sys.executable, str(ROOT / "docs/examples/audience.py")]
TALK = "/api/v1/live/sessions/talk"


def ask(address: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token('backend', 'service')}", "Content-Type": "application/json"}
    request = urllib.request.Request(address + path, None if body is None else json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def test_the_audience_tells_its_past_votes_and_ends_with_its_session(
    closed_database: Database, redis_url: str, tmp_path: Path
) -> None:
    with engine(closed_database, redis_url, tmp_path / "log", "api") as address:
        environ = os.environ | {"URL": address, "SERVICE": token("backend", "service")}
        ask(address, "/api/v1/live/sessions", {"session_id": "talk", "event_id": "conference"})
        began = (SystemClock().now() - timedelta(minutes=1)).astimezone(UTC).replace(microsecond=0)
        past = subprocess.run([*PROGRAM, "past", began.isoformat()], env=environ, capture_output=True, timeout=120)
        assert past.stdout.endswith(b" signals told\n"), past.stderr
        assert int(past.stdout.split()[0]) > 80
        assert ask(address, f"{TALK}/start", {"started_at": began.isoformat()})["viewers"] == 80
        poll = ask(address, f"{TALK}/polls", {"question": "Shall we?", "options": ["Yes", "No"], "duration": 300})
        playing = subprocess.Popen(PROGRAM, env=environ, stderr=subprocess.PIPE)
        try:
            until(lambda: ask(address, f"{TALK}/polls/{poll['poll_id']}")["votes"] == 50, "votes")
            ask(address, f"{TALK}/end", {})
            _, wrong = playing.communicate(timeout=60)
        finally:
            playing.kill()
        assert (playing.returncode, wrong) == (0, b"")
