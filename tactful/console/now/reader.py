"""One open page that hears what happens: what waits to be sent to it. Nobody else ever waits for it."""

import asyncio
from collections import deque

from tactful.bootstrap.operating import Operator
from tactful.console.pages import ORGANISER

# Why a stream ends: the server stops, or the page was too slow to read (both come back and are told what they missed);
# or its operator is signed out.
STOP, BEHIND, OUT = "stop", "behind", "out"
# Figures that wait for a slow page, the oldest of which is dropped; and everything else, of which nothing is.
MOST_TICKS, MOST_TOLD = 5, 400
# How long a page that does not read is waited for at the end [s].
PATIENCE = 0.3


class Reader:
    """A page that is open. operator: who looks at it."""

    __slots__ = ("_ending", "_ticks", "_told", "_wake", "may", "operator", "writer")

    def __init__(self, operator: Operator) -> None:
        self.operator = operator
        # Whether they may answer suggestions; others see no buttons.
        self.may = operator.may(ORGANISER)
        # Whoever sends what waits.
        self.writer: asyncio.Task[None] | None = None
        self._ticks: deque[bytes] = deque(maxlen=MOST_TICKS)
        self._told: list[bytes] = []
        self._ending: str | None = None
        self._wake: asyncio.Future[None] | None = None

    def tick(self, frame: bytes) -> None:
        """Figures; where too many wait, the oldest are dropped."""
        self._ticks.append(frame)
        self._awaken()

    def tell(self, frames: bytes) -> None:
        """Everything else. Where too much waits, the stream ends: its page comes back and is told from the database."""
        if len(self._told) >= MOST_TOLD:
            self.end(BEHIND)
            return
        self._told.append(frames)
        self._awaken()

    def end(self, reason: str) -> None:
        """End the stream once what waits is sent, or soon if it is not read."""
        if self._ending is None:
            self._ending = reason
            self._told.append(f'event: bye\ndata: "{reason}"\n\n'.encode())
            self._awaken()
            if self.writer is not None:
                asyncio.get_running_loop().call_later(PATIENCE, self.writer.cancel)

    @property
    def ended(self) -> bool:
        """Whether it ends."""
        return self._ending is not None

    async def next(self) -> bytes:
        """What is to be sent next; empty when the stream is over."""
        if not self._told and not self._ticks and self._ending is None:
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        told = b"".join((*self._told, *self._ticks))
        self._told.clear()
        self._ticks.clear()
        return told

    def _awaken(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
