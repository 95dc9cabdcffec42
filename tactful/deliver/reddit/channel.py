"""Carrying deliveries as private messages, and reading what people write back."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from tactful.deliver.reddit.settings import ENABLED, EVERY, NAME, PACE, SITE
from tactful.deliver.reddit.wording import LONGEST, LONGEST_SUBJECT, cut, marked, plain, subject, text
from tactful.facts.chats import Heard, Unknown
from tactful.facts.chats.commands import read
from tactful.kernel.errors import BadInput, ChannelRefused, Refusal
from tactful.kernel.ports import Can, Promise
from tactful.kernel.records import Delivery, Receipt
from tactful.kernel.settings import Settings

PERSON = re.compile(r"(?:/?u/)?([A-Za-z0-9_-]{3,20})")
# What is read at a time.
PAGE = "100"


class Reddit:
    """An account of ours. See `tactful.kernel.ports.Pushed` and `tactful.facts.chats.Chats`."""

    name = "reddit"
    promise = Promise.AT_MOST_ONCE
    can = frozenset({Can.HEARS})
    listens = True

    def __init__(self, settings: Settings) -> None:
        # Loaded by who has an account, so that nobody else waits for it.
        from tactful.deliver.reddit.account import Account

        self._account, self._settings = Account(settings), settings
        self.pace = settings[PACE]
        self.account = settings[NAME].lower()

    @classmethod
    def of(cls, settings: Settings) -> "Reddit | None":
        """The channel as these settings have it; None unless it is switched on."""
        return cls(settings) if settings[ENABLED] else None

    def address(self, told: str) -> str:
        """A name on Reddit. raises: BadInput."""
        found = PERSON.fullmatch(told)
        if found is None:
            raise BadInput("must be a name on Reddit")
        return found[1].lower()

    def link(self, token: str) -> str | None:
        """The address that opens a message to us with this one-time token in it."""
        told = {"to": self._settings[NAME], "subject": "link", "message": f"link {token}"}
        return f"{self._settings[SITE].rstrip('/')}/message/compose/?{urlencode(told)}"

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """See `Pushed.send`."""
        if not delivery.address:
            raise ChannelRefused("There is nobody to write to.", refusal=Refusal.GONE)
        return Receipt(reference=await self._write(delivery.address, subject(delivery), text(delivery)))

    async def _write(self, to: str, about: str, words: str) -> str:
        status, _ = await self._account.call("POST", "/api/compose", api_type="json", to=to, subject=about, text=words)
        return str(status)

    async def prepare(self) -> None:
        """There is nothing to tell Reddit."""

    async def hear(self, after: int | None) -> Sequence[Heard]:
        """See `Chats.hear`: what is unread, oldest first; it stays unread until it is taken."""
        _, said = await self._account.call("GET", "/message/unread", limit=PAGE, raw_json="1")
        told = [each["data"] for each in reversed(said["data"]["children"]) if each.get("kind") == "t4"]
        if not told:
            await asyncio.sleep(self._settings[EVERY])
        return [_heard(each) for each in told]

    async def reply(self, heard: Heard, words: str) -> None:
        """See `Chats.reply`."""
        if heard.chat and words:
            about = heard.handle[0] if heard.handle else ""
            about = about if about.lower().startswith("re:") else f"re: {about}"
            await self._write(heard.chat, cut(about, LONGEST_SUBJECT), plain(cut(words, LONGEST // 2)))

    async def took(self, heard: Sequence[Heard]) -> None:
        """Mark them as read."""
        if heard:
            await self._account.call("POST", "/api/read_message", id=",".join(each.key for each in heard))

    async def close(self) -> None:
        """Hang up."""
        await self._account.close()


def _heard(told: Mapping[str, Any]) -> Heard:
    about, words, author = str(told.get("subject") or ""), told.get("body"), told.get("author")
    at = datetime.fromtimestamp(float(told["created_utc"]), UTC)
    # Without an author it is Reddit itself, or somebody who has left; a reply to a comment is said before others.
    fits = isinstance(author, str) and PERSON.fullmatch(author) is not None and not told.get("was_comment")
    said = read(words, mark=marked(about), bare=True) if isinstance(words, str) and words.strip() else Unknown()
    return Heard(str(told["name"]), str(author).lower() if fits else "", at, said, None, "", (about,))
