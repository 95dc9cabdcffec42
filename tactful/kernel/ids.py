"""Ids and secrets from the machine's own chance. This is the only module that may draw them."""

import secrets
from uuid import UUID


def token(size: int = 24) -> str:
    """A URL-safe secret of `size` random bytes."""
    return secrets.token_urlsafe(size)


def seed() -> int:
    """A positive 63-bit number to seed one organisation's chance with."""
    return secrets.randbits(63)


def unique() -> str:
    """An id that nobody else has, as text: a random UUID."""
    return str(UUID(bytes=secrets.token_bytes(16), version=4))
