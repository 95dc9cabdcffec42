"""An endpoint on the loopback address that takes what webhooks post, for tests of your own and ours."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from standardwebhooks import Webhook

from tactful.testing.loopback import Loopback


@dataclass(frozen=True, slots=True)
class Posted:
    """One request as it came: headers by their lower-case names."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def key(self) -> str:
        """What tells a copy from another message."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        """Its body: type, timestamp, data."""
        read: dict[str, Any] = json.loads(self.body)
        return read

    def proves(self, secret: str) -> bool:
        """Whether it was signed with `secret`, whenever that was."""
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        return self.headers["webhook-signature"] == Webhook(secret).sign(self.key, at, self.body)


class Endpoint(Loopback):
    """A real HTTP server while its block lasts. answer: the status for each request, or raises to hang up.

    headers: what it answers with beside the status.

    >>> with Endpoint() as endpoint:
    ...     endpoint.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, answer: Callable[[Posted], int] = lambda posted: 204, *, location: str | None = None) -> None:
        self.posted: list[Posted] = []
        self.headers = {} if location is None else {"Location": location}
        super().__init__(self._handler(answer))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{super().url}/hook"

    def _handler(self, answer: Callable[[Posted], int]) -> type[BaseHTTPRequestHandler]:
        took, endpoint = self.posted, self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Take one message."""
                length = int(self.headers.get("content-length", "0"))
                headers = {name.lower(): value for name, value in self.headers.items()}
                posted = Posted(self.path, headers, self.rfile.read(length).decode())
                took.append(posted)
                self.send_response(answer(posted))
                for name, value in endpoint.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent."""

        return Handler
