"""A push service on the loopback address: takes what is signed and sealed rightly, and reads it as a browser does."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tactful.deliver.web_push.keys import decoded, encoded
from tactful.deliver.web_push.sealing import BODY, unseal
from tactful.kernel import ids
from tactful.testing.loopback import Loopback


@dataclass(frozen=True, slots=True)
class Push:
    """One push: whom it was for, its headers by their lower-case names, what was signed, and what the browser reads."""

    path: str
    headers: dict[str, str]
    claims: dict[str, Any]
    told: dict[str, Any]


class PushService(Loopback):
    """A real HTTP server while its block lasts. answer: the status and headers for each push, or raises to hang up.

    >>> with PushService() as service:
    ...     sorted(json.loads(service.subscription("ana")))
    ['endpoint', 'expirationTime', 'keys']
    """

    def __init__(self, answer: Callable[[Push], tuple[int, dict[str, str]]] = lambda push: (201, {})) -> None:
        self._browser, self._auth = generate_private_key(SECP256R1()), decoded(ids.token(16))
        # All that were signed and sealed rightly, whatever was answered.
        self.pushes: list[Push] = []
        self._answer = answer
        super().__init__(type("Handler", (_Handler,), {"service": self}))

    def subscription(self, who: str) -> str:
        """What a browser would tell when somebody allows notifications."""
        point = self._browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": encoded(point), "auth": encoded(self._auth)}
        return json.dumps({"endpoint": f"{self.url}/push/{who}", "expirationTime": None, "keys": keys})

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """The answer to one request: what is wrong with it first, then as it was told."""
        if headers.get("content-encoding") != "aes128gcm" or not headers.get("ttl", "").isdecimal():
            return 400, {}
        if len(body) > BODY:
            return 413, {}
        claims = self._signed(headers.get("authorization", ""))
        if claims is None:
            return 401, {}
        try:
            told = json.loads(unseal(body, self._browser, self._auth))
        except ValueError:
            return 400, {}
        self.pushes.append(Push(path, headers, claims, told))
        return self._answer(self.pushes[-1])

    def _signed(self, told: str) -> dict[str, Any] | None:
        """Claims that were signed for this service, whenever that was (RFC 8292)."""
        parts = dict(part.strip().split("=", 1) for part in told.removeprefix("vapid ").split(",") if "=" in part)
        try:
            key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(parts["k"]))
            options: Any = {"verify_exp": False, "require": ["aud", "exp", "sub"]}
            claims: dict[str, Any] = jwt.decode(
                parts["t"], key, algorithms=["ES256"], audience=self.url, options=options
            )
        except (KeyError, ValueError, jwt.InvalidTokenError, UnsupportedAlgorithm):
            return None
        return claims


class _Handler(BaseHTTPRequestHandler):
    service: PushService
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take one push."""
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            status, more = self.service.take(self.path, headers, body)
        except ConnectionAbortedError:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {"Content-Length": "0", **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
