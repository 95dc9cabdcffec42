"""Ids and secrets from the machine's own chance. This is the only module that may draw them."""

import secrets


def token(size: int = 24) -> str:
    """A URL-safe secret of `size` random bytes."""
    return secrets.token_urlsafe(size)


def seed() -> int:
    """A positive 63-bit number to seed one organisation's chance with."""
    return secrets.randbits(63)
