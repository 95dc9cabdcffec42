"""Chats: what people say there is taken once, and answered once."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from hmac import compare_digest
from typing import Any

from msgspec import DecodeError
from msgspec.json import decode

from tactful.bootstrap.people import People
from tactful.bootstrap.running import named
from tactful.bootstrap.saying import Saying
from tactful.bootstrap.stopping import Stopping
from tactful.bootstrap.talking import Talking
from tactful.deliver.telegram import Telegram
from tactful.deliver.telegram.settings import WEBHOOK_SECRET
from tactful.facts.chats import Chats, Heard, Text
from tactful.facts.interactions import LONGEST_MESSAGE, Interaction
from tactful.kernel.errors import BadInput, BadRequest, Conflict, NotFound, NotSignedIn
from tactful.store.database import Identity
from tactful.store.running import chats
from tactful.uses.chatting import converse

# What words of a person cannot be stored with.
NUL = "\x00"


class Chatting(Talking, People, Stopping, Saying):
    """Channels in which people write back. What a conversation asks of us: see `uses.chatting.Desk`."""

    @property
    def chats(self) -> Mapping[str, Chats]:
        """The channels that are set up and in which people write back, by name."""
        return {name: channel for name, channel in self.outside.items() if isinstance(channel, Chats)}

    async def take_heard(self, channel: str, heard: Sequence[Heard]) -> int:
        """Do what people want who said these, in this order, and answer them. How many were not taken before.

        Each is done before it is noted, and answered after that: when we die in between it is done again, which changes
        nothing, but never answered twice.
        """
        chat = self.chats[channel]
        fresh = 0
        for each in heard:
            async with self.database.service() as connection:
                if await chats.known(connection, channel, chat.account, each.key):
                    continue
            words = await self._converse(channel, each)
            if await self.pass_over(channel, each):
                fresh += 1
                await chat.reply(each, words)
        await chat.took(heard)
        return fresh

    async def take_posted(self, update: bytes, *, secret: str) -> int:
        """Take what Telegram posted, as `take_heard`. secret: what was shown with it.

        raises: NotFound unless `telegram.webhook` is set; NotSignedIn for another secret; BadRequest for no JSON.
        """
        channel, known = self.outside.get(Telegram.name), self.settings[WEBHOOK_SECRET]
        if not isinstance(channel, Telegram) or channel.listens or not known:
            raise NotFound("Telegram is not set up to post here; see telegram.webhook.")
        if not compare_digest(secret.encode(), known.encode()):
            raise NotSignedIn("The secret of the bot's webhook is missing or wrong.")
        try:
            heard = channel.told(decode(update))
        except (DecodeError, RecursionError, UnicodeDecodeError):
            raise BadRequest from None
        return await self.take_heard(Telegram.name, [] if heard is None else [heard])

    async def _converse(self, channel: str, heard: Heard) -> str:
        # What cannot be is no reason to hear it for ever; whoever was erased meanwhile is nobody's chat any more.
        with suppress(BadInput, Conflict, NotFound):
            return await converse(self, channel, heard)
        return ""

    async def pass_over(self, channel: str, heard: Heard) -> bool:
        """Note that this was taken; false where it was before."""
        whence = channel, self.chats[channel].account
        async with self.database.service() as connection:
            return await chats.take(connection, whence, heard.key, heard.place, at=self.clock.now())

    async def chat_place(self, channel: str) -> int | None:
        """Behind which place of a channel to go on hearing; None for wherever it begins."""
        async with self.database.service() as connection:
            return await chats.place(connection, channel, self.chats[channel].account, at=self.clock.now())

    async def told_last(self, organisation: str, person: str) -> dict[str, Any] | None:
        """See `Desk.told_last`. raises: BadInput."""
        named(organisation, person)
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            return await chats.told_last(connection)

    async def heard_words(self, organisation: str, person: str, channel: str, heard: Heard) -> None:
        """See `Desk.heard_words`. What we said last goes with it: they may be answering that. raises: BadInput."""
        assert isinstance(heard.said, Text)
        last = await self.told_last(organisation, person)
        told = Interaction(
            person,
            heard.said.text.replace(NUL, "")[:LONGEST_MESSAGE],
            heard.at,
            id=f"{channel}:{self.chats[channel].account}:{heard.key}",
            channel=channel,
            telegram_id=int(heard.chat) if channel == "telegram" else None,
            previous_bot_message=last["message"] if last else None,
            previous_bot_message_at=last["shown_at"] if last else None,
        )
        await self.interact(organisation, [told])

    async def let_in(self, channel: str, address: str, *, ours: bool) -> None:
        """See `Desk.let_in`."""
        whom = await self.whose(channel, address)
        async with self.database.service() as connection:
            await chats.let_in(connection, channel, address, ours=ours, at=self.clock.now())
        if whom is not None:
            await self._due_again(*whom)

    async def first_today(self, channel: str, address: str) -> bool:
        """See `Desk.first_today`."""
        return await chats.first_today(self.valkey, channel, address, secret=self.where.role_secret)

    async def locale(self, organisation: str, person: str) -> str:
        """See `Desk.locale`."""
        return str((await self.person(organisation, person))["locale"])
