"""Signing in with an issuer of your own: OpenID Connect, the code flow with PKCE and a nonce."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
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
# What the token endpoint says where it does not know us, rather than whoever signs in.
UNKNOWN_CLIENT = ("invalid_client", "unauthorized_client")
AWAY = "Your organisation's sign-in does not answer just now; try again shortly."
TROUBLED = "Your organisation's sign-in has trouble of its own just now; try again shortly."
WRONGLY_SET = "Signing in with your organisation is not set up rightly here; tell whoever runs this server: {}."
ODD = "Your organisation's sign-in answers, but not as OpenID Connect has it; tell whoever runs it: {}."
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
            token = await self._token(client, told, journey, code)
            keys = _keys(await self._asked(client, told["jwks_uri"], "its keys"))
        try:
            claims = self._believed(token, keys, told, journey.nonce)
        except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            raise _refused(error) from None
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
            told = await self._asked(client, issuer + KNOWN, "its description")
            wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
            if missing := [name for name in wanted if not isinstance(told.get(name), str)]:
                raise _failed(ODD.format(f"its description says nothing of {missing[0]}"))
            if told["issuer"].rstrip("/") != issuer:
                raise _failed(WRONGLY_SET.format(f"{ISSUER.name} is not what the issuer calls itself"))
            self._told = told
        return self._told

    async def _asked(self, client: Any, address: str, what: str) -> Mapping[str, Any]:
        """What the issuer has at an address of its own. raises: NotReady."""
        with _reaching(what):
            async with asyncio.timeout(PATIENCE):
                answer = await client.request("GET", address, withhold_token=True)
            told = answer.raise_for_status().json()
        if not isinstance(told, dict):
            raise _failed(ODD.format(f"{what} cannot be read"))
        return told

    async def _token(self, client: Any, told: Mapping[str, Any], journey: Journey, code: str) -> Mapping[str, Any]:
        sent = {"grant_type": "authorization_code", "code": code, "code_verifier": journey.verifier}
        try:
            with _reaching("its token"):
                token: Mapping[str, Any] = await client.fetch_token(told["token_endpoint"], **sent)
                return token
        except OAuthError as error:
            if error.error in UNKNOWN_CLIENT:
                wrong = f"{CLIENT_ID.name} or {CLIENT_SECRET.name} is not what the issuer knows"
                raise _failed(WRONGLY_SET.format(wrong), error) from None
            raise _refused(error) from None

    def _believed(
        self, token: Mapping[str, Any], keys: KeySet, told: Mapping[str, Any], nonce: str
    ) -> Mapping[str, Any]:
        read = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
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


@contextmanager
def _reaching(what: str) -> Iterator[None]:
    """The way to the issuer and back, for something it has; what goes wrong there in words. raises: NotReady."""
    try:
        yield
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise _failed(WRONGLY_SET.format(f"nothing can be at the address of {what}"), error) from None
    except (httpx2.TransportError, TimeoutError) as error:
        raise _failed(AWAY, error) from None
    except httpx2.HTTPStatusError as error:
        status = error.response.status_code
        wrong = WRONGLY_SET.format(f"{ISSUER.name} leads to where the issuer does not tell {what} ({status})")
        raise _failed(TROUBLED if status >= 500 or status == 429 else wrong, error) from None
    except (httpx2.RequestError, ValueError) as error:
        raise _failed(ODD.format(f"{what} cannot be read"), error) from None


def _keys(told: Mapping[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(told)  # type: ignore[arg-type]
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise _failed(ODD.format("its keys cannot be read"), error) from None


def _failed(told: str, error: Exception | None = None) -> NotReady:
    log.warning(told, kind=type(error).__name__ if error else None, said=str(error)[:200] if error else None)
    return NotReady(told)


def _refused(error: Exception) -> NotSignedIn:
    log.warning("the issuer did not vouch for somebody", kind=type(error).__name__, said=str(error)[:200])
    return NotSignedIn(REFUSED)
