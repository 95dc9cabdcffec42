"""A bot's other side: Telegram itself, and whoever chats with the bot."""

from typing import Any, Self

from tactful.deliver.telegram.settings import API, LINKS, NAME, TIMEOUT, TOKEN, WAIT
from tactful.deliver.telegram.wording import LETTERS, STOPS
from tactful.facts.chats.labels import LABELS
from tactful.kernel.clock import Clock, SystemClock
from tactful.kernel.errors import Refusal
from tactful.testing.peers import Taken
from tactful.testing.telegram.api import BOT, Api, Json
from tactful.testing.telegram.marks import Refused
from tactful.testing.telegram.server import TOKEN as SECRET
from tactful.testing.telegram.server import Server
from tactful.testing.telegram.window import Window

SAYS = {
    Refusal.GONE: (400, "Bad Request: chat not found"),
    Refusal.BLOCKED: (403, "Forbidden: bot was blocked by the user"),
    Refusal.INVALID: (400, "Bad Request: message text is empty"),
    Refusal.RETRY: (429, "Too Many Requests: retry later"),
}
RESPONSES = {letter: response for response, letter in LETTERS.items()}


class TelegramPeer:
    """See `tactful.testing.peers.Peer`. What people do: `says`, `presses`, `blocks`, `unblocks`; `told`: what they see.

    >>> with TelegramPeer() as peer:
    ...     peer.address("ana")
    '1001'
    """

    refuses = frozenset(Refusal)
    strange: tuple[str, ...] = ("ana", "@ana", "-100200300", "12 34", "0", "\u0663\u0664", "1\r\n2", "9" * 30)

    def __init__(self, *, clock: Clock | None = None, wait: float = 1.0, first: int = 0) -> None:
        """wait: how long we are asked for news at a time [s]. first: higher for each that one engine meets in turn, or
        it takes what comes for copies, and chats for those of people it knew.
        """
        self.taken: list[Taken] = []
        self.api = Api(first=first)
        self._clock, self._wait = clock or SystemClock(), wait
        self._first, self._chats = first, dict[str, int]()
        self._refusal: Refused | None = None
        self._hanging: bool | None = None
        self._server = Server(self._answer, Window(self.api, self))

    def settings(self) -> dict[str, Any]:
        """Settings, by name, with which the channel talks to it."""
        return {
            TOKEN.name: SECRET, API.name: self._server.url, TIMEOUT.name: 2.0, WAIT.name: self._wait,
            NAME.name: BOT["username"], LINKS.name: self._server.url,
        }  # fmt: skip

    def address(self, who: str) -> str:
        """Their chat with the bot."""
        return str(self._chats.setdefault(who, self._first + 1001 + len(self._chats)))

    def refuse(self, refusal: Refusal | None, *, after: float | None = None) -> None:
        """See `Peer.refuse`."""
        self._hanging = None
        if refusal is None:
            self._refusal = None
            return
        status, words = SAYS[refusal]
        more = {"retry_after": 1 if after is None else after} if refusal is Refusal.RETRY else {}
        self._refusal = Refused(status, words, **more)

    def fail(self, status: int, description: str) -> None:
        """From now on answer every message like this."""
        self._refusal = Refused(status, description)

    def hang_up(self, *, taking: bool) -> None:
        """See `Peer.hang_up`."""
        self._hanging = taking

    def leave(self) -> None:
        """Listen no more."""
        self.api.leave()
        self._server.leave()

    def says(self, chat: str, text: str, *, language: str = "en", **more: Any) -> Json:
        """Somebody writes to the bot; the update it becomes. more: of the message, instead of its text."""
        told = {"message_id": 1, "text": text, **more} if not more else {"message_id": 1, **more}
        return self.api.happens("message", {**told, **self._whence(chat, language)})

    def presses(self, chat: str, button: str, *, language: str = "en") -> Json:
        """Somebody presses what stands on a button of the last message that has it. raises: LookupError without one."""
        for message in reversed(self.api.sent):
            for each in (each for row in message["reply_markup"]["inline_keyboard"] for each in row):
                if str(message["chat"]["id"]) == chat and each["text"] == button and "callback_data" in each:
                    return self.press(chat, message, each["callback_data"], language=language)
        raise LookupError(f"There is no button {button} in the chat {chat}.")

    def press(self, chat: str, message: Json, data: str, *, language: str = "en") -> Json:
        """Somebody presses the button with this data under a message of the bot."""
        told = {"id": f"query{len(self.api.answered) + 1}", "data": data}
        seen = {name: value for name, value in message.items() if name != "told"}
        whence = self._whence(chat, language)["from"]
        return self.api.happens("callback_query", {**told, "from": whence, "message": seen})

    def blocks(self, chat: str) -> Json:
        """Somebody shuts the bot out."""
        self.api.blocked.add(int(chat))
        return self._becomes(chat, "kicked")

    def unblocks(self, chat: str) -> Json:
        """Somebody lets it in again."""
        self.api.blocked.discard(int(chat))
        return self._becomes(chat, "member")

    def answers(self, chat: str, response: str) -> Json:
        """Somebody presses the answer under the last message they can answer. raises: LookupError."""
        words = [table[response] for table in LABELS.values()]
        found = [each for each in self.labels(chat, answerable=True) if each in words]
        if not found:
            raise LookupError(f"Nothing can be answered in the chat {chat}.")
        return self.presses(chat, found[0])

    def told(self, chat: str) -> list[str]:
        """What the bot said in a chat, oldest first."""
        return [each["text"] for each in self.api.sent if str(each["chat"]["id"]) == chat]

    def labels(self, chat: str, *, answerable: bool = False) -> list[str]:
        """What stands on the buttons of the last message in a chat. answerable: of the last that has any."""
        theirs = [each for each in self.api.sent if str(each["chat"]["id"]) == chat]
        last = [each for each in theirs if each["reply_markup"]["inline_keyboard"] or not answerable][-1:]
        return [each["text"] for one in last for row in one["reply_markup"]["inline_keyboard"] for each in row]

    def _becomes(self, chat: str, status: str) -> Json:
        told = {"new_chat_member": {"status": status, "user": BOT}, **self._whence(chat, "en")}
        return self.api.happens("my_chat_member", told)

    def _whence(self, chat: str, language: str) -> Json:
        who = {"id": int(chat), "is_bot": False, "first_name": "Ana", "language_code": language}
        at = int(self._clock.now().timestamp())
        return {"from": who, "chat": {"id": int(chat), "type": "private"}, "date": at}

    def _answer(self, method: str, told: Json) -> Any:
        if method != "sendMessage":
            return self.api.call(method, told)
        if self._hanging is False:
            raise ConnectionAbortedError
        if self._refusal is not None:
            raise self._refusal
        message = self.api.call(method, told)
        self.taken.append(_taken(message))
        if self._hanging:
            raise ConnectionAbortedError
        return message

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


def _taken(message: Json) -> Taken:
    buttons = [each for row in message["reply_markup"]["inline_keyboard"] for each in row]
    links = [each["url"] for each in buttons if "url" in each]
    back = [each["callback_data"].split(":", 1) for each in buttons if "callback_data" in each]
    out = [mark for letter, mark in back if letter == STOPS]
    answers = tuple(str(RESPONSES[letter]) for letter, _ in back if letter in RESPONSES)
    raw = {"told": message["told"], "id": message["message_id"]}
    return Taken(
        str(message["chat"]["id"]), message["text"], "".join(links[:1]), "".join(out[:1]), None, answers, raw=raw
    )
