"""The Bot API over HTTP, and the window that opens where links to the bot lead."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from tactful.testing.loopback import Loopback
from tactful.testing.telegram.marks import Refused
from tactful.testing.telegram.window import POLICY, Window

TOKEN = "123456:a-token-that-anybody-may-know-00000"
# A method, what it was told; its result.
Answering = Callable[[str, dict[str, Any]], Any]


class Handler(BaseHTTPRequestHandler):
    """One request; `Server` says who answers it."""

    answer: Answering
    window: Window

    def do_GET(self) -> None:
        """Open the window, or tell what stands in it."""
        path = urlsplit(self.path).path
        found = self.window.file(path)
        if path == "/chat":
            self._say(200, self.window.shown())
        elif found is None:
            self._say(404, {"ok": False, "description": "Not Found"})
        else:
            self._send(200, *found)

    def do_POST(self) -> None:
        """Carry out one method, or what somebody does in the self.window."""
        told = json.loads(self.rfile.read(int(self.headers.get("content-length", "0"))) or b"{}")
        try:
            self._say(200, self._done(told))
        except Refused as refused:
            more = {"parameters": refused.parameters} if refused.parameters else {}
            said = {"ok": False, "description": refused.description, "error_code": refused.status}
            self._say(refused.status, said | more)
        except ConnectionError:
            self.close_connection = True

    def _done(self, told: dict[str, Any]) -> dict[str, Any]:
        acts = {"/chat/says": self.window.says, "/chat/presses": self.window.presses}
        if self.path in acts:
            self._ours()
            return acts[self.path](told)
        _, _, rest = self.path.partition("/bot")
        token, _, method = rest.partition("/")
        if token != TOKEN:
            raise Refused(401, "Unauthorized")
        return {"ok": True, "result": self.answer(method, told)}

    def _ours(self) -> None:
        # Another page in the same browser must not chat in somebody's name.
        if self.headers.get("origin") != f"http://{self.headers.get('host')}":
            raise Refused(403, "Forbidden: this is for the window alone")

    def _say(self, status: int, told: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(told).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


class Server(Loopback):
    """Answers methods of one bot. answer: its result, raises Refused to say no, ConnectionError to hang up."""

    def __init__(self, answer: Answering, window: Window) -> None:
        super().__init__(type("Answering", (Handler,), {"answer": staticmethod(answer), "window": window}))
