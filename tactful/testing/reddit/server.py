"""Reddit over HTTP: tokens, messages, the inbox."""

import json
from base64 import b64encode
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tactful.testing.loopback import Loopback

CLIENT, SECRET, NAME, PASSWORD, TOKEN = "client", "client-secret", "tactful_test", "a password", "a-token"
Told = dict[str, str]
# What an address answers to what it was told: status, headers, body.
Answer = tuple[int, dict[str, str], Any]


class Server(Loopback):
    """Answers whoever shows the token it gave. answer: by address; raises ConnectionError to hang up."""

    def __init__(self, answer: Callable[[str, Told], Answer]) -> None:
        super().__init__(type("Handler", (_Handler,), {"answer": staticmethod(answer)}))


def _token(header: str, told: Told) -> Answer:
    known = "Basic " + b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    if header != known:
        return 401, {}, {"message": "Unauthorized", "error": 401}
    if (told.get("username"), told.get("password")) != (NAME, PASSWORD):
        return 200, {}, {"error": "invalid_grant"}
    return 200, {}, {"access_token": TOKEN, "token_type": "bearer", "expires_in": 86400, "scope": "*"}


class _Handler(BaseHTTPRequestHandler):
    answer: Callable[[str, Told], Answer]

    def do_POST(self) -> None:
        """A form."""
        self._take(self.rfile.read(int(self.headers.get("content-length", "0"))).decode())

    def do_GET(self) -> None:
        """A question."""
        self._take(urlsplit(self.path).query)

    def _take(self, form: str) -> None:
        told, path = dict(parse_qsl(form, keep_blank_values=True)), urlsplit(self.path).path
        shown = self.headers.get("authorization", "")
        try:
            if path == "/api/v1/access_token":
                self._say(*_token(shown, told))
            elif shown != f"bearer {TOKEN}" or "/u/" not in self.headers.get("user-agent", ""):
                self._say(401, {}, {"message": "Unauthorized", "error": 401})
            else:
                self._say(*type(self).answer(path, told))
        except ConnectionError:
            self.close_connection = True

    def _say(self, status: int, headers: dict[str, str], told: Any) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
