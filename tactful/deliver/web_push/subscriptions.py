"""What a browser tells when somebody allows notifications: where they are taken, and how to seal them."""

import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from tactful.deliver.open_web import fitting
from tactful.deliver.web_push.keys import decoded, encoded
from tactful.kernel.errors import BadInput

# Endpoints are some 200 letters long; with the keys it stays within what an address may be.
LONGEST = 1_800
SHAPE = 'must be a subscription like {"endpoint": "https://...", "keys": {"p256dh": "...", "auth": "..."}}'


@dataclass(frozen=True, slots=True)
class Subscription:
    """One browser. point: its public key; auth: the secret it shares with us."""

    endpoint: str
    point: bytes
    auth: bytes

    @property
    def kept(self) -> str:
        """As it is kept: always in this order, without what browsers add."""
        keys = {"p256dh": encoded(self.point), "auth": encoded(self.auth)}
        return json.dumps({"endpoint": self.endpoint, "keys": keys}, separators=(",", ":"))


def subscription(told: str, *, private: bool) -> Subscription:
    """What a browser told, as `JSON.stringify` writes it. private: see `web_push.private`. raises: BadInput."""
    endpoint, point, auth = _read(told)
    wrong = fitting(endpoint, private=private)
    if wrong is not None:
        raise BadInput(f"has an endpoint that {wrong}")
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        raise BadInput("has a key that is none (p256dh)") from None
    if len(point) != 65 or len(auth) != 16:
        raise BadInput("has keys of the wrong length")
    return Subscription(endpoint, point, auth)


def _read(told: str) -> tuple[str, bytes, bytes]:
    try:
        found: Any = json.loads(told) if len(told) <= 2 * LONGEST else None
        endpoint, keys = found["endpoint"], found["keys"]
        point, auth = (decoded(keys[name].rstrip("=")) for name in ("p256dh", "auth"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput(SHAPE) from None
    if not isinstance(endpoint, str) or len(endpoint) > LONGEST:
        raise BadInput(SHAPE)
    return endpoint, point, auth
