"""APNs on the loopback address: HTTP/2 with TLS, and tokens that are checked."""

import json
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import h2.config
import h2.connection
import h2.events
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from tactful.testing.listening import Listening


@dataclass(slots=True)
class Notified:
    """One request: its headers, and what the app is told."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def device(self) -> str:
        """The token of the phone."""
        return self.headers[":path"].removeprefix("/3/device/")

    @property
    def told(self) -> dict[str, Any]:
        """What the app reads."""
        read: dict[str, Any] = json.loads(self.body)
        return read


# The status and the reason, or raises to hang up.
Answer = Callable[[Notified], tuple[int, str]]


class Apns(Listening):
    """Takes notifications while its block lasts. key: of the team whose tokens it believes."""

    def __init__(
        self, key: EllipticCurvePublicKey, tls: ssl.SSLContext, answer: Answer = lambda told: (200, "")
    ) -> None:
        self.tokens: set[str] = set()
        self.connections = 0
        # All that were signed rightly, whatever was answered.
        self.notified: list[Notified] = []
        self._key, self._answer = key, answer
        super().__init__(self._serve, tls=tls)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://127.0.0.1:{self.port}"

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.connections += 1
        spoken = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        spoken.initiate_connection()
        writer.write(spoken.data_to_send())
        asked: dict[int, Notified] = {}
        while heard := await reader.read(65_536):
            for event in spoken.receive_data(heard):
                self._hear(spoken, event, asked)
            writer.write(spoken.data_to_send())
            await writer.drain()

    def _hear(self, spoken: h2.connection.H2Connection, event: h2.events.Event, asked: dict[int, Notified]) -> None:
        if isinstance(event, h2.events.RequestReceived):
            asked[event.stream_id] = Notified({str(name): str(value) for name, value in event.headers})
        elif isinstance(event, h2.events.DataReceived):
            asked[event.stream_id].body += event.data
            spoken.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            told = asked.pop(event.stream_id)
            status, reason = self._wrong(told) or self._answer(told)
            head = [(":status", str(status)), ("apns-id", told.headers.get("apns-id", ""))]
            spoken.send_headers(event.stream_id, head, end_stream=not reason)
            if reason:
                spoken.send_data(event.stream_id, json.dumps({"reason": reason}).encode(), end_stream=True)

    def _wrong(self, told: Notified) -> tuple[int, str] | None:
        token = told.headers.get("authorization", "").removeprefix("bearer ")
        try:
            jwt.decode(token, self._key, algorithms=["ES256"], options={"require": ["iss", "iat"], "verify_iat": False})
        except jwt.InvalidTokenError:
            return 403, "InvalidProviderToken"
        self.tokens.add(token)
        self.notified.append(told)
        if "apns-topic" not in told.headers:
            return 400, "MissingTopic"
        return (413, "PayloadTooLarge") if len(told.body) > 4096 else None
