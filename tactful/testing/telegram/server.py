"""The Bot API over HTTP."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from tactful.testing.loopback import Loopback
from tactful.testing.telegram.marks import Refused

TOKEN = "123456:a-token-that-anybody-may-know-00000"
# A method, what it was told; its result.
Answering = Callable[[str, dict[str, Any]], Any]


class Server(Loopback):
    """Answers methods of one bot. answer: its result, raises Refused to say no, ConnectionError to hang up."""

    def __init__(self, answer: Answering) -> None:
        super().__init__(_handler(answer))


def _handler(answer: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Carry out one method."""
            told = json.loads(self.rfile.read(int(self.headers.get("content-length", "0"))) or b"{}")
            _, _, rest = self.path.partition("/bot")
            token, _, method = rest.partition("/")
            try:
                if token != TOKEN:
                    raise Refused(401, "Unauthorized")
                self._say(200, {"ok": True, "result": answer(method, told)})
            except Refused as refused:
                more = {"parameters": refused.parameters} if refused.parameters else {}
                self._say(refused.status, {"ok": False, "description": refused.description, **more})
            except ConnectionError:
                self.close_connection = True

        def _say(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps({**told, **({} if told["ok"] else {"error_code": status})}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    return Handler
