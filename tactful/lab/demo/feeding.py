"""Feeding a running engine with made-up live sessions: signals and votes come in over HTTP, what happens is printed.

For each session there is a thread that speaks, second by second, and one that hears what the room is told. They are
callers like any other: nothing of the engine is touched.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from queue import SimpleQueue
from typing import Any

from tactful.facts.audiences import Signal
from tactful.kernel.clock import Clock
from tactful.lab.demo.client import LOST, Client, Refused
from tactful.lab.demo.rooms import BEFORE, ROOMS, Playing, Room
from tactful.lab.demo.telling import lines
from tactful.sense.signals import MOST_SIGNALS

BASE = "/api/v1/live/sessions"
# How often it is said how engaged the audiences are [s].
SAYING = 30.0
# How soon it is tried again after something went wrong [s].
AGAIN = 1.0


@dataclass
class Feeder:
    """All sessions of a demo, from `start` until `stop`. say: is given each line to be shown."""

    address: str
    operator: str
    service: str
    clock: Clock
    say: Callable[[str], None] = print
    scores: dict[str, float | None] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin. The engine need not answer yet."""
        for number, room in enumerate(ROOMS):
            self._run(Player(self, room, number).speak)
        self._run(self._summarise)

    def stop(self) -> None:
        """End; nobody waits for what is under way."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to end."""
        return self._stop.is_set()

    @property
    def names(self) -> list[str]:
        """What the sessions are called that are fed."""
        return list(self.scores)

    def wait(self, seconds: float) -> None:
        """Let time pass, not longer than until the end."""
        self._stop.wait(max(0.0, seconds))

    def tell(self, name: str, line: str) -> None:
        """Show a line about a session; what is set in is for copying, and stands alone."""
        if not self.stopped:
            head = "" if line.startswith(" ") else f"{self.clock.now().astimezone():%H:%M:%S} {name:<12} "
            self.say(head + line)

    def client(self, token: str) -> Client:
        """A caller of its own."""
        return Client(self.address, token)

    def again(self, work: Callable[[], Any]) -> None:
        """Do it until it is done, whatever is lost on the way."""
        while not self.stopped:
            try:
                work()
                return
            except (Refused, *LOST):
                self.wait(AGAIN)

    def _run(self, work: Callable[[], None]) -> None:
        # Nobody has to wait for them at the end.
        threading.Thread(target=work, daemon=True).start()

    hears = _run

    def _summarise(self) -> None:
        self.wait(SAYING)
        while not self.stopped:
            known = [f"{name} {score:.2f}" for name, score in sorted(self.scores.items()) if score is not None]
            if known:
                self.tell("engagement", ", ".join(known))
            self.wait(SAYING)


class Player:
    """One session that is fed."""

    def __init__(self, feeder: Feeder, room: Room, number: int) -> None:
        self._feeder, self._room = feeder, room
        begun = feeder.clock.now().replace(microsecond=0) - timedelta(seconds=BEFORE)
        self._playing = Playing(room, number, begun)
        self._polls: dict[str, dict[str, Any]] = {}
        # What was heard, for the thread that speaks.
        self._news: SimpleQueue[tuple[str, dict[str, Any]]] = SimpleQueue()
        self._client = feeder.client(feeder.service)

    def speak(self) -> None:
        """Tell what the audience does until it is over."""
        # Worked out before anything is said of the session: it takes seconds, and the engine would hear of silence.
        told = self._playing.until(self._feeder.clock.now())
        self._feeder.again(self._create)
        self._feeder.again(lambda: self._send(told))
        began = {"started_at": self._playing.begun.isoformat()}
        self._feeder.again(lambda: self._client.ask("POST", f"{self._path}/start", began))
        self._feeder.hears(self._hear)
        self._feeder.tell(self._name, self._begun())
        while not self._feeder.stopped and not self._playing.over:
            self._second()
            self._feeder.wait(1 - self._feeder.clock.now().timestamp() % 1)
        self._feeder.again(lambda: self._client.ask("POST", f"{self._path}/end"))

    def _begun(self) -> str:
        told = f"is live, {self._room.mode}"
        if self._room is not ROOMS[0]:
            return told
        # In one piece, for others speak at the same time.
        stream = f'curl -N "{self._feeder.address}{self._path}/stream" -H "Authorization: Bearer $OPERATOR"'
        return f"{told}; to see all that its organisers are told:\n  {stream}"

    def _create(self) -> None:
        """Say that there is a session, under the first name that is free: of earlier demos there may be some."""
        for number in count(1):
            name = self._room.name if number == 1 else f"{self._room.name}-{number}"
            try:
                self._client.ask("POST", BASE, self._room.described(name, self._playing.begun))
            except Refused as refused:
                if refused.status != 409:
                    raise
                continue
            self._name, self._path = name, f"{BASE}/{name}"
            self._feeder.scores[name] = None
            return

    def _second(self) -> None:
        playing = self._playing
        while not self._news.empty():
            type, data = self._news.get()
            playing.take(data["type"]) if type == "intervention" else playing.asked(data)
        told = playing.until(self._feeder.clock.now())
        try:
            self._send(told)
            for vote in playing.guests.due(playing.audience.second):
                self._client.ask("POST", f"{self._path}/polls/{vote.poll}/vote", vote.told())
        except (Refused, *LOST):
            # What was under way is lost; an audience goes on.
            return

    def _send(self, told: list[Signal]) -> None:
        wire = [_wire(each) for each in told]
        for first in range(0, len(wire), MOST_SIGNALS):
            self._client.ask("POST", f"{self._path}/signals", {"signals": wire[first : first + MOST_SIGNALS]})

    def _hear(self) -> None:
        listener = self._feeder.client(self._feeder.operator)
        while not self._feeder.stopped:
            try:
                for message in listener.listen(f"{self._path}/stream"):
                    self._heard(message["type"], message["data"])
                    if self._feeder.stopped or message["type"] == "session_ended":
                        return
            except (Refused, *LOST):
                pass
            self._feeder.wait(AGAIN)

    def _heard(self, type: str, data: dict[str, Any]) -> None:
        if type == "engagement":
            self._feeder.scores[self._name] = data["score"]
        elif type in ("intervention", "poll_opened"):
            self._news.put((type, data))
        if type == "poll_opened":
            self._polls[str(data["poll_id"])] = data
        for line in lines(type, data, address=self._feeder.address, polls=self._polls):
            self._feeder.tell(self._name, line)


def _wire(told: Signal) -> dict[str, Any]:
    who = {} if told.participant is None else {"user_id": told.participant}
    return {"id": told.id, "kind": told.kind, "at": told.at.isoformat(), "count": told.count, **who}
