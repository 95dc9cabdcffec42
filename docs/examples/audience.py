"""Plays 80 guests of the live session `talk`: `audience.py past TIME` tells what they did since; `audience.py` goes on.

They are lively, fall nearly silent after half a minute, and wake up once something was done; most of them vote.
URL and SERVICE (a service's token) come from the environment.
"""

import json
import os
import random
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

API = os.environ["URL"] + "/api/v1"
ROOM = f"{API}/live/sessions/talk"
GUESTS = [f"guest-{number}" for number in range(80)]
# Seconds that one batch is about; share of the guests who say something in them.
EVERY, LIVELY, SILENT = 5, 0.05, 0.005
# Apart from what an earlier run told: a signal's id counts once.
RUN = f"{time.time():.0f}"


def call(address: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the engine."""
    headers = {"Authorization": f"Bearer {os.environ['SERVICE']}", "Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def signal(kind: str, guest: str, at: datetime) -> dict[str, Any]:
    """What is told of one guest."""
    return {"id": f"{RUN}-{kind}-{guest}-{at:%H%M%S}", "kind": kind, "user_id": guest, "at": at.isoformat()}


def tell(signals: list[dict[str, Any]]) -> int:
    """One batch; up to 1,000 go into it."""
    if signals:
        call(f"{ROOM}/signals", {"signals": signals})
    return len(signals)


def spoken(at: datetime, share: float) -> list[dict[str, Any]]:
    """What is said in the seconds that end at an instant."""
    return [signal(random.choice(["chat", "reaction"]), guest, at) for guest in GUESTS if random.random() < share]


def past(began: datetime) -> None:
    """They come in, and are lively until now."""
    told, at = tell([signal("join", guest, began) for guest in GUESTS]), began + timedelta(seconds=EVERY)
    while at < datetime.now(UTC):
        told, at = told + tell(spoken(at, LIVELY)), at + timedelta(seconds=EVERY)
    print(told, "signals told")


def vote(poll: dict[str, Any]) -> None:
    """Fifty of them do."""
    for guest in random.sample(GUESTS, 50):
        answer = {"choice": random.randrange(len(poll["options"]))} if poll["options"] else {"words": "More examples."}
        call(f"{ROOM}/polls/{poll['poll_id']}/vote", {"user_id": guest, **answer})


def play() -> None:
    """Batch by batch, until the session ends."""
    quiet_from, voted = time.monotonic() + 30, set[str]()
    while call(ROOM)["state"] == "live":
        for poll in call(f"{ROOM}/polls")["polls"]:
            if poll["open"] and poll["poll_id"] not in voted:
                voted.add(poll["poll_id"])
                vote(poll)
        awake = time.monotonic() < quiet_from or call(f"{API}/interventions/history/talk")["total"] > 0
        tell(spoken(datetime.now(UTC), LIVELY if awake else SILENT))
        time.sleep(EVERY)


if sys.argv[1:2] == ["past"]:
    past(datetime.fromisoformat(sys.argv[2]))
else:
    play()
