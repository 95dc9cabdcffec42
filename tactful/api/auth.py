"""Bearer tokens: believing or refusing them.

Claims: `sub` (who, the product's own id), `org` (organisation), `scope`, `aud`, `exp`. A signature
algorithm is bound to the kind of key we hold, never chosen by the token, so a public key can not be
passed off as a secret.
"""

import asyncio
import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import jwt

from tactful.api.keys import KeySet
from tactful.api.settings import JWKS_SECONDS, LEEWAY, TOKEN_BYTES
from tactful.bootstrap.settings import AUDIENCE, JWKS, LONGEST_WIDGET
from tactful.bootstrap.signing import (
    ADMIN,
    ORGANISER,
    PERSON,
    PERSONAL,
    SCOPES,
    SERVICE,
    VIEWER,
    WIDGET,
    issue,
    secret,
)  # fmt: skip
from tactful.kernel.clock import Clock
from tactful.kernel.errors import NotSignedIn
from tactful.kernel.settings import Settings

__all__ = [
    "ADMIN", "ORGANISER", "PERSON", "PERSONAL", "SCOPES", "SERVICE", "VIEWER", "WIDGET", "Token", "Verifier", "issue",
    "secret",
]  # fmt: skip

# Verified tokens kept in memory; each saves checking one signature.
REMEMBERED = 20_000
LONGEST_NAME = 255
# Times are judged by our clock below, not by the library's.
OPTIONS: Any = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_sub": False,
    "require": ["exp", "aud", "sub", "org", "scope"],
}


@dataclass(frozen=True, slots=True)
class Token:
    """What a believed token says. expires, issued: epoch seconds. session: the one live session it is good for."""

    subject: str
    organisation: str
    scope: str
    expires: float
    id: str | None = None
    issued: float | None = None
    session: str | None = None


class Verifier:
    """Believes or refuses tokens. key: the HS256 secret, empty for none."""

    def __init__(self, settings: Settings, *, key: str, clock: Clock) -> None:
        self._key = key
        self._keys = KeySet(settings[JWKS], seconds=settings[JWKS_SECONDS]) if settings[JWKS] else None
        self._audience = settings[AUDIENCE]
        self._leeway = settings[LEEWAY]
        self._longest = settings[TOKEN_BYTES]
        self._clock = clock
        # With the edition of the key set that vouched for it.
        self._known: OrderedDict[str, tuple[Token, int]] = OrderedDict()

    async def verify(self, raw: str) -> Token:
        """What the token says. raises: NotSignedIn unless it is whole, signed, for us and in time."""
        if len(raw) > self._longest:
            raise NotSignedIn("The token is too long.")
        known = self.remembered(raw)
        if known is None:
            # Should the set change meanwhile, this is asked once more.
            edition = self._edition
            known = self._believe(await self._claims(raw))
            self._known[raw] = known, edition
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        if known.expires + self._leeway <= self._clock.now().timestamp():
            raise NotSignedIn("The token has expired; get a new one.")
        return known

    def remembered(self, raw: str) -> Token | None:
        """What a token said when its signature was checked, while the key it was checked with is in force."""
        token, edition = self._known.get(raw, (None, 0))
        in_force = self._keys is None or (edition == self._edition and self._keys.fresh(None))
        return token if in_force else None

    @property
    def _edition(self) -> int:
        return 0 if self._keys is None else self._keys.edition

    async def _claims(self, raw: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(raw)
            key, algorithm = await self._fitting(header)
            return dict(jwt.decode(raw, key, algorithms=[algorithm], audience=self._audience, options=OPTIONS))
        except jwt.InvalidAudienceError:
            raise NotSignedIn(f"The token is not for this service; its aud must be {self._audience}.") from None
        except jwt.MissingRequiredClaimError as error:
            raise NotSignedIn(f"The token lacks the claim {error.claim}.") from None
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise NotSignedIn("The token is not valid; send one that this service's issuer signed.") from None

    async def _fitting(self, header: dict[str, Any]) -> tuple[Any, str]:
        named = header.get("alg")
        if named == "HS256" and self._key:
            return self._key, "HS256"
        if named in ("RS256", "ES256") and self._keys is not None:
            key_id = header.get("kid")
            if not self._keys.fresh(key_id):
                await asyncio.to_thread(self._keys.find, key_id)
            found = self._keys.find(key_id)
            if found is not None and found.algorithm_name == named:
                return found.key, named
        raise jwt.InvalidAlgorithmError

    def _believe(self, claims: dict[str, Any]) -> Token:
        subject, organisation, scope = (_name(claims, name) for name in ("sub", "org", "scope"))
        if scope not in SCOPES:
            raise NotSignedIn(f"The token's scope must be one of {', '.join(SCOPES)}.")
        if _time(claims, "nbf", 0) > self._clock.now().timestamp() + self._leeway:
            raise NotSignedIn("The token is not valid yet.")
        token_id, expires = claims.get("jti"), _time(claims, "exp", None)
        issued = _time(claims, "iat", None) if "iat" in claims else None
        if scope == WIDGET and (issued is None or expires - issued > LONGEST_WIDGET * 60):
            told = f"A widget's token must say when it was made (iat) and end {LONGEST_WIDGET} minutes later at most."
            raise NotSignedIn(told)
        session = _name(claims, "session") if "session" in claims else None
        known = token_id if isinstance(token_id, str) else None
        return Token(subject, organisation, scope, expires, known, issued, session)


def _name(claims: dict[str, Any], name: str) -> str:
    value = claims[name]
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME or not value.isprintable():
        raise NotSignedIn(f"The token's claim {name} must be 1 to {LONGEST_NAME} readable characters.")
    return value


def _time(claims: dict[str, Any], name: str, default: float | None) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise NotSignedIn(f"The token's claim {name} must be a time in epoch seconds.")
    return float(value)
