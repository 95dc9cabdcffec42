"""The stream of the page: server-sent events for as long as somebody looks on."""

import asyncio
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tactful.console.now.lookout import Lookout, lookout
from tactful.console.now.reader import Reader
from tactful.console.now.scene import Scene
from tactful.console.visit import Visit

# Whoever loses the connection comes back after two seconds.
RETRY = b"retry: 2000\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Type": "text/event-stream"}


class Stream(Response):
    """The response that goes on. first: what the page is told at once."""

    def __init__(self, whole: Lookout, scene: Scene, reader: Reader, first: bytes) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._whole, self._scene, self._reader, self._first = whole, scene, reader, first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell what happens until one of both hangs up."""
        reader = self._reader
        try:
            reader.writer = asyncio.create_task(self._write(send))
            gone = asyncio.create_task(_gone(receive))
            await asyncio.wait([reader.writer, gone], return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
        finally:
            self._whole.leave(self._scene, reader)
            if reader.writer is not None:
                reader.writer.cancel()
                with suppress(asyncio.CancelledError, OSError):
                    await reader.writer

    async def _write(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": RETRY + self._first, "more_body": True})
        while part := await self._reader.next():
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def open_stream(visit: Visit) -> Stream:
    """What happens from now on, and whatever a page that comes back has missed. raises: NotReady."""
    whole, reader = lookout(visit.engine), Reader(visit.operator)
    scene = await whole.enter(reader)
    try:
        first = await whole.welcome(scene, reader, since=visit.last or visit.text("since"))
    except BaseException:
        whole.leave(scene, reader)
        raise
    return Stream(whole, scene, reader, first)
