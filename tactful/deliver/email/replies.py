"""What a mail server's codes mean for us."""

import re

from tactful.kernel.errors import ChannelRefused, Refusal

ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# RFC 3463 and 7505: no such mailbox, system or name; moved away; takes no mail at all; switched off.
NOBODY = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"}
# Without the finer code: unavailable, not here, name not allowed.
ABSENT = {550, 551, 553}
# What is answered to commands before these is about us.
TO_THEM = {"RCPT", "DATA", "the letter"}


def refusal(code: int, told: str, *, of: str) -> ChannelRefused:
    """A reply that is no yes, as what to do about it. of: the command that it answered."""
    found = ENHANCED.search(told)
    return ChannelRefused(_sentence(code, told, of), refusal=_meaning(code, found[1] if found else "", of))


def _meaning(code: int, enhanced: str, of: str) -> Refusal:
    # About us: mended by hand, and then it goes out.
    if code < 500 or of not in TO_THEM:
        return Refusal.RETRY
    if enhanced:
        return Refusal.GONE if enhanced in NOBODY else Refusal.INVALID
    return Refusal.GONE if of == "RCPT" and code in ABSENT else Refusal.INVALID


def _sentence(code: int, told: str, of: str) -> str:
    plain = " ".join(told.split())[:200].rstrip(".")
    return f"The mail server answered {of} with {code}{': ' if plain else ''}{plain}."
