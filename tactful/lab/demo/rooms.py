"""The made-up live sessions of a demo: who is there, what befalls them first, and how they take what is done.

Audiences are those of `lab.simulate`, in steps of a second. The first trouble of each is laid down, so that there is
something to see within two minutes; what comes later is chance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.audiences import Signal
from tactful.lab.demo.guests import Guests
from tactful.lab.simulate.audience import Audience
from tactful.lab.simulate.luck import Luck
from tactful.lab.simulate.scenarios import Scenario
from tactful.lab.simulate.speaking import present, spoken
from tactful.lab.simulate.troubles import DECLINE, DROP, EXIT

EVENT = "demo"
# How long sessions have been running when they are first told of, and how long they last in all [s]. Detectors look
# back on 128 s and tell nothing before they have heard 120 s.
BEFORE, LASTING = 600, 4 * 3600
# What is done adds so much to engagement at once: more than is usual, so that it is seen. It halves every minute.
ADDED: Mapping[str, float] = {"POLL": 0.25, "CHAT_PROMPT": 0.15, "GAMIFICATION": 0.2, "NOTIFICATION": 0.15}
KEPT = 0.5 ** (1 / 60)
SEED = 11


@dataclass(frozen=True, slots=True)
class Trouble:
    """What befalls a session `at` seconds after it is first told of; `which`, `bottom`: see `simulate.troubles`."""

    at: int
    which: int
    lasting: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Room:
    """A made-up live session. level: logarithm of signals per viewer and 10 s; small audiences say more."""

    name: str
    title: str
    topic: str
    mode: str
    size: int
    level: float
    first: tuple[Trouble, ...] = ()

    def described(self, name: str, begun: datetime) -> dict[str, Any]:
        """As it is told over HTTP, under a name that is free. Where the end is planned, a mass exit is seen sooner."""
        named = {"session_id": name, "event_id": EVENT, "title": self.title, "topic": self.topic, "mode": self.mode}
        return named | {"ends_at": (begun + timedelta(seconds=LASTING)).isoformat()}


# People leave for 90 s each time. No exit is told before 200 s were heard, which is 80 s after it is first told of.
LEAVING = (Trouble(-5, EXIT, 80, -0.4), Trouble(80, EXIT, 60, -0.4))
ROOMS = (
    Room("keynote", "Keynote", "databases", "automatic", 2_000, -3.0, (Trouble(5, DROP, 240, -2.2),)),
    Room("panel", "Panel on privacy", "privacy", "semi_automatic", 400, -2.6, (Trouble(30, DECLINE, 900, -1.8),)),
    Room("workshop", "Workshop", "Python", "manual", 120, -2.0, LEAVING),
    Room("seminar", "Seminar", "statistics", "automatic", 20, -1.2, (Trouble(60, DROP, 300, -2.2),)),
)


@dataclass(slots=True)
class Playing:
    """A room that is played. number: apart from others; begun: when its first second began."""

    room: Room
    number: int
    begun: datetime
    audience: Audience = field(init=False)
    guests: Guests = field(init=False)
    _lift: Floats = field(init=False)

    def __post_init__(self) -> None:
        """The audience before the beginning."""
        size = self.room.size
        scenario = Scenario(hourly=(3.0, 1.0, 0.5, 0.5), bursts=2.0, smallest=size, largest=size)
        self.audience = Audience(scenario, Luck.of(SEED, self.number, 1), LASTING)
        self.audience.level = np.array([self.room.level])
        self.guests, self._lift = Guests(self.number), np.zeros(1)

    @property
    def over(self) -> bool:
        """Whether it has come to its end."""
        return self.audience.second >= LASTING

    def until(self, now: datetime) -> list[Signal]:
        """What is heard until now, second by second, since it was last asked."""
        told = [] if self.audience.second else present(self.audience, [self.room.name], self.begun)
        while not self.over and self.begun + timedelta(seconds=self.audience.second + 1) <= now:
            told += self._second()
        return told

    def _second(self) -> list[Signal]:
        for each in self.room.first:
            if self.audience.second == BEFORE + each.at:
                self.audience.befall(each.which, lasting=each.lasting, bottom=each.bottom)
        self.audience.advance(1)
        heard = self.audience.hear(1, self._lift)
        self._lift = self._lift * KEPT
        at = self.begun + timedelta(seconds=self.audience.second)
        told = spoken(self.audience, [self.room.name], at, heard)
        return self.guests.among(told, int(self.audience.viewers[0]), at, self.room.name)

    def asked(self, poll: Mapping[str, Any]) -> None:
        """A poll was opened: some will vote."""
        self.guests.asked(poll, viewers=int(self.audience.viewers[0]), second=self.audience.second)

    def take(self, kind: str) -> None:
        """React to something that was done."""
        self._lift = np.minimum(self._lift + ADDED.get(kind, 0.0), 0.4)


def described() -> str:
    """The sessions, a line each.

    >>> described().splitlines()[0]
    '  keynote    2,000 people  automatic       Keynote'
    """
    return "\n".join(f"  {room.name:<10} {room.size:>5,} people  {room.mode:<15} {room.title}" for room in ROOMS)
