"""A window in which somebody chats with the bot by hand: what stands in it, and what they do there.

It opens where links to the bot lead, as Telegram would; what is done in it becomes updates like any other.
"""

from pathlib import Path
from typing import Any, Protocol

from tactful.testing.telegram.api import BOT, Api, Json
from tactful.testing.telegram.marks import Refused, pieces

FOLDER = Path(__file__).parent / "static"
FILES = {"chat.css": "text/css", "chat.js": "text/javascript"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
# Who sits before it.
YOU = "you"
LONGEST = 4096


class People(Protocol):
    """What somebody in the window can do; see `TelegramPeer`."""

    def address(self, who: str) -> str:
        """Their chat with the bot."""
        ...

    def says(self, chat: str, text: str) -> Json:
        """They write something."""
        ...

    def press(self, chat: str, message: Json, data: str) -> Json:
        """They press a button."""
        ...


class Window:
    """One chat with the bot."""

    def __init__(self, api: Api, people: People) -> None:
        self._api, self._people = api, people

    def file(self, path: str) -> tuple[str, bytes] | None:
        """The kind and the content of a file of the window; None where there is none. path: without its query."""
        if path == f"/{BOT['username']}":
            return "text/html; charset=utf-8", (FOLDER / "chat.html").read_bytes()
        name = path.removeprefix("/")
        return (FILES[name], (FOLDER / name).read_bytes()) if name in FILES else None

    def shown(self) -> Json:
        """All that stands in it, oldest first: who (`you`, `bot`), pieces of text, and rows of buttons."""
        chat = self._people.address(YOU)
        sent = [each for each in list(self._api.sent) if str(each["chat"]["id"]) == chat]
        said = [(place, each) for place, each in list(self._api.said) if str(each["chat"]["id"]) == chat]
        # What was written behind so many messages of the bot stands before the next one.
        placed = [(each["message_id"], 0, _of_bot(each)) for each in sent]
        placed += [(place, 1, _of_person(each)) for place, each in said]
        lines = [line for _, _, line in sorted(placed, key=lambda each: each[:2])]
        return {"lines": lines, "commands": [each["command"] for each in self._api.commands]}

    def says(self, told: Json) -> Json:
        """They write `text`. raises: Refused."""
        text = told.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
            raise Refused(400, f"Write something, of {LONGEST} characters at most.")
        self._people.says(self._people.address(YOU), text.strip())
        return self.shown()

    def presses(self, told: Json) -> Json:
        """They press the button with `data` under the message `id`. raises: Refused where there is none."""
        for message in list(self._api.sent):
            buttons = [each for row in message["reply_markup"]["inline_keyboard"] for each in row]
            if message["message_id"] == told.get("id") and told.get("data") in [
                one.get("callback_data") for one in buttons
            ]:
                self._people.press(self._people.address(YOU), message, told["data"])
                return self.shown()
        raise Refused(400, "There is no such button any more.")


def _of_bot(message: Json) -> Json:
    told = message["told"]
    words = pieces(told["text"]) if told.get("parse_mode") == "HTML" else [(message["text"], False)]
    return {"who": "bot", "id": message["message_id"], "pieces": words, "rows": _rows(message)}


def _rows(message: Json) -> list[list[Json]]:
    return [
        [{"text": each["text"], "url": each.get("url"), "data": each.get("callback_data")} for each in row]
        for row in message["reply_markup"]["inline_keyboard"]
    ]


def _of_person(message: Json) -> dict[str, Any]:
    text = str(message.get("text", ""))
    # As Telegram shows it: the token of a link is nobody's business.
    return {"who": YOU, "id": None, "pieces": [("/start" if text.startswith("/start ") else text, False)], "rows": []}
