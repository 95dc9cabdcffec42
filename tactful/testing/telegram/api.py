"""The Bot API as one bot sees it: its methods, what they ask for, and what they refuse."""

import threading
from typing import Any
from urllib.parse import urlsplit

from tactful.testing.telegram.marks import Refused, shown

LONGEST, LONGEST_DATA, LONGEST_WAIT = 4096, 64, 50
BOT = {"id": 123456, "is_bot": True, "first_name": "Tactful", "username": "tactful_test_bot"}
Json = dict[str, Any]


class Api:
    """One bot's methods. sent: every message with its buttons as they are now; commands, webhook: what it was told.

    said: what people wrote, and behind how many of those sent.
    """

    def __init__(self, *, first: int = 0) -> None:
        """first: behind which number updates begin."""
        self.sent: list[Json] = []
        self.said: list[tuple[int, Json]] = []
        self.answered: list[str] = []
        self.commands: list[Json] = []
        self.webhook: Json = {}
        self.blocked: set[int] = set()
        self.here = True
        self._updates: list[Json] = []
        self._number = 700_000 + first
        self._happened = threading.Condition()

    def happens(self, kind: str, told: Json) -> Json:
        """Something that a person does becomes an update."""
        with self._happened:
            self._number += 1
            update = {"update_id": self._number, kind: told}
            if kind == "message":
                self.said.append((len(self.sent), told))
            self._updates.append(update)
            self._happened.notify_all()
        return update

    def leave(self) -> None:
        """Let nobody wait any longer."""
        with self._happened:
            self.here = False
            self._happened.notify_all()

    def call(self, method: str, told: Json) -> Any:
        """What a method answers. raises: Refused."""
        found = METHODS.get(method)
        if found is None:
            raise Refused(404, "Not Found")
        return found(self, told)

    def get_me(self, told: Json) -> Json:
        """Who the bot is."""
        return BOT

    def send_message(self, told: Json) -> Json:
        """Say something in a private chat that is not blocked."""
        chat, text = self._chat(told), told.get("text", "")
        text = shown(text) if told.get("parse_mode") == "HTML" else text
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > LONGEST:
            raise Refused(400, "Bad Request: message is too long")
        markup = told.get("reply_markup") or {"inline_keyboard": []}
        _fitting(markup["inline_keyboard"])
        with self._happened:
            message = {
                "message_id": len(self.sent) + 1, "from": BOT, "chat": {"id": chat, "type": "private"},
                "text": text, "reply_markup": markup, "told": told,
            }  # fmt: skip
            self.sent.append(message)
        return message

    def get_updates(self, told: Json) -> list[Json]:
        """What happened from `offset` on, which forgets all before; waits `timeout` seconds for something."""
        if self.webhook.get("url"):
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        with self._happened:
            if "offset" in told:
                self._updates = [one for one in self._updates if one["update_id"] >= told["offset"]]
            wait = min(told.get("timeout", 0), LONGEST_WAIT)
            self._happened.wait_for(lambda: self._updates or not self.here, timeout=wait)
            asked = told.get("allowed_updates") or ["message"]
            return [one for one in self._updates if one.keys() & set(asked)][: told.get("limit", 100)]

    def answer_callback_query(self, told: Json) -> bool:
        """Let a pressed button stop waiting."""
        self.answered.append(told["callback_query_id"])
        return True

    def edit_message_reply_markup(self, told: Json) -> Json:
        """Change the buttons under a message."""
        found = [one for one in self.sent if one["message_id"] == told["message_id"]]
        markup = told.get("reply_markup") or {"inline_keyboard": []}
        _fitting(markup["inline_keyboard"])
        if not found:
            raise Refused(400, "Bad Request: message to edit not found")
        if found[0]["reply_markup"] == markup:
            raise Refused(400, "Bad Request: message is not modified")
        found[0]["reply_markup"] = markup
        return found[0]

    def set_my_commands(self, told: Json) -> bool:
        """What is offered when a stroke is typed."""
        self.commands = told["commands"]
        return True

    def set_webhook(self, told: Json) -> bool:
        """Where updates are posted from now on."""
        if urlsplit(told["url"]).scheme != "https":
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = told
        return True

    def delete_webhook(self, told: Json) -> bool:
        """Let updates be asked for again."""
        self.webhook = {}
        return True

    def _chat(self, told: Json) -> int:
        chat = told.get("chat_id")
        if not isinstance(chat, int) or chat <= 0:
            raise Refused(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat


def _fitting(rows: list[list[Json]]) -> None:
    for button in (button for row in rows for button in row):
        if len(button.get("callback_data", "").encode()) > LONGEST_DATA:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        if "url" in button and urlsplit(button["url"]).scheme not in ("http", "https", "tg"):
            raise Refused(400, "Bad Request: BUTTON_URL_INVALID")


METHODS = {
    "getMe": Api.get_me,
    "sendMessage": Api.send_message,
    "getUpdates": Api.get_updates,
    "answerCallbackQuery": Api.answer_callback_query,
    "editMessageReplyMarkup": Api.edit_message_reply_markup,
    "setMyCommands": Api.set_my_commands,
    "setWebhook": Api.set_webhook,
    "deleteWebhook": Api.delete_webhook,
}
