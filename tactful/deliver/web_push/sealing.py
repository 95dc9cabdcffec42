"""What only the browser can read: aes128gcm in one record, by RFC 8188 and RFC 8291."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# What every push service takes (RFC 8030, section 7.2), and what is left of it for words [bytes].
BODY = 4096
HEAD = 16 + 4 + 1 + 65
MOST = BODY - HEAD - 16 - 1


def seal(plain: bytes, browser: bytes, auth: bytes, *, own: EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The body of a push. browser: its public point; auth: its secret; own, salt: new for each message.

    raises: ValueError where `browser` is no point.
    """
    theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), browser)
    mine = _point(own.public_key())
    key, nonce = _drawn(own.exchange(ECDH(), theirs), auth, salt, browser, mine)
    # The last and only record ends with a two.
    sealed = AESGCM(key).encrypt(nonce, plain + b"\x02", None)
    return salt + BODY.to_bytes(4) + bytes([len(mine)]) + mine + sealed


def unseal(body: bytes, own: EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """What a browser reads. raises: ValueError where it was not sealed for it."""
    salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
    theirs, sealed = body[21 : 21 + length], body[21 + length :]
    if len(sealed) > size:
        raise ValueError("There is more than one record.")
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), theirs)
    key, nonce = _drawn(own.exchange(ECDH(), point), auth, salt, _point(own.public_key()), theirs)
    try:
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
    except InvalidTag as error:
        raise ValueError("It was sealed for somebody else.") from error
    if not plain.endswith(b"\x02"):
        raise ValueError("The end is missing.")
    return plain[:-1]


def _point(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _drawn(shared: bytes, auth: bytes, salt: bytes, browser: bytes, server: bytes) -> tuple[bytes, bytes]:
    """The key and the nonce."""
    first = _hkdf(shared, auth, b"WebPush: info\0" + browser + server, 32)
    return (
        _hkdf(first, salt, b"Content-Encoding: aes128gcm\0", 16),
        _hkdf(first, salt, b"Content-Encoding: nonce\0", 12),
    )


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(secret)
