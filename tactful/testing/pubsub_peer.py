"""A real Valkey with a program that listens, as the other side of a channel."""

import json
from asyncio import StreamReader, StreamWriter, create_task, open_connection
from contextlib import ExitStack
from tempfile import TemporaryDirectory
from typing import Any, Self
from urllib.parse import urlsplit

import redis

from tactful import embedded
from tactful.deliver.pubsub.channel import PREFIX
from tactful.deliver.pubsub.settings import TIMEOUT, URL
from tactful.embedded.settings import DATA_DIR
from tactful.kernel import ids
from tactful.kernel.errors import Refusal
from tactful.kernel.settings import Settings
from tactful.testing.listening import Listening
from tactful.testing.peers import Taken

# How long the listener may take to have read what was published [s].
PATIENCE = 5.0


class PubsubPeer:
    """See `tactful.testing.peers.Peer`. url: a Valkey or Redis to use; without one its own is started."""

    refuses = frozenset({Refusal.RETRY})
    # That nobody listens says nothing of when somebody will.
    says_how_long = False
    strange: tuple[str, ...] = ("a b", "*", "ana\r\nPING", "\u00e4", "a" * 201, "a/b")

    def __init__(self, url: str = "") -> None:
        self._url, self._stack = url, ExitStack()
        self._taken: list[Taken] = []
        self._hanging_up: bool | None = None
        self._end = f"end.{ids.token()}"
        self._door = Listening(self._pass_on)

    def __enter__(self) -> Self:
        if not self._url:
            folder = self._stack.enter_context(TemporaryDirectory())
            settings = Settings({DATA_DIR.name: folder})
            self._url = self._stack.enter_context(embedded.running(settings, postgres=False)).redis_url
        self._stack.enter_context(self._door)
        self._client = self._stack.enter_context(redis.Redis.from_url(self._url))
        self._listener = self._stack.enter_context(self._client.pubsub())
        self._listener.subscribe(self._end)
        self.refuse(None)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def taken(self) -> list[Taken]:
        """What the program has heard by now."""
        # All that was published before this comes before it.
        self._client.publish(self._end, "")
        while (heard := self._listener.get_message(timeout=PATIENCE)) is not None:
            if heard["type"] == "pmessage":
                self._taken.append(_taken(heard["channel"].decode(), json.loads(heard["data"])))
            elif heard["type"] == "message":
                break
        return self._taken

    def settings(self) -> dict[str, Any]:
        """The server, by a door that can be slammed."""
        parts = urlsplit(self._url)
        user = f"{parts.username or ''}:{parts.password}@" if parts.password else ""
        return {URL.name: f"redis://{user}127.0.0.1:{self._door.port}{parts.path}", TIMEOUT.name: 2.0}

    def address(self, who: str) -> str:
        """What follows `outreach.`."""
        return who

    def refuse(self, refusal: Refusal | None, *, after: float | None = None) -> None:
        """Listen no more, or again."""
        self._hanging_up = None
        change = self._listener.psubscribe if refusal is None else self._listener.punsubscribe
        change(f"{PREFIX}*")
        # Until the server has heard of it.
        assert self.taken is not None

    def hang_up(self, *, taking: bool) -> None:
        """Slam the door at what is published next, after or before it was passed on."""
        self._hanging_up = taking

    def leave(self) -> None:
        """Let nobody in."""
        self._door.leave()

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        place = urlsplit(self._url)
        theirs, ours = await open_connection(place.hostname, place.port)
        back = create_task(_pump(theirs, writer))
        try:
            while said := await reader.read(65_536):
                slam = self._hanging_up if b"PUBLISH" in said else None
                if slam is False:
                    return
                ours.write(said)
                await ours.drain()
                if slam:
                    back.cancel()
                    await theirs.read(1)
                    return
        finally:
            back.cancel()
            ours.close()


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    while said := await reader.read(65_536):
        writer.write(said)
        await writer.drain()


def _taken(channel: str, told: dict[str, Any]) -> Taken:
    text = f"{told['title']}\n{told['message']}"
    return Taken(channel.removeprefix(PREFIX), text, told["action"], told["out"], told["mark"], raw={"told": told})
