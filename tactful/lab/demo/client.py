"""A caller of the API, as any product is one: plain HTTP, one connection kept open."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

# What may go wrong on the way, beside being refused.
LOST = (OSError, HTTPException)
# How long an answer, or the next sign of life of a stream, is waited for [s].
PATIENCE = 60.0


class Refused(Exception):
    """The API would not. status: of HTTP."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Client:
    """One connection with one token. For one thread."""

    def __init__(self, address: str, token: str) -> None:
        self._place = urlsplit(address).netloc
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connection: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What is answered. raises: Refused; LOST, and then the next call connects anew."""
        if self._connection is None:
            self._connection = HTTPConnection(self._place, timeout=PATIENCE)
        try:
            answer = self._send(self._connection, method, path, body)
            told = answer.read()
        except LOST:
            self.close()
            raise
        if answer.status >= 400:
            raise Refused(answer.status, told.decode(errors="replace"))
        return json.loads(told)

    def listen(self, path: str) -> Iterator[dict[str, Any]]:
        """What a stream of server-sent events tells, until it ends. raises: Refused, LOST."""
        connection = HTTPConnection(self._place, timeout=PATIENCE)
        try:
            answer = self._send(connection, "GET", path)
            if answer.status >= 400:
                raise Refused(answer.status, answer.read().decode(errors="replace"))
            for line in answer:
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))
        finally:
            connection.close()

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, connection: HTTPConnection, method: str, path: str, body: Any = None) -> HTTPResponse:
        connection.request(method, path, None if body is None else json.dumps(body), self._headers)
        return connection.getresponse()
