"""An OpenID Connect issuer on the loopback address, for tests of your own and ours."""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from tactful.kernel import ids
from tactful.kernel.clock import SystemClock
from tactful.testing.loopback import Loopback

CLIENT, SECRET = "console", "the secret of the console"


class Issuer(Loopback):
    """A real HTTP server while its block lasts, that lets everybody in at once and checks what a real one checks.

    claims: of whoever signs in, and whatever else its tokens shall say (`aud`, `nonce`, `exp` too). stranger: sign
    tokens with a key that is not in the key set.

    >>> with Issuer({"sub": "1"}) as issuer:
    ...     issuer.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, claims: Mapping[str, Any], *, stranger: bool = False) -> None:
        self.claims = dict(claims)
        self.key = ECKey.generate_key("P-256", {"kid": "one"}, private=True)
        self.signing = ECKey.generate_key("P-256", {"kid": "one"}, private=True) if stranger else self.key
        # What was asked for with each code that is not used yet.
        self.codes: dict[str, dict[str, str]] = {}
        # What it answers at a path (description, keys, token) instead of what it should: status and body.
        self.instead: dict[str, tuple[int, bytes]] = {}
        handler = type("Handler", (_Handler,), {"issuer": self})
        super().__init__(handler)

    def description(self) -> dict[str, Any]:
        """What it says of itself."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.url} | {name: f"{self.url}/{path}" for name, path in places.items()}

    def keys(self) -> Mapping[str, Any]:
        """Its public keys."""
        return KeySet([self.key]).as_dict(private=False)

    def authorized(self, asked: Mapping[str, str]) -> str:
        """Where it sends a browser back to, with a code."""
        code = ids.token()
        self.codes[code] = dict(asked)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: Mapping[str, str], client: str) -> dict[str, Any] | None:
        """Tokens for a code, once, for the client whose secret and verifier fit; else None."""
        begun = self.codes.pop(asked.get("code", ""), None)
        proof = urlsafe_b64encode(sha256(asked.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if begun is None or client != f"{CLIENT}:{SECRET}" or begun.get("code_challenge") != proof:
            return None
        now = int(SystemClock().now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": begun.get("nonce")}
        signed = jwt.encode({"alg": "ES256", "kid": "one"}, claims | self.claims, self.signing)
        return {"access_token": ids.token(), "token_type": "Bearer", "expires_in": 300, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    issuer: Issuer

    def do_GET(self) -> None:
        """Describe itself, show its keys, or let somebody in."""
        place = urlsplit(self.path)
        if place.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(place.query).items()}
            self.send_response(303)
            self.send_header("Location", self.issuer.authorized(asked))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif place.path == "/keys":
            self._tell(200, self.issuer.keys(), "keys")
        elif place.path == "/.well-known/openid-configuration":
            self._tell(200, self.issuer.description(), "description")
        else:
            self._tell(404, {})

    def do_POST(self) -> None:
        """Exchange a code."""
        sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        raw = b64decode(self.headers.get("authorization", "").removeprefix("Basic ")).decode()
        token = self.issuer.token({name: values[0] for name, values in sent.items()}, unquote(raw))
        known = unquote(raw) == f"{CLIENT}:{SECRET}"
        refused = (400, {"error": "invalid_grant"}) if known else (401, {"error": "invalid_client"})
        status, told = (200, token) if token else refused
        self._tell(status, told, "token")

    def _tell(self, status: int, told: Mapping[str, Any], what: str = "") -> None:
        status, body = self.issuer.instead.get(what, (status, json.dumps(told).encode()))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
