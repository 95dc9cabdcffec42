"""Passwords of operators: what they must be like, and how they are kept (Argon2id, RFC 9106)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError, VerifyMismatchError

from tactful.kernel.errors import BadInput

SHORTEST, LONGEST = 10, 200


def fitting(password: str, *, email: str) -> str:
    """The password, if it is one. raises: BadInput saying what it must be.

    >>> fitting("correct horse", email="ana@example.org")
    'correct horse'
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"A password has {SHORTEST} to {LONGEST} characters.", fields=["password"])
    if password.strip().lower() in (email, email.partition("@")[0]) or len(set(password)) < 4:
        raise BadInput("This password is the first that others would try; choose another one.", fields=["password"])
    return password


def hashed(password: str) -> str:
    """What is kept of it."""
    return _hasher().hash(password)


def right(password: str, kept: str | None) -> bool:
    """Whether it is the one. Takes as long where there is none, so that nobody learns who there is."""
    try:
        matches = _hasher().verify(kept or _nobodys(), password)
    except (VerifyMismatchError, VerificationError):
        return False
    return matches and kept is not None


@cache
def _hasher() -> PasswordHasher:
    # OWASP's second choice: 19 MiB and two passes, so that many tries at once do not take all memory.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobodys() -> str:
    return hashed("of nobody at all")
