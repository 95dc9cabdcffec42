"""One account on Reddit: its token, its calls, and what Reddit's refusals mean."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx2

import tactful
from tactful.deliver.reddit.settings import API, CLIENT_ID, CLIENT_SECRET, NAME, PASSWORD, SITE, TIMEOUT
from tactful.kernel.errors import ChannelRefused, Refusal
from tactful.kernel.settings import Settings

GONE = {"USER_DOESNT_EXIST", "DELETED_USER", "INVALID_USER"}
BLOCKED = {"NOT_WHITELISTED_BY_USER_MESSAGE", "USER_BLOCKED", "USER_BLOCKED_MESSAGE", "BLOCKED"}
# A gateway that gave up waiting says nothing of what became of the message behind it.
OPEN = (502, 504)
# A token is asked for anew so long before it ends [s].
EARLY = 60.0


class Account:
    """Calls of one account, with a token that is renewed in time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: httpx2.AsyncClient | None = None
        self._token, self._until = "", 0.0
        self._renewing = asyncio.Lock()

    async def call(self, method: str, path: str, **told: str) -> tuple[int, Mapping[str, Any]]:
        """Status and answer. raises: ChannelRefused; anything else leaves open whether it was done."""
        token = await self._fresh()
        headers = {"authorization": f"bearer {token}"}
        where = f"{self._settings[API].rstrip('/')}{path}"
        more: dict[str, Any] = {"data": told} if method == "POST" else {"params": told}
        answer = await self._ask(method, where, headers=headers, **more)
        if answer.status_code == 401:
            self._until = 0.0
        if answer.status_code in OPEN:
            raise httpx2.RemoteProtocolError(f"Reddit's gateway gave up ({answer.status_code}).")
        _hold(answer)
        said: Mapping[str, Any] = answer.json()
        problem(said)
        return answer.status_code, said

    async def _fresh(self) -> str:
        async with self._renewing:
            now = asyncio.get_running_loop().time()
            if now >= self._until:
                settings = self._settings
                asked = {"grant_type": "password", "username": settings[NAME], "password": settings[PASSWORD]}
                who = httpx2.BasicAuth(settings[CLIENT_ID], settings[CLIENT_SECRET])
                where = f"{settings[SITE].rstrip('/')}/api/v1/access_token"
                try:
                    answer = await self._ask("POST", where, data=asked, auth=who)
                except httpx2.TransportError as error:
                    # Nothing of the message has been written yet.
                    raise ChannelRefused("Reddit gave no token.", refusal=Refusal.RETRY) from error
                _hold(answer)
                said = answer.json()
                if "access_token" not in said:
                    raise ChannelRefused("Reddit does not know this account.", refusal=Refusal.RETRY)
                self._token, self._until = said["access_token"], now + float(said["expires_in"]) - EARLY
        return self._token

    async def _ask(self, method: str, where: str, **more: Any) -> httpx2.Response:
        name = self._settings[NAME]
        agent = f"python:tactful:v{tactful.__version__} (by /u/{name})"
        self._client = self._client or httpx2.AsyncClient(
            timeout=self._settings[TIMEOUT], follow_redirects=False, headers={"user-agent": agent}
        )
        try:
            return await self._client.request(method, where, **more)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise ChannelRefused("Reddit could not be reached.", refusal=Refusal.RETRY) from error

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _hold(answer: httpx2.Response) -> None:
    status = answer.status_code
    if status == 429:
        told = answer.headers.get("retry-after") or answer.headers.get("x-ratelimit-reset")
        raise ChannelRefused("Reddit asks for a rest.", refusal=Refusal.RETRY, after=_seconds(told))
    if status >= 300:
        # Of the account, not of whom it writes to: that is told in the answer.
        raise ChannelRefused(f"Reddit answered {status}.", refusal=Refusal.RETRY)


def problem(said: Any) -> None:
    """Nothing where an answer tells of no error. raises: ChannelRefused.

    >>> problem({"json": {"errors": []}})
    """
    told = said.get("json") if isinstance(said, Mapping) else None
    errors = told.get("errors") if isinstance(told, Mapping) else None
    if not errors or not isinstance(told, Mapping):
        return
    name, words = str(errors[0][0]), str(errors[0][1]).rstrip(".")
    detail = f"Reddit said: {words}."
    if name == "RATELIMIT":
        raise ChannelRefused(detail, refusal=Refusal.RETRY, after=_seconds(told.get("ratelimit")))
    kind = Refusal.GONE if name in GONE else Refusal.BLOCKED if name in BLOCKED else Refusal.INVALID
    raise ChannelRefused(detail, refusal=kind)


def _seconds(told: Any) -> float | None:
    try:
        return max(0.0, float(told))
    except (TypeError, ValueError):
        return None
