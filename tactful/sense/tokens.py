"""Words of a message, in any script. Pure.

Scripts that put no blanks between words (Chinese, Japanese, Thai and their neighbours) are cut letter by letter: two of
their letters say about as much as a word.
"""

import re
import unicodedata
from collections.abc import Sequence

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
# An apostrophe within a word belongs to it, and so do the signs at the end of C++ and C#.
WORD = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])[^\W_])+(?:['’](?:(?![{UNSPACED}])[^\W_])+)*(?:\+\+|#)?")
LETTER = re.compile(rf"[{UNSPACED}]")
# Addresses and names of accounts are nobody's topic.
ADDRESS = re.compile(r"(?:\w+://|www\.)\S+|\S+@\S+|(?<!\w)@\w+")


def folded(text: str) -> str:
    """`text` as it is compared: without regard to case and to how a letter is put together."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def words(text: str) -> list[str]:
    """The words of a text, folded, in order; of unspaced scripts the letters. Addresses are left out.

    >>> words("C++ isn't for @ana, see https://example.org")
    ['c++', "isn't", 'for', 'see']
    >>> words("早上好")
    ['早', '上', '好']
    """
    return WORD.findall(folded(ADDRESS.sub(" ", text)))


def size(tokens: Sequence[str]) -> float:
    """How many words these are worth.

    >>> size(["good", "早", "上"])
    2.0
    """
    return sum(0.5 if LETTER.match(each) else 1.0 for each in tokens)
