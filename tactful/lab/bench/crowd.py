"""A crowd of WebSocket clients in one process, as small as they can be: they read frames, note when, and may answer."""

import asyncio
import json
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

from tactful.kernel.errors import CannotStart

# Connections that are opened at the same time.
AT_ONCE = 100
PATIENCE = 60.0
UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n{more}\r\n"
)


def frame(text: bytes) -> bytes:
    """A client's text as it is sent; masked with zeros, which change nothing.

    >>> frame(b"hi")
    b'\\x81\\x82\\x00\\x00\\x00\\x00hi'
    """
    size = len(text)
    head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0x80 | 126, size)
    return head + bytes(4) + text


class Member(asyncio.Protocol):
    """One of the crowd. heard: called with the member and each text."""

    def __init__(self, crowd: "Crowd", upgrade: bytes) -> None:
        self._crowd = crowd
        self._upgrade = upgrade
        self._buffer = b""
        self.open = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask to be let in."""
        self.transport = transport  # type: ignore[assignment]
        self.transport.write(self._upgrade)

    def data_received(self, data: bytes) -> None:
        """Take what came apart, frame by frame."""
        data = self._buffer + data
        if not self.open.done():
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._buffer = head
                return
            self._answered(head)
        at = 0
        while (end := _end(data, at)) is not None:
            self._frame(data[at], data[end[0] : end[1]])
            at = end[1]
        self._buffer = data[at:]

    def _answered(self, head: bytes) -> None:
        if head.startswith(b"HTTP/1.1 101"):
            self.open.set_result(None)
        else:
            self.open.set_exception(CannotStart(head[:200].decode(errors="replace")))

    def _frame(self, kind: int, body: bytes) -> None:
        if kind == 0x81:
            self._crowd.heard(self, body)
        elif kind == 0x89:
            self.transport.write(b"\x8a" + bytes([0x80 | len(body)]) + bytes(4) + body)

    def connection_lost(self, error: Exception | None) -> None:
        """Somebody was put out."""
        self._crowd.lost += 1
        if not self.open.done():
            self.open.set_exception(CannotStart("The connection was closed before it stood."))

    def say(self, text: bytes) -> None:
        """Send a text."""
        self.transport.write(frame(text))


def _end(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the body of the frame at `at` begins and ends; None where not all of it is there."""
    size = len(data) - at
    if size < 2:
        return None
    length, start = data[at + 1], at + 2
    if length == 126:
        length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
    return (start, start + length) if start <= len(data) and start + length <= len(data) else None


class Crowd:
    """Everybody, and what is waited for."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.members: list[Member] = []
        self.lost = 0
        self.heard: Callable[[Member, bytes], None] = lambda member, text: None

    async def come(self, path: str, heads: Sequence[str]) -> float:
        """One member for each of these heads; the seconds it took until all are welcome. raises: CannotStart."""
        start, welcome = time.perf_counter(), 0

        def heard(member: Member, text: bytes) -> None:
            nonlocal welcome
            welcome += b'"welcome"' in text

        self.heard = heard
        gate = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._one(path, head, gate) for head in heads))
        await until(lambda: welcome >= len(heads))
        return time.perf_counter() - start

    async def _one(self, path: str, head: str, gate: asyncio.Semaphore) -> None:
        upgrade = UPGRADE.format(path=path, more=head).encode()
        async with gate:
            loop = asyncio.get_running_loop()
            _, member = await loop.create_connection(lambda: Member(self, upgrade), "127.0.0.1", self._port)
            await member.open
            self.members.append(member)

    async def times(self, kind: bytes, publish: Callable[[], Any]) -> list[float]:
        """How long after `publish` began each member had heard a message with `kind` in it, in order [s]."""
        took: list[float] = []
        size = len(self.members)
        done = asyncio.get_running_loop().create_future()

        def heard(member: Member, text: bytes) -> None:
            if kind in text:
                took.append(time.perf_counter() - start)
                if len(took) == size and not done.done():
                    done.set_result(None)

        self.heard = heard
        start = time.perf_counter()
        await publish()
        async with asyncio.timeout(PATIENCE):
            await done
        return took

    async def vote(self, publish: Callable[[], Any]) -> tuple[float, int]:
        """Everybody votes as soon as they hear of the poll: seconds until the last answer, and answers that say no."""
        answered, refused = 0, 0
        said = b'{"type":"vote","choice":1,"poll_id":"%s"}'
        start = 0.0

        def heard(member: Member, text: bytes) -> None:
            nonlocal answered, refused, start
            if b'"type":"poll_opened"' in text:
                start = start or time.perf_counter()
                member.say(said % json.loads(text)["data"]["poll_id"].encode())
            elif b'"type":"done"' in text:
                answered += 1
            elif b'"type":"error"' in text:
                refused += 1

        self.heard = heard
        await publish()
        await until(lambda: answered + refused >= len(self.members))
        return time.perf_counter() - start, refused


async def until(question: Callable[[], bool]) -> None:
    """Wait for something to become true. raises: TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not question():
            await asyncio.sleep(0.002)
