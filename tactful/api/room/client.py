"""One connection to a room: who it is, and what waits to be sent to it. Never waited for by others."""

import asyncio
from collections import deque
from typing import NamedTuple

from tactful.api.room.message import Message

# Why connections end, as WebSockets number it; from 4000 on ours: 4000 and the HTTP status.
DONE, RESTART, TOO_SLOW, UNWANTED, TOO_LARGE, EXPIRED = 1000, 1012, 1013, 1008, 1009, 4401


class Ending(NamedTuple):
    """Why a connection ends. at_once: without what still waits."""

    code: int
    reason: str
    at_once: bool = False


class Client:
    """One connection. participant: None for those who run the room; expires: of its token [epoch seconds]."""

    __slots__ = ("_most", "_waiting", "_wake", "ending", "expires", "organiser", "participant", "voted", "writer")

    def __init__(self, participant: str | None, *, organiser: bool, expires: float, most: int) -> None:
        self.participant = participant
        self.organiser = organiser
        self.expires = expires
        # Polls that they have voted on, among those that are open.
        self.voted: set[str] = set()
        self.ending: Ending | None = None
        # Whoever sends what waits; it is ended with the connection.
        self.writer: asyncio.Task[None] | None = None
        self._most = most
        self._waiting: deque[Message] = deque()
        self._wake: asyncio.Future[None] | None = None

    def hears(self, message: Message) -> bool:
        """Whether a message is for this client."""
        if message.for_organisers:
            return self.organiser
        if message.participant is not None:
            return message.participant == self.participant
        return message.voted is None or message.voted in self.voted or self.organiser

    def push(self, message: Message) -> None:
        """Let a message wait to be sent; where too many do, the connection is ended."""
        if self.ending is not None:
            return
        if len(self._waiting) >= self._most:
            self.end(Ending(TOO_SLOW, "Messages are not read; connect again and resume.", at_once=True))
            return
        self._waiting.append(message)
        self._awaken()

    def end(self, ending: Ending) -> None:
        """End the connection, once what waits is sent, or at once."""
        if self.ending is None:
            self.ending = ending
            if ending.at_once:
                self._waiting.clear()
                if self.writer is not None:
                    # It may be stuck in sending.
                    self.writer.cancel()
            self._awaken()

    async def next(self) -> Message | None:
        """What is to be sent next; None when the connection ends."""
        while not self._waiting:
            if self.ending is not None:
                return None
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        return self._waiting.popleft()

    def _awaken(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
