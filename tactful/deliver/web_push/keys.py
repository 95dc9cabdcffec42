"""The key by which push services know us, and what is signed with it."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# The order of P-256: private keys are the numbers below it, without 0.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# How long a signature is good; at most a day (RFC 8292).
GOOD_FOR = timedelta(hours=12)


def private_key(told: str) -> EllipticCurvePrivateKey:
    """The key that `web_push.key` is, or makes: the same one every time."""
    number = int.from_bytes(_written(told) or b"")
    if not 0 < number < ORDER:
        drawn = HKDF(hashes.SHA256(), 48, salt=None, info=b"tactful web push").derive(told.encode())
        number = int.from_bytes(drawn) % (ORDER - 1) + 1
    return derive_private_key(number, SECP256R1())


def _written(told: str) -> bytes | None:
    try:
        read = decoded(told)
    except ValueError:
        return None
    return read if len(read) == 32 else None


def public_key(key: EllipticCurvePrivateKey) -> str:
    """What browsers subscribe with (`applicationServerKey`).

    >>> len(public_key(private_key("a secret that is long enough to be one")))
    87
    """
    return encoded(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def authorization(key: EllipticCurvePrivateKey, endpoint: str, contact: str, at: datetime) -> str:
    """The header that proves to the push service of `endpoint` who we are (RFC 8292)."""
    place = urlsplit(endpoint)
    claims = {"aud": f"{place.scheme}://{place.netloc}", "exp": int((at + GOOD_FOR).timestamp()), "sub": contact}
    return f"vapid t={jwt.encode(claims, key, algorithm='ES256')}, k={public_key(key)}"


def encoded(raw: bytes) -> str:
    """Base64 for addresses, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(told: str) -> bytes:
    """The same back. raises: ValueError.

    >>> decoded(encoded(b"as it was"))
    b'as it was'
    """
    if not told.isascii() or set(told) & set("+/="):
        raise ValueError("This is not base64 for addresses.")
    try:
        return urlsafe_b64decode(told + "=" * (-len(told) % 4))
    except binascii.Error as error:
        raise ValueError("This is not base64 for addresses.") from error
