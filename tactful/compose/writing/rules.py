"""What may be said to a room, whoever wrote it.

These rules, not the prompt, keep an audience from speaking through the model: they are held against what came out.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tactful.compose.writing.languages import foreign, spoken
from tactful.compose.writing.prompt import Room, lines
from tactful.compose.writing.settings import BLOCKLIST, COPIED_WORDS
from tactful.facts.writing import (
    FEWEST_OPTIONS,
    LONGEST,
    LONGEST_OPTION,
    MOST_OPTIONS,
    MULTIPLE_CHOICE,
    POLL,
    SHORTEST,
    TYPES,
    Draft,
)
from tactful.kernel.settings import Settings

WORD = re.compile(r"\w+")
ENDINGS = (
    "app|at|biz|ch|cn|co|com|de|dev|edu|eu|example|fr|gg|gl|gov|info|invalid|io|is|it|link|live|ly|me|net|nl|online|org|ru|"
    "shop|site|test|tk|top|tv|uk|us|xyz"
)
ADDRESS = re.compile(
    rf"://|\bwww\b|\bh(tt|xx)ps?\b|\w\.({ENDINGS})\b|\w\.\w+/|"
    r"\w\s?(\s\.|\bdot\b|\bpunkt\b)\s?(com|org|net|io|de|example)\b|"
    r"\d+\.\d+\.\d+\.\d+",
    re.IGNORECASE,
)
MENTION = re.compile(r"@|(^|\s)#\w")
NUMBER = re.compile(r"(\d[\s()/.+-]*){7,}")
MARKUP = re.compile(r"[<>{}\[\]`\\|$^~=]|\*\*|__|&\w+;|\(\)|;$")
META = re.compile(
    r"\b(ignor\w+|disregard\w*|forget|vergiss|vergesst|missachte\w*)\b.{0,40}"
    r"\b(instruction|instruktion|anweisung|prompt|rule|regel|above|previous|vorher|oben)|"
    r"system ?prompt|language model|sprachmodell|\bas an ai\b|\bals ki\b|i (cannot|can't|can not) (help|comply)|"
    r"i'm sorry|jailbreak|\bhacked\b|\bgehackt\b|\bpwned\b",
    re.IGNORECASE,
)
SHOUTED_FROM = 10
# Words from which a line of the chat counts as one that may not be taken over whole.
LINE = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """blocked: beginnings of words and phrases that may not stand in it. copied: longest run of their words."""

    blocked: tuple[str, ...]
    copied: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """As an operator set them."""
        words = (" ".join(WORD.findall(each.lower())) for each in settings[BLOCKLIST].split(","))
        return cls(tuple(each for each in words if each), settings[COPIED_WORDS])


def unfit(purpose: str, draft: Draft, room: Room, limits: Limits) -> str:
    """The first rule that a draft breaks, in a word; empty where it may be used.

    >>> unfit("POLL", Draft("Who wins at evil.example?", "open_ended"), Room(), Limits((), 4))
    'address'
    >>> unfit("POLL", Draft("Which part was best?", "open_ended"), Room(), Limits((), 4))
    ''
    """
    parts = (draft.text, *draft.options)
    if _misshapen(purpose, draft):
        return "shape"
    if not all(part.isprintable() and part == part.strip() for part in parts):
        return "unseen"
    # Letters that only look like others, such as a full-width @, are read as what they look like.
    parts = tuple(unicodedata.normalize("NFKC", part) for part in parts)
    said = " ".join(parts)
    found = next((rule for rule, breaks in RULES.items() if any(map(breaks, parts))), "")
    if found:
        return found
    if foreign(said, spoken(room.language)):
        return "language"
    words = f" {' '.join(_words(said))} "
    if any(f" {each}" in words for each in limits.blocked):
        return "blocked"
    return "copied" if _copied(parts, room, limits.copied) else ""


def _misshapen(purpose: str, draft: Draft) -> bool:
    if not SHORTEST <= len(draft.text) <= LONGEST:
        return True
    if purpose != POLL:
        return bool(draft.type or draft.options)
    options = [option.casefold() for option in draft.options]
    if draft.type not in TYPES or not draft.text.endswith("?"):
        return True
    if draft.type != MULTIPLE_CHOICE:
        return bool(options)
    fit = FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS and len(set(options)) == len(options)
    return not (fit and all(0 < len(option) <= LONGEST_OPTION for option in options))


def _shouted(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= SHOUTED_FROM and sum(map(str.isupper, letters)) * 2 > len(letters)


RULES: dict[str, Callable[[str], object]] = {
    "address": ADDRESS.search,
    "mention": MENTION.search,
    "number": NUMBER.search,
    "markup": MARKUP.search,
    "meta": META.search,
    "shouted": _shouted,
}


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _copied(parts: Sequence[str], room: Room, most: int) -> bool:
    """Whether more than `most` words in a row are the audience's, or a whole line of theirs.

    What the organiser calls the session is everybody's.
    """
    own = f" {' '.join(_words(f'{room.title} {room.topic}'))} "
    said = [f" {' '.join(_words(part))} " for part in parts]
    taken = (run for line in lines(room.chat) for run in _runs(_words(line), most) if run not in own)
    return any(run in each for run in taken for each in said)


def _runs(words: Sequence[str], most: int) -> Iterator[str]:
    """What may not be taken over from a line: every run that is too long, and all of it unless it is very short."""
    size = most + 1 if len(words) > most else max(len(words), LINE)
    for start in range(len(words) - size + 1):
        yield f" {' '.join(words[start : start + size])} "
