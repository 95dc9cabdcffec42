"""A delivery as a notification: for our own worker in the page, and for browsers that show it without one."""

import json
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from tactful.deliver.shortening import shortened
from tactful.deliver.web_push.sealing import MOST
from tactful.kernel.errors import ChannelRefused, Refusal
from tactful.kernel.records import Delivery

# By which browsers know that they may show it as it is.
DECLARATIVE = 8030
LINK = re.compile(r"https?://\S+", re.IGNORECASE)
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
LONGEST_TITLE = 200
RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}
# What can be answered within it, and the way out.
WORDS = {
    "en": {
        "engaged": "Open",
        "snoozed": "Later",
        "dismissed": "Not now",
        "out": "Stop these messages",
        "stopped": "You get no more of these.",
    },
    "de": {
        "engaged": "Öffnen",
        "snoozed": "Später",
        "dismissed": "Nicht jetzt",
        "out": "Abbestellen",
        "stopped": "Du bekommst davon nichts mehr.",
    },
}


def topic(delivery: Delivery) -> str:
    """What a copy has in common with the first, in the letters and the length that push services allow."""
    mark = delivery.mark or f"intervention-{delivery.intervention_id}"
    return mark if TOPIC.fullmatch(mark) else urlsafe_b64encode(sha256(mark.encode()).digest())[:32].decode()


def payload(delivery: Delivery) -> bytes:
    """What the browser reads, cut where it is too long. raises: ChannelRefused where its addresses alone are."""
    told = shortened(delivery.message.body, lambda body: len(_written(delivery, body)) - MOST)
    if told is None:
        raise ChannelRefused("Its addresses are too long for a notification.", refusal=Refusal.INVALID)
    return _written(delivery, told)


def _written(delivery: Delivery, body: str) -> bytes:
    primary = re.split("[-_]", delivery.language.lower())[0]
    words = WORDS.get(primary, WORDS["en"])
    out = delivery.out if LINK.fullmatch(delivery.out) else ""
    link = delivery.message.action if LINK.fullmatch(delivery.message.action) else ""
    shown: dict[str, Any] = {
        "title": _title(delivery.message.title),
        "body": body,
        "lang": delivery.language.replace("_", "-"),
        "dir": "rtl" if primary in RIGHT_TO_LEFT else "ltr",
        "tag": topic(delivery),
    }
    ours = {"mark": delivery.mark, "action": link, "out": out, "answers": _answers(delivery), "words": words}
    told: dict[str, Any] = {"notification": shown, "tactful": ours}
    if link:
        # Without a place to go to a browser would not take it for one it may show as it is.
        stop = [{"action": "out", "title": words["out"], "navigate": out}] if out else []
        told |= {"web_push": DECLARATIVE, "mutable": True, "notification": shown | {"navigate": link, "actions": stop}}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _title(text: str) -> str:
    line = " ".join(text.replace("\0", " ").split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}\u2026"


def _answers(delivery: Delivery) -> str:
    """Where the browser sends what the person answered: beside the way out."""
    base, found, _ = delivery.out.partition("/api/v1/")
    return f"{base}/api/v1/responses/{delivery.mark}" if found and delivery.mark and LINK.fullmatch(base) else ""
