"""Following what is published, at the command line."""

import asyncio
import sys
from contextlib import aclosing

from tactful.bootstrap import read_settings
from tactful.bootstrap.where import valkey_of
from tactful.cli.arguments import Arguments
from tactful.store import valkey
from tactful.store.running import following

AWAY = "tactful: Valkey does not answer; waiting until it does."
BACK = "tactful: Valkey answers again; nothing was missed that it kept."


def listen(arguments: Arguments) -> None:
    """Print what is published on a channel, one JSON message a line, until Ctrl+C."""
    start = following.place(arguments.start)
    with valkey_of(read_settings()) as url:
        asyncio.run(_print(url, arguments.channel, start, ids=arguments.ids))


async def _print(url: str, channel: str, start: str, *, ids: bool) -> None:
    client = valkey.client(url)
    entries = following.follow(client, channel, start=start, away=Noting())
    async with client, aclosing(entries):
        async for name, message in entries:
            print(f'{{"id":"{name}","message":{message}}}' if ids else message, flush=True)


class Noting:
    """Says once that Valkey is away, and once that it is back."""

    def __init__(self) -> None:
        self._gone = False

    def __call__(self, gone: bool) -> None:
        """Note whether it is gone."""
        if gone != self._gone:
            self._gone = gone
            print(AWAY if gone else BACK, file=sys.stderr, flush=True)
