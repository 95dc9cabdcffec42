"""One bot at the Bot API: its calls, and what Telegram's refusals mean."""

import logging
import re
from typing import Any

import httpx2

from tactful.kernel.errors import ChannelRefused, Refusal

# What each sentence of a 400 or 403 says of the person; all else is said of the message.
GONE = re.compile(r"chat not found|user is deactivated|PEER_ID_INVALID|group chat was deleted", re.IGNORECASE)
# What nobody can be blamed for but us: the token, or two who ask at once.
OURS = (401, 404, 409)
TOKEN = re.compile(r"/bot\d+:[A-Za-z0-9_-]+")


class Hidden(logging.Filter):
    """Keeps the token, which is part of every address, out of the lines that the HTTP client logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let it pass, without the token."""
        told = record.getMessage()
        if TOKEN.search(told):
            record.msg, record.args = TOKEN.sub("/bot...", told), None
        return True


HIDDEN = Hidden()


class Bot:
    """Calls of one bot. api: see `telegram.api`; timeout: for each answer [s]."""

    def __init__(self, token: str, *, api: str, timeout: float) -> None:
        self.id = token.partition(":")[0]
        self._base, self._timeout = f"{api.rstrip('/')}/bot{token}", timeout
        self._client: httpx2.AsyncClient | None = None
        logging.getLogger("httpx2").addFilter(HIDDEN)

    async def call(self, method: str, *, wait: float = 0.0, **told: Any) -> Any:
        """The `result` of a method. wait: how much longer than usual its answer may take [s].

        raises: ChannelRefused where Telegram says no, or was not there. Anything else leaves open whether it was done.
        """
        self._client = self._client or httpx2.AsyncClient(timeout=self._timeout, follow_redirects=False)
        patience = httpx2.Timeout(self._timeout, read=self._timeout + wait)
        try:
            answer = await self._client.post(f"{self._base}/{method}", json=told, timeout=patience)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise ChannelRefused("Telegram could not be reached.", refusal=Refusal.RETRY) from error
        if answer.status_code >= 500:
            raise ChannelRefused(f"Telegram has trouble ({answer.status_code}).", refusal=Refusal.RETRY)
        said = answer.json()
        if not said.get("ok"):
            raise refused(answer.status_code, said)
        return said["result"]

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def refused(status: int, said: dict[str, Any]) -> ChannelRefused:
    """What a refusal means.

    >>> refused(429, {"description": "Too Many Requests", "parameters": {"retry_after": 7}}).after
    7.0
    """
    words = f"Telegram said: {str(said.get('description') or status).rstrip('.')}."
    if status == 429:
        after = said.get("parameters", {}).get("retry_after")
        return ChannelRefused(words, refusal=Refusal.RETRY, after=None if after is None else float(after))
    if status in OURS:
        return ChannelRefused(words, refusal=Refusal.RETRY)
    if GONE.search(words):
        return ChannelRefused(words, refusal=Refusal.GONE)
    return ChannelRefused(words, refusal=Refusal.BLOCKED if status == 403 else Refusal.INVALID)
