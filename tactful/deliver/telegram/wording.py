"""A delivery as Telegram takes it: text with a bold title, and buttons that come back with its mark."""

from html import escape
from typing import Any
from urllib.parse import urlsplit

from tactful.facts.chats.labels import OPEN, STOP, labels
from tactful.kernel.errors import ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Message, Response

# Characters of a message and of its title, as Telegram counts them: in UTF-16, marks of style left out.
LONGEST, LONGEST_TITLE = 4096, 256
# What fits behind a button [bytes].
LONGEST_DATA = 64
LETTERS = {Response.ENGAGED: "e", Response.SNOOZED: "s", Response.DISMISSED: "d"}
STOPS = "o"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
# Taken out: Telegram would refuse them, or show nothing.
CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"} | {127: None}


def text(message: Message) -> str:
    """Its words as HTML, cut where they are too long.

    >>> text(Message("1 < 2", "Is it?", ""))
    '<b>1 &lt; 2</b>\\n\\nIs it?'
    """
    title = cut(message.title.translate(CONTROLS).strip(), LONGEST_TITLE)
    body = cut(message.body.translate(CONTROLS).strip(), LONGEST - size(title) - 2)
    return "\n\n".join(
        part for part in (title and f"<b>{escape(title, quote=False)}</b>", escape(body, quote=False)) if part
    )


def size(told: str) -> int:
    """How long it is in UTF-16.

    >>> size("Ana"), size("\N{WAVING HAND SIGN}")
    (3, 2)
    """
    return len(told.encode("utf-16-le", "surrogatepass")) // 2


def cut(told: str, most: int) -> str:
    """At most so much of it, and an ellipsis where it was more.

    >>> cut("so much to say", 8), cut("\N{WAVING HAND SIGN}" * 3, 4)
    ('so much…', '👋…')
    """
    if size(told) <= most:
        return told
    kept = told.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + ELLIPSIS


def buttons(delivery: Delivery) -> list[list[dict[str, Any]]]:
    """The link, the answers, and the way out, a row each. raises: ChannelRefused where the mark is too long."""
    words, rows = labels(delivery.language), []
    if leads(delivery.message.action):
        rows.append([{"text": words[OPEN], "url": delivery.message.action}])
    if delivery.mark:
        rows.append([_button(words[response], letter, delivery.mark) for response, letter in LETTERS.items()])
        rows.append([_button(words[STOP], STOPS, delivery.mark)])
    return rows


def _button(label: str, letter: str, mark: str) -> dict[str, Any]:
    data = f"{letter}:{mark}"
    if len(data.encode()) > LONGEST_DATA:
        raise ChannelRefused("The mark of this delivery does not fit behind a button.", refusal=Refusal.INVALID)
    return {"text": label, "callback_data": data}


def leads(action: str) -> bool:
    """Whether a button can lead there: absolute, and of the web.

    >>> leads("https://learn.example/today"), leads("start"), leads("javascript:x()")
    (True, False, False)
    """
    try:
        parts = urlsplit(action)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
