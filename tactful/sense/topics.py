"""What a message is about: what the organisation teaches or sells, by its own names, then key words. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tactful.facts.interactions import MOST_TOPICS
from tactful.sense import tokens

# Key words of one message, and the letters that one has at least.
MOST_KEY_WORDS, SHORTEST = 3, 4
# Words of the longest name that is looked for.
LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Names:
    """What an organisation calls its subjects, by their words. longest: words of the longest of them."""

    named: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    longest: int = 0

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Of these names; the first of two that differ in nothing but case.

        >>> Names.of(["Linear algebra", "Fractions"]).named[("linear", "algebra")]
        'Linear algebra'
        """
        found: dict[tuple[str, ...], str] = {}
        for name in names:
            key = tuple(map(_stem, tokens.words(name)))
            # A single letter is in every text.
            if 0 < len(key) <= LONGEST_NAME and sum(map(len, key)) > 1:
                found.setdefault(key, name)
        return cls(found, max(map(len, found), default=0))


def topics(text: str, names: Names, *, stop: Collection[str], key_words: bool = True) -> list[str]:
    """At most five: names first, those that come up more often before others, then key words. stop: of the language.

    key_words: whether words of the message itself may be told.

    >>> names = Names.of(["Fraction", "Linear algebra"])
    >>> topics("Fractions again? I keep mixing up linear algebra.", names, stop={"keep"})
    ['Fraction', 'Linear algebra', 'again', 'mixing']
    """
    said = tokens.words(text)
    found, left = _named(said, names)
    told = [name for name, _ in Counter(found).most_common(MOST_TOPICS)]
    if key_words:
        counted = Counter(word for word in left if _says_something(word, stop))
        most = min(MOST_KEY_WORDS, MOST_TOPICS - len(told))
        told += [word for word, _ in counted.most_common(most)]
    return told


def _named(said: Sequence[str], names: Names) -> tuple[list[str], list[str]]:
    """Names in order of appearance, the longest wherever several begin; and the words that are in none."""
    stems = tuple(map(_stem, said))
    found: list[str] = []
    left: list[str] = []
    place = 0
    while place < len(stems):
        name, length = next(_names_at(stems, place, names), ("", 1))
        if name:
            found.append(name)
        else:
            left.append(said[place])
        place += length
    return found, left


def _names_at(stems: tuple[str, ...], place: int, names: Names) -> Iterator[tuple[str, int]]:
    for length in range(min(names.longest, len(stems) - place), 0, -1):
        name = names.named.get(stems[place : place + length])
        if name is not None:
            yield name, length


def _stem(word: str) -> str:
    """Fractions are about what a fraction is about."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _says_something(word: str, stop: Collection[str]) -> bool:
    return len(word) >= SHORTEST and word not in stop and not any(map(str.isdigit, word))
