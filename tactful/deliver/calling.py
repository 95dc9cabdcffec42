"""HTTP requests to providers: on kept connections, HTTP/2 where they speak it, and never inside unless allowed.

No redirects, no proxies. A name is looked up for each connection, which goes to an address that was looked at.
"""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpcore2

from tactful.deliver.open_web import resolve
from tactful.kernel.errors import ChannelRefused, Refusal

# The longest that somebody may ask to be left alone [s].
LONGEST = 86_400.0
# The most of an answer that is read [bytes].
LARGEST = 65_536
# How long a connection that nobody uses is kept [s], and how many there are at most.
KEPT, CONNECTIONS = 30.0, 50


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: headers by their lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def after(self) -> float | None:
        """How long it asks to be left alone [s]; a date is not read, and what is absurd is not believed."""
        told = self.headers.get("retry-after")
        return min(float(told), LONGEST) if told is not None and told.isdecimal() else None


class _LookedAt(httpcore2.AnyIOBackend):
    """Connects to addresses that were looked at, whatever the name may say a moment later."""

    def __init__(self, *, private: bool) -> None:
        self._private = private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first that answers."""
        *others, last = await asyncio.to_thread(resolve, host.strip("[]"), port, private=self._private)
        for address in others:
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
        return await super().connect_tcp(last, port, timeout, local_address, socket_options)


class Caller:
    """Posts to providers. timeout: of one request [s]; private: whether it may lead inside; ca_file: whom to trust."""

    def __init__(self, *, timeout: float, private: bool, ca_file: str = "") -> None:
        """raises: OSError, ssl.SSLError where `ca_file` cannot be read."""
        self._timeout = timeout
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(cafile=ca_file or None),
            max_connections=CONNECTIONS,
            keepalive_expiry=KEPT,
            http2=True,
            network_backend=_LookedAt(private=private),
        )

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """What `url` answers `body` with. raises: ChannelRefused(RETRY) when there was no answer."""
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._pool.stream("POST", url, headers=told, content=body) as answer,
            ):
                read = await _some(answer)
        except TimeoutError as error:
            raise ChannelRefused(f"{_host(url)} did not answer in time.", refusal=Refusal.RETRY) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as error:
            raise ChannelRefused(f"{_host(url)} could not be reached.", refusal=Refusal.RETRY) from error
        named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
        return Answer(answer.status, named, read)

    async def close(self) -> None:
        """Hang up."""
        await self._pool.aclose()


async def _some(answer: httpcore2.Response) -> bytes:
    read = b""
    async for part in answer.aiter_stream():
        read += part
        if len(read) > LARGEST:
            break
    return read[:LARGEST]


def _host(url: str) -> str:
    return httpcore2.URL(url).host.decode("ascii", "replace")
