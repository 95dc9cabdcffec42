"""The HTTP client that asks a provider: one answer of bounded size, and no redirects that could carry a key away."""

from collections.abc import AsyncIterator

import httpx2


class TooLong(httpx2.HTTPError):
    """The answer is larger than is read."""


class Bounded(httpx2.AsyncByteStream):
    """The bytes of an answer, up to `most` of them. raises: TooLong where more come."""

    def __init__(self, inner: httpx2.AsyncByteStream, most: int) -> None:
        self._inner, self._most = inner, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for part in self._inner:
            read += len(part)
            if read > self._most:
                raise TooLong(f"The answer is longer than {self._most} bytes.")
            yield part

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._inner.aclose()


def client(*, seconds: float, most: int) -> httpx2.AsyncClient:
    """A client for one provider. seconds: for each wait; most: bytes of an answer."""

    async def bound(response: httpx2.Response) -> None:
        # What is packed may be a thousand times larger once it is not; nobody was asked to pack.
        if response.headers.get("content-encoding", "identity") != "identity":
            raise TooLong("The answer is compressed, though that was not asked for.")
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = Bounded(response.stream, most)

    return httpx2.AsyncClient(
        timeout=seconds,
        follow_redirects=False,
        headers={"accept-encoding": "identity"},
        event_hooks={"response": [bound]},
    )
