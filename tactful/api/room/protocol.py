"""Our server's WebSocket connections: beside what every server does, they take frames that were made before.

A message to a room is the same bytes for all who hear it. Through the framework each of them would have it encoded,
framed and awaited anew; here it is written as it is, five times as fast. Where a connection has a backlog, and in
other servers, clients are sent to in the usual way.
"""

from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

# Under this name a connection's `write` stands among the extensions of its scope.
WRITE = "tactful.write"
# What may wait in a connection for frames to be written as they are [bytes].
BACKLOG = 32_768


class Direct(WebSocketsSansIOProtocol):
    """A connection that whole frames can be written to."""

    def handle_connect(self, event: Request) -> None:
        """Begin to serve a connection."""
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][WRITE] = self.write

    async def send(self, message: ASGISendEvent) -> None:
        """Send what the framework tells."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            # Refused over HTTP, which is an answer: it would be logged as a fault of ours, by anybody who likes.
            self.handshake_complete = True

    def write(self, frame: bytes) -> bool:
        """Write a whole frame, unless something waits here already; whether it was."""
        transport = self.transport
        if self.close_sent or transport.is_closing() or transport.get_write_buffer_size() > BACKLOG:
            return False
        transport.write(frame)
        return True
