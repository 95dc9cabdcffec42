"""A delivery as a letter: text and HTML side by side, its way out in both and in the headers."""

import re
import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from tactful.kernel.records import Delivery

# Written from right to left.
RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}
WORDS = {
    "en": {"open": "Open", "stop": "Stop these messages"},
    "de": {"open": "Öffnen", "stop": "Diese Nachrichten abbestellen"},
}
MARK = re.compile(r"[A-Za-z0-9_-]{1,200}")
LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def letter(delivery: Delivery, at: datetime, *, sender: str, name: str, reply_to: str) -> EmailMessage:
    """What goes to the mail server. sender, reply_to: bare addresses; name: of the sender."""
    message = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2]
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = Address(addr_spec=delivery.address or "")
    message["Subject"] = one_line(delivery.message.title)
    message["Date"] = at
    message["Message-ID"] = f"<{mark(delivery)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if reply_to:
        message["Reply-To"] = Address(addr_spec=reply_to)
    if LINK.fullmatch(delivery.out):
        message["List-Unsubscribe"] = f"<{delivery.out}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    shown = _shown(delivery)
    message.set_content(_template("letter.txt").render(shown))
    message.add_alternative(_template("letter.html").render(shown), subtype="html")
    for part in message.iter_parts():
        part["Content-Language"] = shown["language"]
    return message


def mark(delivery: Delivery) -> str:
    """What names this delivery in whatever comes back."""
    return delivery.mark if MARK.fullmatch(delivery.mark) else f"intervention-{delivery.intervention_id}"


def one_line(text: str) -> str:
    """Text that can be a header: no line breaks, nothing that steers.

    >>> one_line("Hello\\r\\nBcc: eve@example.org")
    'Hello Bcc: eve@example.org'
    """
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """Without what steers programs, but with line breaks. Marks of direction and joiners stay."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each if each == "\n" or unicodedata.category(each) not in {"Cc", "Cs"} else " " for each in whole)


def _shown(delivery: Delivery) -> dict[str, str]:
    said = delivery.message
    language = delivery.language if re.fullmatch(r"[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8})*", delivery.language) else "en"
    primary = re.split("[-_]", language.lower())[0]
    return {
        "title": one_line(said.title),
        "body": _plain(said.body),
        # A place within the product is none that a letter can lead to.
        "action": said.action if LINK.fullmatch(said.action) else "",
        "out": delivery.out if LINK.fullmatch(delivery.out) else "",
        "language": language.replace("_", "-"),
        "direction": "rtl" if primary in RIGHT_TO_LEFT else "ltr",
        **WORDS.get(primary, WORDS["en"]),
    }


@cache
def _template(name: str) -> Template:
    """Only what is HTML is escaped."""
    loader = FileSystemLoader(Path(__file__).parent)
    escaped = name.endswith(".html")
    made = Environment(
        loader=loader, autoescape=escaped, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return made.get_template(name)
