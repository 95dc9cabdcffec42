"""Signing the tokens we hand out. Believing or refusing them is the door's work (`api.auth`)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import jwt

from tactful.bootstrap.settings import JWKS, JWT_SECRET
from tactful.kernel.settings import Settings

# WIDGET: one person, in a page: for a while, and for what a page does.
PERSON, WIDGET, SERVICE = "person", "widget", "service"
VIEWER, ORGANISER, ADMIN = "operator:viewer", "operator:organiser", "operator:admin"
SCOPES = (PERSON, WIDGET, SERVICE, VIEWER, ORGANISER, ADMIN)
# Those who speak for one person, and for nobody else.
PERSONAL = frozenset({PERSON, WIDGET})


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
    session: str | None = None,
) -> str:
    """A signed token. hours: how long it is good for. session: the one live session it is good for, if it is for one.

    >>> from datetime import UTC
    >>> token = issue("k" * 32, sub="42", org="acme", scope="person", now=datetime(2026, 1, 1, tzinfo=UTC), hours=1)
    >>> token.count(".")
    2
    """
    claims: dict[str, object] = {
        "sub": sub,
        "org": org,
        "scope": scope,
        "aud": audience,
        "iat": int(now.timestamp() * 1000) / 1000,
    }
    claims["exp"] = int((now + timedelta(hours=hours)).timestamp())
    more = {"jti": token_id, "session": session}
    return jwt.encode(claims | {name: value for name, value in more.items() if value}, key, algorithm="HS256")
