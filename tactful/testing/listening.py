"""An asyncio server on the loopback address while its block lasts, in a thread: for protocols that are not HTTP/1."""

import asyncio
import ssl
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

Talk = Callable[[StreamReader, StreamWriter], Awaitable[None]]


class Listening:
    """Has `talk` with everybody who comes. tls: what to speak TLS with from the beginning; None for without.

    >>> async def hang_up(reader, writer): writer.close()
    >>> with Listening(hang_up) as listening:
    ...     listening.port > 0
    True
    """

    def __init__(self, talk: Talk, *, tls: ssl.SSLContext | None = None) -> None:
        self._talk, self._tls = talk, tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._talks: set[asyncio.Task[None]] = set()
        self._writers: set[StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        if self._loop.is_running():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def leave(self) -> None:
        """Listen no more, and hang up on everybody."""
        if self._server is not None:
            asyncio.run_coroutine_threadsafe(self._part(), self._loop).result()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._met, "127.0.0.1", 0, ssl=self._tls, backlog=200)

    def _met(self, reader: StreamReader, writer: StreamWriter) -> None:
        # Noted before the talk begins: whoever has only just come is hung up on, too.
        self._writers.add(writer)
        task = self._loop.create_task(self._meet(reader, writer))
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)

    async def _meet(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
                await self._talk(reader, writer)
        finally:
            # Whoever has not said good-bye hears of it at once, with or without TLS.
            writer.transport.abort()
            self._writers.discard(writer)

    async def _part(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._talks):
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        for writer in list(self._writers):
            writer.transport.abort()
        # Transports end a moment after they were told to; those that were still agreeing on TLS by themselves.
        await asyncio.sleep(0.01 if self._tls is None else 0.05)
