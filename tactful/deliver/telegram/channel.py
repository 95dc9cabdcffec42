"""Carrying deliveries to chats with our bot, and hearing what is said there."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tactful.deliver.telegram.settings import API, LINKS, NAME, PACE, TIMEOUT, TOKEN, WAIT, WEBHOOK, WEBHOOK_SECRET
from tactful.deliver.telegram.updates import KINDS, heard
from tactful.deliver.telegram.wording import LONGEST, buttons, cut, text
from tactful.facts.chats import Blocked, Heard
from tactful.kernel.clock import Clock, SystemClock
from tactful.kernel.errors import BadInput, ChannelRefused, Refusal
from tactful.kernel.ports import Can, Promise
from tactful.kernel.records import Delivery, Receipt
from tactful.kernel.settings import Settings

CHAT = re.compile(r"[1-9][0-9]{0,15}")
NO_PREVIEW = {"is_disabled": True}
# What a chat with the bot offers when a stroke is typed.
COMMANDS = {
    "why": "Why did I get this?",
    "quiet": "Leave me alone: 22:00-08:00",
    "preferences": "How am I reached?",
    "stop": "Stop all messages",
    "help": "What can I say?",
}


class Telegram:
    """A bot of ours. See `tactful.kernel.ports.Pushed` and `tactful.facts.chats.Chats`."""

    name = "telegram"
    promise = Promise.AT_MOST_ONCE
    can = frozenset({Can.BUTTONS, Can.HEARS})

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        # Loaded by who has a bot, so that nobody else waits for it.
        from tactful.deliver.telegram.bot import Bot

        self._bot = Bot(settings[TOKEN], api=settings[API], timeout=settings[TIMEOUT])
        self._clock = clock or SystemClock()
        self._name, self._wait, self._settings = settings[NAME], settings[WAIT], settings
        self._ready = False
        self.pace = settings[PACE]
        self.account = self._bot.id
        self.listens = not settings[WEBHOOK]

    @classmethod
    def of(cls, settings: Settings) -> "Telegram | None":
        """The channel as these settings have it; None without a token."""
        return cls(settings) if settings[TOKEN] else None

    def address(self, told: str) -> str:
        """A private chat's id. raises: BadInput."""
        if not CHAT.fullmatch(told):
            raise BadInput("must be the id of a private chat, in digits")
        return told

    def link(self, token: str) -> str | None:
        """The address that opens a chat with us and shows this one-time token; None where our name is not set."""
        return f"{self._settings[LINKS].rstrip('/')}/{self._name}?start={token}" if self._name else None

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """See `Pushed.send`."""
        if not delivery.address:
            raise ChannelRefused("There is no chat to write to.", refusal=Refusal.GONE)
        keyboard = buttons(delivery)
        more: dict[str, Any] = {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}
        words = text(delivery.message)
        sent = await self._say(delivery.address, words, parse_mode="HTML", **more)
        return Receipt(reference=str(sent["message_id"]))

    async def _say(self, chat: str, words: str, **more: Any) -> Any:
        told: dict[str, Any] = {"chat_id": int(chat), "text": words, "link_preview_options": NO_PREVIEW}
        return await self._bot.call("sendMessage", **told, **more)

    async def hear(self, after: int | None) -> Sequence[Heard]:
        """See `Chats.hear`."""
        asked: dict[str, Any] = {"timeout": int(self._wait), "allowed_updates": list(KINDS)}
        if after is not None:
            asked["offset"] = after + 1
        updates = await self._bot.call("getUpdates", wait=self._wait, **asked)
        return [each for update in updates if (each := self.told(update)) is not None]

    def told(self, update: Any) -> Heard | None:
        """One update as Telegram posts it, read; None where it is none."""
        return heard(update, now=self._clock.now())

    async def prepare(self) -> None:
        """Tell Telegram, once, how we hear, and what can be said to us. raises: ChannelRefused."""
        if self._ready:
            return
        offered = [{"command": name, "description": told} for name, told in COMMANDS.items()]
        await self._bot.call("setMyCommands", commands=offered)
        if self.listens:
            await self._bot.call("deleteWebhook")
        else:
            where = f"{self._settings[WEBHOOK].rstrip('/')}/api/v1/telegram"
            secret = self._settings[WEBHOOK_SECRET]
            await self._bot.call("setWebhook", url=where, secret_token=secret, allowed_updates=list(KINDS))
        self._ready = True

    async def reply(self, heard: Heard, words: str) -> None:
        """See `Chats.reply`. A button that was pressed stops waiting, and goes with the other answers."""
        if heard.handle:
            query, message, links = heard.handle
            await self._bot.call("answerCallbackQuery", callback_query_id=query)
            if heard.chat and message:
                await self._without_answers(heard.chat, int(message), links)
        if heard.chat and words and not isinstance(heard.said, Blocked):
            await self._say(heard.chat, cut(words, LONGEST))

    async def _without_answers(self, chat: str, message: int, links: str) -> None:
        """Leave of the buttons what leads somewhere: it has been answered."""
        left = {"inline_keyboard": json.loads(links)}
        try:
            await self._bot.call("editMessageReplyMarkup", chat_id=int(chat), message_id=message, reply_markup=left)
        except ChannelRefused as refused:
            # Pressed twice, or too old to be changed: there is nothing left to take away.
            if refused.refusal is not Refusal.INVALID:
                raise

    async def took(self, heard: Sequence[Heard]) -> None:
        """Telegram knows by where we go on."""

    async def close(self) -> None:
        """Hang up."""
        await self._bot.close()
