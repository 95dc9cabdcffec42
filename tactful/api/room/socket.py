"""A WebSocket into a live room: hears what the room is told, and says what its participant does."""

import asyncio
from contextlib import suppress
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from tactful.api.door import Door
from tactful.api.errors import answer as answered
from tactful.api.errors import translate
from tactful.api.room import frames
from tactful.api.room.bucket import Bucket
from tactful.api.room.client import TOO_LARGE, UNWANTED, Client, Ending
from tactful.api.room.entering import Visitor, admitted, shows_something, visit
from tactful.api.room.protocol import WRITE
from tactful.api.room.settings import FRAME_BYTES, FRAMES_AT_ONCE, FRAMES_PER_SECOND, FRAMES_REFUSED
from tactful.api.room.welcome import welcome
from tactful.kernel.errors import NotSignedIn, TactfulError, TooMany

log = structlog.get_logger("tactful.rooms")

# How long a client that showed nothing may take to show its token, and one that is dropped to hear of it [s].
PATIENCE, FAREWELL = 10.0, 3.0
GONE = (WebSocketDisconnect, RuntimeError, OSError)


class Socket:
    """The WebSocket of one client."""

    def __init__(self, websocket: WebSocket, door: Door) -> None:
        self._websocket = websocket
        self._door = door
        self._hub = door.hub
        settings = door.engine.settings
        self._most = settings[FRAME_BYTES]
        self._refused = settings[FRAMES_REFUSED]
        self._bucket = Bucket(per_second=settings[FRAMES_PER_SECOND], most=settings[FRAMES_AT_ONCE], now=self._clock())
        self._told_at = float("-inf")

    async def serve(self, session_id: str) -> None:
        """Let the client in, until one of both hangs up."""
        visitor = await self._let_in(session_id)
        if visitor is None:
            return
        client = self._hub.client(visitor.participant, organiser=visitor.organiser, expires=visitor.call.token.expires)
        since = self._websocket.query_params.get("since")
        try:
            room, missed = await self._hub.enter(visitor.room, visitor.call.organisation, client, since=since)
        except TactfulError as error:
            await self._refuse(error)
            return
        try:
            await self._accept()
            for message in (await welcome(self._hub, room, client), *missed):
                await self._websocket.send_text(message.text)
            client.writer = asyncio.create_task(self._write(client, asyncio.current_task()))
            client.direct(self._websocket.scope.get("extensions", {}).get(WRITE))
            await self._read(visitor, client)
        except GONE:
            pass
        except asyncio.CancelledError:
            # By the writer, once nobody listens any more; by anybody else in earnest.
            if client.ending is None:
                raise
        finally:
            self._hub.leave(room, client)
            if client.writer is not None:
                client.writer.cancel()

    async def _let_in(self, session_id: str) -> Visitor | None:
        websocket = self._websocket
        try:
            if shows_something(websocket):
                return await visit(self._door, await admitted(self._door, websocket), session_id)
            await self._accept()
            async with asyncio.timeout(PATIENCE):
                token = frames.token_in(_bytes(await websocket.receive()))
            return await visit(self._door, await admitted(self._door, websocket, raw=token), session_id)
        except GONE:
            return None
        except TimeoutError:
            await self._refuse(NotSignedIn('Show your token: in the header, or first: {"token": "..."}.'))
        except Exception as error:
            await self._refuse(translate(error))
        return None

    async def _accept(self) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTING:
            await self._websocket.accept()

    async def _refuse(self, error: TactfulError) -> None:
        """Before the connection stands over HTTP, with its status; after that in a message and 4000 and the status."""
        with suppress(*GONE):
            if self._websocket.application_state is WebSocketState.CONNECTING:
                await self._websocket.send_denial_response(answered(error))
            else:
                await self._websocket.send_text(frames.refusal(error).text)
                await self._websocket.close(4000 + error.status, error.detail[:120])

    async def _read(self, visitor: Visitor, client: Client) -> None:
        while True:
            raw = _bytes(await self._websocket.receive())
            if len(raw) > self._most:
                client.end(Ending(TOO_LARGE, f"A message may have {self._most} bytes.", at_once=True))
                return await self._last_words(client)
            if not self._bucket.take(self._clock()):
                if not self._slow_down(client):
                    return await self._last_words(client)
                continue
            try:
                await self._door.still_good(visitor.call.token)
                client.push(await frames.answer(visitor, raw))
            except Exception as error:
                client.push(frames.refusal(translate(error)))

    def _slow_down(self, client: Client) -> bool:
        """Refuse a message as one too many; once a second say so. Whether to go on."""
        if self._bucket.refused >= self._refused:
            client.end(Ending(UNWANTED, "Far too many messages.", at_once=True))
            return False
        if self._clock() - self._told_at >= 1:
            self._told_at = self._clock()
            client.push(frames.refusal(TooMany("Too many messages at once; those beyond were not taken.", seconds=1)))
        return True

    async def _last_words(self, client: Client) -> None:
        """Wait until the writer has said why."""
        if client.writer is not None:
            await asyncio.wait([client.writer])

    async def _write(self, client: Client, reader: "asyncio.Task[Any] | None") -> None:
        with suppress(asyncio.CancelledError, *GONE):
            while (message := await client.next()) is not None:
                await self._websocket.send_text(message.text)
        if client.ending is None:
            return
        # Whoever does not read does not hear this either; they are not waited for.
        with suppress(TimeoutError, *GONE):
            async with asyncio.timeout(FAREWELL):
                await self._websocket.close(client.ending.code, client.ending.reason)
        if reader is not None and not reader.done():
            await asyncio.wait([reader], timeout=FAREWELL)
            reader.cancel()

    def _clock(self) -> float:
        return asyncio.get_running_loop().time()


def _bytes(message: Any) -> bytes:
    """What a client said. raises: WebSocketDisconnect."""
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text = message.get("text")
    return text.encode("utf-8", "surrogatepass") if text is not None else bytes(message.get("bytes") or b"")
