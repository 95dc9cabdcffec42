"""What is meant by what people write in a chat: commands with or without a stroke, all else is said to us."""

import re
from collections.abc import Callable
from datetime import time

from tactful.facts.chats import Help, Preferences, Pressed, Quiet, Said, Start, Stop, Text, Unknown, Why
from tactful.kernel.records import Response

# Alone in a message these end everything, with or without a stroke, in any language: whoever has had enough does not
# look up which one was meant.
STOP_WORDS = """stop stopp unsubscribe parar pare sair cancelar baja alto abmelden aufhören arrêt arrêter arret arreter
    stopper désabonner"""
STOPS = frozenset(STOP_WORDS.split())
COMMAND = re.compile(r"/([A-Za-z_]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
CLOCK = r"([01]?\d|2[0-3])(?:[:.h]([0-5]\d)|h)?"
WINDOW = re.compile(rf"{CLOCK}\s*(?:-|–|—|to|bis|a|à|até)\s*{CLOCK}", re.IGNORECASE)
NO_WINDOW = ("off", "none", "no", "aus", "nein", "não", "nao", "desligar", "non")
# Words that answer a message where it has no buttons.
ANSWERS = {
    Response.ENGAGED: ("yes", "sim", "sí", "si", "ja", "oui"),
    Response.SNOOZED: ("later", "depois", "luego", "später", "plus tard"),
    Response.DISMISSED: ("no", "no, thanks", "não", "nao", "nein", "non"),
}
BY_WORD = {word: response for response, words in ANSWERS.items() for word in words}


def read(text: str, *, mark: str = "", bare: bool = False) -> Said:
    """What is meant. mark: of the delivery it answers, where that is known. bare: commands need no stroke.

    >>> read("/quiet 22:00-08:00")
    Quiet(start=datetime.time(22, 0), end=datetime.time(8, 0), fits=True)
    >>> read("Stop!"), read("why", bare=True), read("I cannot stop laughing")
    (Stop(), Why(), Text(text='I cannot stop laughing'))
    """
    told = text.strip()
    plain = told.rstrip(".!").strip().lower()
    if plain.lstrip("/!") in STOPS:
        return Stop()
    if mark and plain in BY_WORD:
        return Pressed(mark, BY_WORD[plain])
    if bare and not told.startswith("/"):
        first = plain.split()[:1]
        return _command(f"/{told.lstrip('!')}") if _bare(plain, first) else Text(told)
    return _command(told) if told.startswith("/") else Text(told)


def _bare(plain: str, first: list[str]) -> bool:
    """Whether a message is nothing but a command: one of a word, or one that is told a window or a token."""
    if plain.lstrip("!") in WORDS:
        return True
    words = plain.split()
    if len(words) == 2 and words[0] in ("start", "link"):
        return True
    return first == ["quiet"] and (WINDOW.fullmatch(plain[5:].strip()) is not None or words[1:2] == ["off"])


def _command(told: str) -> Said:
    found = COMMAND.fullmatch(told)
    if found is None:
        return Unknown()
    name, rest = found[1].lower(), (found[2] or "").strip()
    if name in STOPS:
        return Stop()
    return WORDS[name](rest) if name in WORDS else Unknown()


def quiet(told: str) -> Quiet:
    """The window somebody wants to be left alone in.

    >>> quiet("22-7:30")
    Quiet(start=datetime.time(22, 0), end=datetime.time(7, 30), fits=True)
    >>> quiet("off") == Quiet(), quiet("at night").fits
    (True, False)
    """
    if told.lower() in NO_WINDOW:
        return Quiet()
    found = WINDOW.fullmatch(told)
    if found is None:
        return Quiet(fits=False)
    start, end = _clock(found[1], found[2]), _clock(found[3], found[4])
    return Quiet(start, end) if start != end else Quiet(fits=False)


def _clock(hours: str, minutes: str | None) -> time:
    return time(int(hours), int(minutes or 0))


WORDS: dict[str, Callable[[str], Said]] = {
    "start": Start,
    "link": Start,
    "quiet": quiet,
    "why": lambda _: Why(),
    "preferences": lambda _: Preferences(),
    "settings": lambda _: Preferences(),
    "help": lambda _: Help(),
}
