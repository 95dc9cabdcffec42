"""A batch of texts, each read once: its language, what VADER says of it, and its numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tactful.facts.wordings import Linear
from tactful.predict.mood.features import FORM, Features, features
from tactful.predict.mood.languages import COMMON, UNKNOWN, language
from tactful.predict.mood.lexicon import NOTHING, Read, read, signs

_LATIN = re.compile("[A-Za-z]{2}")


@dataclass(frozen=True)
class Reading:
    """said: what VADER reads in each text; legible: whether it can read anything there; languages: their guesses."""

    texts: Sequence[str]
    said: list[Read]
    languages: list[str]
    legible: NDArray[np.bool_]

    @cached_property
    def features(self) -> Features:
        """What a model is asked with, a row a text."""
        return features(self.texts, self.said)

    def known_to(self, model: Linear) -> NDArray[np.bool_]:
        """Texts in a language that the model was taught with.

        Where none can be told, a model of any language in Latin letters is asked if VADER can read something there, and
        one that was taught with such texts if they are in Latin letters.
        """
        taught = set(model.languages) if model.form == FORM else set()
        latin, unsure = not taught.isdisjoint(COMMON), UNKNOWN in taught
        rows = zip(self.texts, self.languages, self.legible.tolist(), strict=True)
        return np.array(
            [
                (latin and can) or (unsure and _latin(text)) if tongue == UNKNOWN else tongue in taught
                for text, tongue, can in rows
            ],
            np.bool_,
        )


def reading(texts: Sequence[str]) -> Reading:
    """Every text, read. Emoji and emoticons speak for every language, words for English alone."""
    told = [_read(text) for text in texts]
    legible = np.array([can for _, _, can in told], np.bool_)
    return Reading(texts, [said for said, _, _ in told], [tongue for _, tongue, _ in told], legible)


def _latin(text: str) -> bool:
    return _LATIN.search(text) is not None


def _read(text: str) -> tuple[Read, str, bool]:
    """What VADER says, the language, and whether there was anything it can read."""
    told = read(text)
    tongue = language(text, english=told.known)
    if tongue == "en" or (tongue == UNKNOWN and told.known):
        return told, tongue, True
    seen = signs(text)
    return (read(seen), tongue, True) if seen else (NOTHING, tongue, False)
