"""A stream of events from a live room, for those who only listen: organisers' pages, displays, simple clients."""

import asyncio
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tactful.api.room.client import Client
from tactful.api.room.hub import Hub
from tactful.api.room.message import Message
from tactful.api.room.room import Room

HEARTBEAT = b": here\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Stream(Response):
    """The response that goes on for as long as its client listens. first: what it is told at once."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, room: Room, client: Client, first: list[Message], *, silence: float) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._hub, self._room, self._client, self._first = hub, room, client, first
        self._silence = silence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell what the room is told, until one of both hangs up."""
        client = self._client
        try:
            client.writer = asyncio.create_task(self._write(send))
            gone = asyncio.create_task(_gone(receive))
            await asyncio.wait([client.writer, gone], return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
        finally:
            self._hub.leave(self._room, client)
            if client.writer is not None:
                client.writer.cancel()
                with suppress(asyncio.CancelledError, OSError):
                    await client.writer

    async def _write(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        # Whoever loses the connection comes back after two seconds.
        opening = b"retry: 2000\n\n" + b"".join(message.event for message in self._first)
        await send({"type": "http.response.body", "body": opening, "more_body": True})
        while (part := await self._next()) is not None:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self) -> bytes | None:
        try:
            async with asyncio.timeout(self._silence):
                message = await self._client.next()
        except TimeoutError:
            return HEARTBEAT
        return None if message is None else message.event


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
