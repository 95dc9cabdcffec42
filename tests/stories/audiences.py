"""Live audiences that talk over HTTP in real time, fall silent and leave when told to, and remember what was taken."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from tactful.kernel.chance import draw
from tactful.kernel.clock import SystemClock

VIEWERS = 200
# Chats of a session in a second, at least and at most.
FEW, MANY = 2, 6
# So many stretches of ten seconds the detectors were told of before: they know each room by then.
STRETCHES = 24
EVENT = "conference"
KINDS = ("POLL", "CHAT_PROMPT", "NOTIFICATION", "GAMIFICATION")

# Running for a while, as whoever listened until now has left it.
LONG_LIVE = """
UPDATE live_sessions SET state = 'live', started_at = date_trunc('second', now()) - make_interval(secs => 10 * %s),
       prior_level = -1.6, prior_spread = 0.3
"""
HEARD = """
INSERT INTO engagement (live_session_id, organisation_id, at, bin, viewers, signals, parts)
SELECT id, organisation_id, started_at + make_interval(secs => 10 * (bin + 1)), bin, %s, 36 + (bin * 7 + id) %% 9, '{}'
  FROM live_sessions, generate_series(0, %s) AS bin
"""


class Audiences:
    """The audiences of live sessions, each of which says something in every second unless it is among the `silent`."""

    def __init__(self, address: str, token: str, names: Sequence[str]) -> None:
        self.address, self.names = address, names
        self.silent: set[str] = set()
        # Of signals: session and id. Of everything: how often each status was answered; 0 for no answer.
        self.taken: list[tuple[str, str]] = []
        self.statuses: Counter[int] = Counter()
        self.refusals: list[Mapping[str, Any]] = []
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._talk, args=(name,)) for name in names]
        self._threads.append(threading.Thread(target=self._ask))

    def __enter__(self) -> "Audiences":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def gather(self, connection: "psycopg.Connection[Any]") -> None:
        """Make the sessions, let everybody come, and have them listened to as if that had gone on for a while."""
        for name in self.names:
            told = {"session_id": name, "event_id": EVENT, "topic": "databases", "mode": "automatic"}
            assert self._post("/api/v1/live/sessions", told) == 200
            self.tell(name, [{"id": f"{name} join", "kind": "join", "count": VIEWERS}])
        connection.execute("SELECT ensure_partition('engagement', (now() - interval '1 hour')::date)")
        connection.execute("SELECT ensure_partition('engagement', now()::date)")
        connection.execute(LONG_LIVE, (STRETCHES,))
        connection.execute(HEARD, (VIEWERS, STRETCHES - 1))

    def tell(self, session: str, signals: Sequence[Mapping[str, Any]]) -> None:
        """Send signals until they are taken: who got no answer sends the same again, and it must count once."""
        now = SystemClock().now()
        body = {"signals": [{"at": now.isoformat(), **each} for each in signals]}
        while self._post(f"/api/v1/live/sessions/{session}/signals", body) != 200:
            time.sleep(0.1)
        self.taken.extend((session, each["id"]) for each in signals)

    def leave(self, session: str, mark: str) -> None:
        """Most of the audience goes, within a second."""
        self.tell(session, [{"id": f"{session} leave {mark}", "kind": "leave", "count": VIEWERS * 3 // 4}])

    def come_back(self, session: str, mark: str) -> None:
        """And is there again."""
        self.tell(session, [{"id": f"{session} back {mark}", "kind": "join", "count": VIEWERS * 3 // 4}])

    def _talk(self, name: str) -> None:
        number = 0
        while not self._stop.wait(1):
            number += 1
            if name not in self.silent:
                many = FEW + int(draw(5, number, len(name), 0) * (MANY - FEW + 1))
                self.tell(name, [{"id": f"{name} {number}", "kind": "chat", "count": many}])

    def _ask(self) -> None:
        """An organiser sets something off every now and then, sooner than most cooldowns allow."""
        number = 0
        while not self._stop.wait(2):
            number += 1
            asked = {"session_id": self.names[number % len(self.names)], "event_id": EVENT, "reason": "By hand"}
            self._post("/api/v1/interventions/manual", asked | {"intervention_type": KINDS[number % len(KINDS)]})

    def _post(self, path: str, body: Mapping[str, Any]) -> int:
        request = urllib.request.Request(f"{self.address}{path}", json.dumps(body).encode(), self._headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                answer.read()
                status = int(answer.status)
        except urllib.error.HTTPError as error:
            status = error.code
            self.refusals.append({"status": status, **json.load(error)})
        except (OSError, ValueError):
            status = 0
        self.statuses[status] += 1
        return status
