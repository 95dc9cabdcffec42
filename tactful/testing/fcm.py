"""FCM on the loopback address, and the issuer that gives service accounts their tokens."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from tactful.kernel import ids
from tactful.testing.loopback import Loopback

PROJECT, EMAIL = "tactful-testing", "push@tactful-testing.example"
# The status, what is told, and more headers; or raises to hang up.
Answer = Callable[[dict[str, Any]], tuple[int, dict[str, Any], dict[str, str]]]


def refused(status: int, name: str, **more: Any) -> tuple[int, dict[str, Any]]:
    """An error as FCM writes it."""
    kind = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
    return status, {"error": {"code": status, "status": name, "details": [{"@type": kind, "errorCode": name, **more}]}}


class Fcm(Loopback):
    """Takes messages while its block lasts. key: of the account whose word it believes; tokens: those it gave."""

    def __init__(
        self, key: RSAPublicKey, answer: Answer = lambda told: (200, {"name": "projects/x/messages/1"}, {})
    ) -> None:
        self.tokens: list[str] = []
        # All messages that came with one of them, whatever was answered.
        self.messages: list[dict[str, Any]] = []
        self._key, self._answer = key, answer
        super().__init__(type("Handler", (_Handler,), {"fcm": self}))

    @property
    def token_url(self) -> str:
        """Where tokens are given."""
        return f"{self.url}/token"

    def give(self, body: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        """A token for whoever proves to be the account (RFC 7523)."""
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        try:
            if asked["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer":
                return 400, {"error": "unsupported_grant_type"}, {}
            options: Any = {"verify_exp": False, "verify_iat": False, "require": ["exp", "iat", "scope"]}
            jwt.decode(
                asked["assertion"],
                self._key,
                algorithms=["RS256"],
                audience=self.token_url,
                issuer=EMAIL,
                options=options,
            )
        except (KeyError, jwt.InvalidTokenError):
            return 400, {"error": "invalid_grant"}, {}
        self.tokens.append(ids.token())
        return 200, {"access_token": self.tokens[-1], "expires_in": 3599, "token_type": "Bearer"}, {}

    def take(self, path: str, token: str, body: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        """The answer to one message."""
        if token not in self.tokens:
            return *refused(401, "UNAUTHENTICATED"), {}
        if path != f"/v1/projects/{PROJECT}/messages:send":
            return *refused(403, "PERMISSION_DENIED"), {}
        self.messages.append(json.loads(body)["message"])
        return self._answer(self.messages[-1])


class _Handler(BaseHTTPRequestHandler):
    fcm: Fcm
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Give a token, or take a message."""
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        try:
            if self.path == "/token":
                status, told, more = self.fcm.give(body)
            else:
                token = self.headers.get("authorization", "").removeprefix("Bearer ")
                status, told, more = self.fcm.take(self.path, token, body)
        except ConnectionAbortedError:
            self.close_connection = True
            return
        said = json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(said)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
