"""How much somebody puts into what they say to us: 0 (a brush-off) to 1 (an answer that says much). Pure.

The weights are ours, chosen so that a plain sentence lies near the middle; nothing is learned from them.

| part | weight | what it is |
|---|---|---|
| length | .35 | words, half of it at 12 |
| answer | .25 | there is something it answers; it takes up its words; it comes soon after it (half at 10 minutes) |
| detail | .25 | a question; numbers, links, code or a second sentence |
| variety | .15 | different words rather than the same ones |

Where there is nothing it could answer, that part is left out and the others share its weight. A brush-off of a word or
two is worth BRUSHED_OFF at most, and so is what has no word in it.
"""

import re
from collections.abc import Collection
from datetime import datetime

from tactful.sense import tokens

LENGTH, ANSWER, DETAIL, VARIETY = 0.35, 0.25, 0.25, 0.15
# Words, and minutes, after which half of it is reached.
HALF_WORDS, HALF_MINUTES = 12.0, 10.0
# From which share of one's own words that were in the message before it counts as an answer to it in full.
TAKEN_UP = 0.3
BRUSHED_OFF = 0.1
QUESTION = re.compile(r"[?？؟;՞፧]")
SENTENCES = re.compile(r"[.!?。！？؟।]+(?:\s|$)|\n+")
DETAILED = re.compile(r"\d|https?://|`|==|[({\[<]\w")
BRUSHING_OFF = """
k kk ok okay okey oke no nope nah n y yes yep yeah ya ja nein si sí non oui não sim fine sure whatever idk idc
dunno meh hm hmm hmmm mhm lol haha nm nvm stop bye later pass skip cool nice thx ty thanks danke gracias merci нет да ок
"""
BRUSH_OFFS = frozenset(BRUSHING_OFF.split())


def quality(text: str, before: str | None, *, at: datetime, before_at: datetime | None, stop: Collection[str]) -> float:
    """What `text` is worth. before: what they had been told, and when, where it is known. stop: words that say nothing.

    >>> now = datetime(2026, 3, 1)
    >>> quality("ok", "How is it going?", at=now, before_at=None, stop=())
    0.1
    >>> round(quality("How do I solve 3x = 12?", None, at=now, before_at=None, stop=()), 2)
    0.67
    """
    said = tokens.words(text)
    if not said or (len(said) <= 2 and BRUSH_OFFS.issuperset(said)):
        return BRUSHED_OFF
    parts = [
        (LENGTH, 1 - 2 ** (-tokens.size(said) / HALF_WORDS)),
        (DETAIL, _detail(text)),
        (VARIETY, min(1.0, len(set(said)) / len(said) * min(1.0, tokens.size(said) / 3))),
    ]
    if before:
        parts.append((ANSWER, _answer(said, tokens.words(before), at, before_at, stop)))
    return sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)


def _detail(text: str) -> float:
    several = len(SENTENCES.findall(text.strip())) >= 2
    return 0.5 * bool(QUESTION.search(text)) + 0.5 * (several or bool(DETAILED.search(text)))


def _answer(
    said: list[str], before: list[str], at: datetime, before_at: datetime | None, stop: Collection[str]
) -> float:
    mine, theirs = set(said).difference(stop), set(before).difference(stop)
    taken_up = len(mine & theirs) / len(mine) if mine else 0.0
    answer = 0.4 + 0.4 * min(1.0, taken_up / TAKEN_UP)
    if before_at is None:
        # Nobody knows how soon it came: that part is left out.
        return answer / 0.8
    minutes = max(0.0, (at - before_at).total_seconds() / 60)
    return float(answer + 0.2 * 2 ** (-minutes / HALF_MINUTES))
