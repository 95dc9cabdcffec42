"""The server that speaks them."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

from tactful.testing.language_models.protocols import Fault, Heard, Say, reply, sensible
from tactful.testing.loopback import Loopback

# A huge answer: so many parts of so many bytes.
PARTS, PART = 200, 1_000_000
# Seconds between two bytes of an answer that drips.
DRIP = 0.05


class Provider(Loopback):
    """A real HTTP server while its block lasts. say: what the tool is called with; fault: what goes wrong, if anything.

    heard: every request. sent: bytes of huge answers that somebody took.

    >>> with Provider() as provider:
    ...     provider.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, say: Say = sensible, *, fault: Fault | Callable[[Heard], Fault | None] | None = None) -> None:
        self.heard: list[Heard] = []
        self.sent = 0
        self.over = threading.Event()
        self._say, self._fault = say, fault
        handler = type("Handler", (_Handler,), {"provider": self})
        super().__init__(handler)

    def __exit__(self, *error: object) -> None:
        self.over.set()
        super().__exit__(*error)

    def reply(self, heard: Heard) -> tuple[Fault | None, bytes]:
        """What goes wrong with this request, and the body of its answer."""
        fault = self._fault(heard) if callable(self._fault) else self._fault
        return fault, reply(heard, self._say, fault)


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_POST(self) -> None:
        """Hear one request and answer it, or not."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        heard = Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.provider.heard.append(heard)
        fault, told = self.provider.reply(heard)
        if fault is Fault.SLOW:
            self.provider.over.wait(30)
            return
        with suppress(OSError):
            self._head(fault, told)
            self._body(fault, told)

    def _head(self, fault: Fault | None, told: bytes) -> None:
        self.send_response(200 if fault is None else fault.status)
        self.send_header("Content-Type", "application/json")
        if fault is Fault.MOVED:
            self.send_header("Location", f"{self.provider.url}/elsewhere")
        if fault is Fault.PACKED:
            self.send_header("Content-Encoding", "gzip")
        if fault not in (Fault.HUGE, Fault.DRIP):
            self.send_header("Content-Length", str(len(told) // 2 if fault is Fault.GARBLED else len(told)))
        self.end_headers()

    def _body(self, fault: Fault | None, told: bytes) -> None:
        if fault is Fault.HUGE:
            for _ in range(PARTS):
                self.wfile.write(b" " * PART)
                self.provider.sent += PART
        elif fault is Fault.DRIP:
            while not self.provider.over.wait(DRIP):
                self.wfile.write(b" ")
                self.wfile.flush()
        else:
            self.wfile.write(told[: len(told) // 2] if fault in (Fault.CUT, Fault.GARBLED) else told)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
