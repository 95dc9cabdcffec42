"""Signing the tokens we hand out. Believing or refusing them is the door's work (`api.auth`)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import jwt

from tactful.bootstrap.settings import JWKS, JWT_SECRET
from tactful.kernel.settings import Settings

PERSON, SERVICE = "person", "service"
VIEWER, ORGANISER, ADMIN = "operator:viewer", "operator:organiser", "operator:admin"
SCOPES = (PERSON, SERVICE, VIEWER, ORGANISER, ADMIN)


def secret(settings: Settings, fallback: Callable[[], str]) -> str:
    """The secret for HS256 tokens: the setting's, or `fallback()` unless only a key set is wanted (then empty)."""
    return settings[JWT_SECRET] or ("" if settings[JWKS] else fallback())


def issue(
    key: str,
    *,
    sub: str,
    org: str,
    scope: str,
    now: datetime,
    hours: float,
    audience: str = "tactful",
    token_id: str | None = None,
) -> str:
    """A signed token. hours: how long it is good for.

    >>> from datetime import UTC
    >>> token = issue("k" * 32, sub="42", org="acme", scope="person", now=datetime(2026, 1, 1, tzinfo=UTC), hours=1)
    >>> token.count(".")
    2
    """
    claims = {"sub": sub, "org": org, "scope": scope, "aud": audience, "iat": int(now.timestamp())}
    claims["exp"] = int((now + timedelta(hours=hours)).timestamp())
    return jwt.encode(claims | ({"jti": token_id} if token_id else {}), key, algorithm="HS256")
