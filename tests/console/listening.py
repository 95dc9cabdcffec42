"""A browser's page that listens to the stream of Now, over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.console.conftest import Browser

PATIENCE = 15.0


@dataclass
class Event:
    """Something that was told."""

    name: str
    data: str
    id: str

    @property
    def json(self) -> Any:
        return json.loads(self.data)


@dataclass
class Page:
    """A page that listens. told: everything it heard."""

    answer: httpx.Response
    told: list[Event] = field(default_factory=list)
    over: bool = False

    def __post_init__(self) -> None:
        self._lines = self.answer.aiter_lines()

    async def next(self, *names: str, having: str = "", seconds: float = PATIENCE) -> Event:
        """The next event of one of these names, with that in it."""
        async with asyncio.timeout(seconds):
            while True:
                event = await self._event()
                if event.name in names and having in event.data:
                    return event

    async def end(self) -> None:
        """Hear everything until the stream ends."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self._event()
            except StopAsyncIteration:
                self.over = True

    async def _event(self) -> Event:
        name, id, data = "", "", list[str]()
        while line := await anext(self._lines):
            head, _, rest = line.partition(": ")
            name, id = (rest if head == "event" else name), (rest if head == "id" else id)
            if head == "data":
                data.append(rest)
        self.told.append(Event(name, "\n".join(data), id))
        return self.told[-1]


@asynccontextmanager
async def listening(browser: Browser, **more: Any) -> AsyncIterator[Page]:
    """The stream, as a page of this browser hears it. more: headers, params."""
    async with browser.client.stream("GET", "/console/now/stream", timeout=PATIENCE, **more) as answer:
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["content-type"] == "text/event-stream"
        yield Page(answer)
