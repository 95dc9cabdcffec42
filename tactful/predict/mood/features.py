"""A text as numbers: its words, pairs of words and runs of letters in numbered buckets, and what VADER says of it.

Buckets instead of a vocabulary: what was learned has a fixed size and holds no word that anybody wrote.
"""

import base64
import json
import zlib
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from math import log1p
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from tactful.predict.mood.lexicon import Read, valence
from tactful.predict.mood.words import words

# Of these columns; what was learned of others is not asked.
FORM = "words and letters 1"
# Buckets of words and pairs of them, then of runs of letters.
WORDS, LETTERS = 2**16, 2**15
# Letters in a run, with the edges of its word as letters.
SHORTEST, LONGEST = 2, 5
# Words of which runs are looked up rather than worked out anew; longer ones are cut to so many letters.
REMEMBERED, LONGEST_WORD = 50_000, 40
# Length of a text's row in each half of the buckets: so that penalties weigh as much as on the numbers.
WEIGHT = 1.5

# How rare each bucket is in common talk; comes with the engine, made by lab.emotions.
RARITY = Path(__file__).parent / "rarity.json"
RARITY_STEPS = 20

NUMBERS = (
    "compound", "negative", "positive", "strength", "says positive", "says negative", "known", "best word",
    "worst word", "good words", "bad words", "denied", "asks", "exclaims", "links", "length",
)  # fmt: skip
WIDTH = WORDS + LETTERS + len(NUMBERS)

Features: TypeAlias = sp.csr_array


def features(texts: Sequence[str], said: Sequence[Read]) -> Features:
    """[n, WIDTH]: what a linear model is asked with. said: what VADER reads in each text.

    Point in time: the text alone.
    """
    told = [_row(words(text), one) for text, one in zip(texts, said, strict=True)]
    ends = np.cumsum([0, *(ids.size for ids, _ in told)], dtype=np.int32)
    ids = np.concatenate([np.empty(0, np.int32), *(ids for ids, _ in told)])
    values = np.concatenate([np.empty(0, np.float32), *(values for _, values in told)])
    return sp.csr_array((values, ids, ends), shape=(len(told), WIDTH))


def occurring(texts: Sequence[str]) -> NDArray[np.int64]:
    """In how many of `texts` each bucket occurs: [WORDS + LETTERS]."""
    found = [ids for text in texts for ids in _buckets(words(text))]
    return np.bincount(np.concatenate([np.empty(0, np.int32), *found]), minlength=WORDS + LETTERS)


def rarity_of(counts: NDArray[np.int64], texts: int) -> dict[str, Any]:
    """How rare each bucket is among so many texts, as JSON can hold it. Source: Spärck Jones 1972."""
    steps = np.rint(RARITY_STEPS * (1 + np.log((1 + texts) / (1 + counts)))).clip(0, 255).astype(np.uint8)
    return {"form": FORM, "steps": base64.b64encode(zlib.compress(steps.tobytes(), 9)).decode()}


@cache
def _rarity() -> NDArray[np.float32]:
    told = json.loads(RARITY.read_text(encoding="utf-8"))
    steps = np.frombuffer(zlib.decompress(base64.b64decode(told["steps"])), np.uint8)
    rare: NDArray[np.float32] = steps.astype(np.float32) / np.float32(RARITY_STEPS)
    return rare


def _row(told: list[str], said: Read) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    whole, parts = _buckets(told)
    rare = _rarity()
    places = np.arange(WORDS + LETTERS, WIDTH, dtype=np.int32)
    values = (_sized(rare[each]) for each in (whole, parts))
    return np.concatenate([whole, parts, places]), np.concatenate([*values, _numbers(told, said)])


def _sized(values: NDArray[np.float32]) -> NDArray[np.float32]:
    sized: NDArray[np.float32] = values * np.float32(WEIGHT / max(float(np.sqrt(values @ values)), 1e-9))
    return sized


def _buckets(told: list[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Of words and pairs, and of runs of letters; each once, rising."""
    pairs = (f"{one} {other}" for one, other in pairwise(told))
    whole = np.array(sorted({_bucket(each, WORDS) for each in (*told, *pairs)}), np.int32)
    return whole, np.unique(np.concatenate([np.empty(0, np.int32), *(_runs(each) for each in set(told))]))


@lru_cache(maxsize=REMEMBERED)
def _runs(word: str) -> NDArray[np.int32]:
    edged = f" {word.removeprefix('not_')[:LONGEST_WORD]} "
    sizes = range(SHORTEST, LONGEST + 1)
    runs = {edged[at : at + size] for size in sizes for at in range(len(edged) - size + 1)}
    return np.array([WORDS + _bucket(each, LETTERS) for each in runs], np.int32)


def _bucket(text: str, buckets: int) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % buckets


def _numbers(told: list[str], said: Read) -> NDArray[np.float32]:
    """NUMBERS, about -1 to 1 each."""
    felt = [valence(each) / 4 for each in told]
    denied = sum(valence(each[4:]) for each in told if each.startswith("not_")) / 4
    good, bad = sum(each for each in felt if each > 0), sum(each for each in felt if each < 0)
    says = (float(said.compound >= 0.05), float(said.compound <= -0.05))
    marks = (float(mark in told) for mark in ("?", "!", "%link"))
    known, size = log1p(said.known) / 3, log1p(len(told)) / 5
    row = (
        said.compound, said.negative, said.positive, abs(said.compound), *says, known, max(felt, default=0.0),
        min(felt, default=0.0), log1p(good), -log1p(-bad), -denied, *marks, size,
    )  # fmt: skip
    return np.array([each / 2 for each in row], np.float32)
