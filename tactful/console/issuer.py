"""Signing in with an issuer of your own: OpenID Connect, the code flow with PKCE and a nonce."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tactful.console.settings import CLIENT_ID, CLIENT_SECRET, ISSUER, ROLE_CLAIM
from tactful.kernel import ids
from tactful.kernel.errors import NotReady, NotSignedIn
from tactful.kernel.settings import Settings

log = structlog.get_logger("tactful.console")

KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
# How long the issuer may take [s]; how far its clock may differ [s].
PATIENCE, LEEWAY = 10.0, 60
REFUSED = "Your organisation's sign-in did not vouch for you; try again, or ask whoever runs it."


@dataclass(frozen=True, slots=True)
class Journey:
    """What a browser carries to the issuer and back, so that nobody else's answer is taken for its own."""

    state: str
    nonce: str
    verifier: str
    after: str

    @classmethod
    def begun(cls, after: str) -> "Journey":
        """A new one. after: where they wanted to go."""
        return cls(ids.token(), ids.token(), ids.token(48), after)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the issuer vouches for. subject: who they are to it, for ever; role: what its token says, if anything."""

    subject: str
    email: str
    verified: bool
    name: str
    role: str | None


class Issuer:
    """One issuer, found by its address when first asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._told: Mapping[str, Any] | None = None

    @property
    def there(self) -> bool:
        """Whether one is set."""
        return bool(self._settings[ISSUER] and self._settings[CLIENT_ID])

    async def way(self, journey: Journey, back: str) -> str:
        """Where to send the browser. back: where it is sent back to. raises: NotReady."""
        async with self._client(back) as client:
            told = await self._found(client)
            url, _ = client.create_authorization_url(
                told["authorization_endpoint"],
                state=journey.state,
                code_verifier=journey.verifier,
                nonce=journey.nonce,
            )
        return str(url)

    async def vouched(self, journey: Journey, back: str, code: str) -> Vouched:
        """Whom the issuer vouches for, given the code that the browser brought. raises: NotReady, NotSignedIn."""
        async with self._client(back) as client:
            told = await self._found(client)
            try:
                token = await client.fetch_token(
                    told["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=journey.verifier
                )
                keys = (await client.request("GET", told["jwks_uri"], withhold_token=True)).raise_for_status().json()
                claims = self._believed(token, keys, told, journey.nonce)
            except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
                log.warning("the issuer did not vouch for somebody", kind=type(error).__name__, said=str(error)[:200])
                raise NotSignedIn(REFUSED) from None
            except Exception as error:
                raise self._away(error) from None
        return self._read(claims)

    def _client(self, back: str) -> Any:
        return AsyncOAuth2Client(
            self._settings[CLIENT_ID],
            self._settings[CLIENT_SECRET] or None,
            scope="openid email profile",
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._settings[CLIENT_SECRET] else "none",
            timeout=PATIENCE,
        )

    async def _found(self, client: Any) -> Mapping[str, Any]:
        if self._told is None:
            issuer = self._settings[ISSUER].rstrip("/")
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await client.request("GET", issuer + KNOWN, withhold_token=True)
                told = answer.raise_for_status().json()
                wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
                if any(not isinstance(told.get(name), str) for name in wanted):
                    raise ValueError("incomplete")
                if told["issuer"].rstrip("/") != issuer:
                    raise ValueError("another issuer")
            except Exception as error:
                raise self._away(error) from None
            self._told = told
        return self._told

    def _believed(self, token: Mapping[str, Any], keys: Any, told: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        read = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        options = {
            "iss": {"essential": True, "value": told["issuer"]},
            "aud": {"essential": True, "value": self._settings[CLIENT_ID]},
        }
        params = {"nonce": nonce, "client_id": self._settings[CLIENT_ID], "access_token": token.get("access_token")}
        claims = CodeIDToken(read.claims, read.header, options, params)
        claims.validate(leeway=LEEWAY)
        return dict(claims)

    def _read(self, claims: Mapping[str, Any]) -> Vouched:
        roles = claims.get(self._settings[ROLE_CLAIM], []) if self._settings[ROLE_CLAIM] else []
        said = [roles] if isinstance(roles, str) else [each for each in roles if isinstance(each, str)]
        role = next((each for each in ("admin", "organiser", "viewer") if each in said), None)
        email, name = claims.get("email"), claims.get("name")
        return Vouched(
            f"{claims['iss']} {claims['sub']}",
            email if isinstance(email, str) else "",
            claims.get("email_verified") is True,
            name if isinstance(name, str) else "",
            role,
        )

    def _away(self, error: Exception) -> NotReady:
        log.warning("the issuer does not answer", kind=type(error).__name__, said=str(error)[:200])
        return NotReady("Your organisation's sign-in does not answer just now; try again shortly.")
