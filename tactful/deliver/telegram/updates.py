"""What Telegram tells of people, read: pure, and nothing that Telegram may add stops it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tactful.deliver.telegram.wording import LETTERS, STOPS
from tactful.facts.chats import Blocked, Heard, Pressed, Said, Stop, Text, Unblocked, Unknown
from tactful.facts.chats.commands import read

# What we ask Telegram to tell us of; all else would be left unread.
KINDS = ("message", "callback_query", "my_chat_member")
RESPONSES = {letter: response for response, letter in LETTERS.items()}
Json = Mapping[str, Any]


def heard(update: Any, *, now: datetime) -> Heard | None:
    """One update as what somebody did; None where it is none.

    What happens in groups has no chat, and so nobody answers it: what is said to one person is nobody else's to read.
    """
    number = _part(update, "update_id")
    if not isinstance(number, int):
        return None
    for kind, reading in READING.items():
        told = _part(update, kind)
        if isinstance(told, Mapping):
            chat, said, handle = reading(told)
            at = _instant(_part(told, "date"), now)
            return Heard(str(number), chat, at, said, number, _language(told), handle)
    return Heard(str(number), "", now, Unknown(), number)


def _message(told: Json) -> tuple[str, Said, tuple[str, ...]]:
    if _part(told, "from", "is_bot") is True:
        return "", Unknown(), ()
    words = _part(told, "text")
    if isinstance(words, str):
        return _chat(told), read(words), ()
    # Words beside a picture, or the feeling that a sticker stands for.
    beside = _part(told, "caption") or _part(told, "sticker", "emoji")
    return _chat(told), Text(beside) if isinstance(beside, str) and beside else Unknown(), ()


def _pressed(told: Json) -> tuple[str, Said, tuple[str, ...]]:
    message, data = _part(told, "message") or {}, _part(told, "data")
    handle = (str(_part(told, "id") or ""), str(_part(message, "message_id") or ""), links(message))
    letter, _, mark = data.partition(":") if isinstance(data, str) else ("", "", "")
    said: Said = Unknown()
    if letter == STOPS:
        said = Stop()
    elif letter in RESPONSES and mark:
        said = Pressed(mark, RESPONSES[letter])
    return _chat(message), said, handle


def links(message: Any) -> str:
    """Of a message's buttons the rows that lead somewhere, as JSON: they stay when the answers go."""
    rows = _part(message, "reply_markup", "inline_keyboard")
    kept = [row for row in rows if isinstance(row, list) and all(_part(one, "url") for one in row)] if rows else []
    return json.dumps(kept)


def _member(told: Json) -> tuple[str, Said, tuple[str, ...]]:
    status = _part(told, "new_chat_member", "status")
    if status == "kicked":
        return _chat(told), Blocked(), ()
    return _chat(told), Unblocked() if status == "member" else Unknown(), ()


READING = {"message": _message, "callback_query": _pressed, "my_chat_member": _member}


def _chat(told: Any) -> str:
    number = _part(told, "chat", "id")
    private = _part(told, "chat", "type") == "private"
    return str(number) if private and isinstance(number, int) and number > 0 else ""


def _language(told: Any) -> str:
    tag = _part(told, "from", "language_code")
    return tag if isinstance(tag, str) else ""


def _instant(told: Any, now: datetime) -> datetime:
    # A button tells when its message was sent, not when it was pressed: it has no date of its own.
    fits = isinstance(told, int) and 0 < told <= now.timestamp()
    return datetime.fromtimestamp(told, UTC) if fits else now


def _part(told: Any, *names: str) -> Any:
    for name in names:
        told = told.get(name) if isinstance(told, Mapping) else None
    return told
