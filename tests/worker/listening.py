"""A live session that tests drive second by second, with a clock of their own."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tactful.bootstrap import Engine
from tactful.facts.audiences import LiveSession, Signal
from tactful.kernel.clock import SetClock
from tactful.uses.rooms.second import Holder

# Signals of each viewer in ten seconds, as is usual.
USUAL = 0.05
# So many stretches of ten seconds make a room known to the detectors.
KNOWN = 24
# As whoever listened until now has left it.
HEARD = """
INSERT INTO engagement (live_session_id, organisation_id, at, bin, viewers, signals, parts)
SELECT id, organisation_id, started_at + make_interval(secs => 10 * (bin + 1)), bin, %s, %s, '{}'
  FROM live_sessions, generate_series(0, %s) AS bin WHERE session_id = %s
"""


@dataclass
class Room:
    """A live session of `viewers` people who chat at `rate`, evenly."""

    engine: Engine
    clock: SetClock
    name: str = "keynote"
    viewers: int = 200
    rate: float = USUAL
    sent: int = 0
    owed: float = 0.0

    async def begin(self, *, known: int = 0, **more: Any) -> None:
        """Create it, start it, let everybody come. known: for how many stretches it has been listened to before."""
        await self.engine.add_live_session(
            "acme", LiveSession(self.name, "conference", **({"mode": "automatic"} | more))
        )
        began = self.clock.now() - timedelta(seconds=10 * known)
        await self.engine.start_live_session("acme", self.name, started_at=began)
        if known:
            async with self.engine.database.service() as connection:
                await connection.execute("SELECT ensure_partition('engagement', %s)", (began.date(),))
                await connection.execute(HEARD, (self.viewers, self.viewers * self.rate, known - 1, self.name))
        await self.tell(*(Signal(f"j{n}", self.name, "join", self.clock.now(), f"p{n}") for n in range(self.viewers)))

    async def tell(self, *signals: Signal) -> None:
        """Signals of its audience."""
        if signals:
            await self.engine.hear("acme", signals)

    async def go_on(self) -> None:
        """A second passes; some of them say something in it."""
        self.clock.advance(timedelta(seconds=1))
        at = self.clock.now() - timedelta(seconds=0.5)
        self.owed += self.viewers * self.rate / 10
        some, self.owed = int(self.owed), self.owed % 1
        first, self.sent = self.sent, self.sent + some
        await self.tell(
            *(Signal(f"s{n}", self.name, "chat", at, f"p{n % self.viewers}") for n in range(first, self.sent))
        )


async def listened(room: Room, seconds: int, *holders: Holder) -> list[dict[str, Any]]:
    """Let seconds pass, each looked at by these holders; what was laid out for publishing, in order."""
    entries: list[dict[str, Any]] = []
    for _ in range(seconds):
        await room.go_on()
        for holder in holders:
            done = holder.second(room.clock.now(), await room.engine.live_deciding())
            await room.engine.tell(done)
            holder.keep(done.told)
            entries += done.entries
    return entries


def holding(engine: Engine) -> Holder:
    """A holder of all there is to hold."""
    holder = engine.holder()
    holder.prepare()
    holder.hold()
    return holder
