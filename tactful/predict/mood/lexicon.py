"""The cold start: VADER, given texts as it likes them. Source: Hutto and Gilbert 2014, and its lexicon."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

# Its sum over all words says the same of every long text, and its time grows with the square: longer ones are read in
# passages [letters].
PASSAGE = 1_000

# What the lexicon has no word for, in words it has: phrases, and signs that its emoji list describes without feeling.
PHRASES: Mapping[str, str] = {
    "can't stand": "hate", "cant stand": "hate", "fed up": "annoyed", "sick of": "annoyed by", "burnt out": "exhausted",
    "burned out": "exhausted", "messed up": "terrible", "freaking out": "panicked", "no cap": "honestly",
    "can't wait": "excited", "cant wait": "excited", "give up": "hopeless", "giving up": "hopeless",
    "❤": " love ", "♥": " love ", "💔": " heartbroken ", "👍": " good ", "👎": " bad ",
}  # fmt: skip
# Slang that came after the lexicon, in its own units (-4 to 4).
SLANG: Mapping[str, float] = {
    "slaps": 2.0, "slay": 1.8, "goated": 2.2, "bussin": 2.2, "pog": 2.0, "poggers": 2.2, "hyped": 2.0, "stoked": 2.3,
    "cringe": -1.8, "cringey": -1.8, "meh": -0.8, "ugh": -1.8, "oof": -1.2, "sus": -1.1, "bummed": -1.9,
    "bummer": -1.6, "wtf": -2.8, "smh": -1.3, "fml": -2.6, "yikes": -1.6, "exhausted": -1.8, "overwhelmed": -1.6,
    "panicked": -2.0, "hopeless": -2.0, "annoyed": -1.6, "excited": 2.2, "heartbroken": -3.3,
}  # fmt: skip

_PHRASE = re.compile("|".join(map(re.escape, sorted(PHRASES, key=len, reverse=True))), re.IGNORECASE)
_LONGER = re.compile(r"(\w)\1{2,}")
_UNSEEN = re.compile("[\u200b-\u200f\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_EMOTICON = re.compile(r"(?<!\S)[:;=8xX]['-]?[()\[\]DPpOo/\\|3*]+(?!\S)|<3")
_BREAK = re.compile(rf".{{1,{PASSAGE}}}(?:\s|$)|.{{{PASSAGE}}}", re.DOTALL)


class Read(NamedTuple):
    """What VADER says: its compound score -1..1 and the words of each feeling as shares 0..1. known: words it knew."""

    compound: float
    negative: float
    positive: float
    known: int


NOTHING = Read(0.0, 0.0, 0.0, 0)


def read(text: str) -> Read:
    """What VADER makes of an English text; the mean over its passages, weighed by their length.

    >>> read("Not good at all").compound < 0 < read("sooo goood 😀").compound
    True
    """
    passages = _BREAK.findall(text) if len(text) > PASSAGE else [text]
    told = [_read(each) for each in passages if each]
    whole = sum(map(len, passages)) or 1
    sums = [
        sum(one[place] * len(each) for one, each in zip(told, passages, strict=False)) / whole for place in range(3)
    ]
    return Read(sums[0], sums[1], sums[2], sum(one.known for one in told))


def signs(text: str) -> str:
    """The emoji and emoticons of a text, which speak for every language."""
    emoji = _vader().emojis
    return " ".join([*(each for each in text if each in emoji or each in "❤♥"), *_EMOTICON.findall(text)])


def valence(word: str) -> float:
    """What the lexicon says of one word, -4 to 4; 0 of one it does not know."""
    return float(_vader().lexicon.get(word, 0.0))


def _read(text: str) -> Read:
    made = plain(text)
    told = _vader().polarity_scores(made)
    lexicon = _vader().lexicon
    known = sum(1 for each in made.lower().split() if each.strip(".,!?;:\"'()#") in lexicon or each in lexicon)
    return Read(told["compound"], told["neg"], told["pos"], known)


def plain(text: str) -> str:
    """`text` with what VADER cannot read written as it can: curly marks, drawn-out words, hashtags, phrases."""
    text = _UNSEEN.sub("", text).replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    text = _PHRASE.sub(lambda found: PHRASES[found[0].lower()], text)
    return _LONGER.sub(_shortened, text.replace("#", " "))


def _shortened(found: re.Match[str]) -> str:
    return found[1] * 2


@cache
def _vader() -> SentimentIntensityAnalyzer:
    analyser = SentimentIntensityAnalyzer()
    analyser.lexicon.update(SLANG)
    return analyser
