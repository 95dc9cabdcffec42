"""Following a channel from its stream: whoever was away catches up, and nothing is told twice or left out.

What is published on a channel stands in a stream of the same name, in order (see `outbox`). Reading the stream alone
is enough: each entry has an id, and after a break it goes on behind the last one that was read.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

from tactful.kernel.errors import BadInput
from tactful.store.running.limits import AWAY

# Where to begin: with the oldest entry that is kept, or with the next one.
START, NEW = "START", "NEW"
ID = re.compile(r"\d{1,20}(-\d{1,20})?")
NOTHING = "0-0"
# How long one question waits for something new, and how much longer until Valkey counts as gone [s]. The client itself
# gives up on a connection that is silent for five seconds.
WAITING, GONE = 2.0, 5.0
# How long to wait before it is tried again: at first, and at most [s].
FIRST, LAST = 0.1, 2.0
# Entries of one answer.
MOST = 500


def place(told: str) -> str:
    """Where somebody wants to begin: START, NEW, or behind the entry of an id. raises: BadInput.

    >>> place("START"), place("1767225600000-0")
    ('0-0', '1767225600000-0')
    """
    if told == START:
        return NOTHING
    if told != NEW and not ID.fullmatch(told):
        raise BadInput(f"{told[:50]} is neither {START} nor {NEW} nor the id of an entry.", fields=["from"])
    return told


async def follow(
    valkey: Any, channel: str, *, start: str, away: Callable[[bool], None]
) -> AsyncGenerator[tuple[str, str], None]:
    """Entries of a channel for as long as they are asked for: the id of each and its message (JSON), in order.

    start: see `place`. away: called with True when Valkey does not answer, and with False once it does again.
    """
    last, wait, task = start, FIRST, asyncio.current_task()
    while True:
        if task is not None and task.cancelling():
            # It came while a command was being sent, and was lost on the way (`asyncio.wait_for` before Python 3.12).
            raise asyncio.CancelledError
        try:
            async with asyncio.timeout(WAITING + GONE):
                last = await _newest(valkey, channel) if last == NEW else last
                found = await valkey.xread({channel: last}, block=int(WAITING * 1000), count=MOST)
        except AWAY:
            away(True)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LAST)
            continue
        if wait > FIRST:
            away(False)
            wait = FIRST
        for _, entries in found or ():
            for name, fields in entries:
                last = name.decode()
                yield last, fields[b"message"].decode()


async def _newest(valkey: Any, channel: str) -> str:
    found = await valkey.xrevrange(channel, count=1)
    return str(found[0][0].decode()) if found else NOTHING
