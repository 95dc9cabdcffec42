"""What is told of each message: its sentiment with the seed's five steps, its emotion, and how sure that is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.predict.mood.languages import UNKNOWN, language
from tactful.predict.mood.lexicon import NOTHING, Read, read, signs

SENTIMENTS = ("very_negative", "negative", "neutral", "positive", "very_positive")

# What `analyse` answers, one row for each text, in their order.
ANALYSED: dict[str, PolarsDataType] = {
    # -1..1, 0 where it cannot be told
    "sentiment_score": pl.Float64,
    "sentiment_type": pl.String,
    # positive, negative, ambiguous or neutral; null unknown
    "emotion_group": pl.String,
    # anger, disgust, fear, joy, sadness, surprise or neutral; null unknown
    "emotion": pl.String,
    # 0..1, how likely the sentiment is right; 0 where it cannot be told
    "confidence": pl.Float64,
    # BCP 47 primary tag, "und" where it cannot be told
    "language": pl.String,
}

# From which score (either way) a text says something, and says it strongly. Source: VADER's own .05; ours.
SAYS, STRONG = 0.05, 0.6
# How likely VADER's sentiment is right, by the size of its score: fitted to the ratings of its own tweets and reviews.
LEAST_SURE, SURER = 0.45, 0.55


def analyse(texts: Sequence[str], *, served: Any = None) -> pl.DataFrame:
    """What each text says about the mood of who wrote it: the columns of ANALYSED, a row a text, in their order.

    Never raises for a text: empty, drawn-out, right-to-left and very long ones get an answer. What cannot be read is
    neutral with confidence 0. Point in time: the text alone.

    >>> analyse(["This is great!", "Das ist Käse und ich mag es nicht"])["sentiment_type"].to_list()
    ['very_positive', 'neutral']
    """
    rows = [_read(text) for text in texts]
    score = np.array([one.compound for one, _, _ in rows], np.float64)
    legible = np.array([can for _, _, can in rows], np.bool_)
    return pl.DataFrame(
        {
            "sentiment_score": score,
            "sentiment_type": [SENTIMENTS[each] for each in step(score)],
            "emotion_group": [None] * len(rows),
            "emotion": [None] * len(rows),
            "confidence": np.where(legible, LEAST_SURE + SURER * np.abs(score), 0.0),
            "language": [tongue for _, tongue, _ in rows],
        },
        schema=ANALYSED,
    )


def step(score: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The place in SENTIMENTS of each score."""
    return np.searchsorted([-STRONG, -SAYS + 1e-12, SAYS, STRONG - 1e-12], score, side="right").astype(np.int64)


def _read(text: str) -> tuple[Read, str, bool]:
    """What VADER says, the language, and whether there was anything it can read."""
    told = read(text)
    tongue = language(text, english=told.known)
    if tongue == "en":
        return told, tongue, True
    seen = signs(text)
    if tongue == UNKNOWN and told.known:
        return told, tongue, True
    return (read(seen), tongue, True) if seen else (NOTHING, tongue, False)
