"""What is told of each message: its sentiment with the seed's five steps, its emotion, and how sure that is."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats
from tactful.facts.wordings import Linear, Served
from tactful.predict.mood.cold import emotions
from tactful.predict.mood.features import Features
from tactful.predict.mood.labels import EMOTIONS, GROUP, NEGATIVE
from tactful.predict.mood.reading import Reading, reading

SENTIMENTS = ("very_negative", "negative", "neutral", "positive", "very_positive")

# What `analyse` answers, one row for each text, in their order.
ANALYSED: dict[str, PolarsDataType] = {
    # -1..1, 0 where it cannot be told
    "sentiment_score": pl.Float64,
    # one of SENTIMENTS
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

# From which score (either way) VADER says something, and from which anything says it strongly. Source: VADER; ours.
SAYS, STRONG = 0.05, 0.6
# How likely VADER's sentiment is right, by the size of its score: fitted to what raters said of its tweets and reviews.
LEAST_SURE, SURER = 0.45, 0.55

NOTHING = Served()


def analyse(texts: Sequence[str], *, served: Served | None = None) -> pl.DataFrame:
    """What each text says about the mood of who wrote it: the columns of ANALYSED, a row a text, in their order.

    served: what was learned; without it, and in languages it was not taught, VADER and the emotions of the cold start
    speak. Never raises for a text: empty, drawn-out, right-to-left and very long ones get an answer. What cannot be
    read is neutral with confidence 0 and no emotion. Point in time: the text alone.

    >>> analyse(["This is great!", "Das ist Käse und ich mag es nicht"])["sentiment_type"].to_list()
    ['very_positive', 'neutral']
    """
    learned, read = served or NOTHING, reading(texts)
    score, step, sure = _sentiment(read, learned.sentiment)
    emotion = _emotion(read, learned.emotion)
    return pl.DataFrame(
        {
            "sentiment_score": score,
            "sentiment_type": [SENTIMENTS[each] for each in step],
            "emotion_group": [None if each is None else GROUP[each] for each in emotion],
            "emotion": emotion,
            "confidence": sure,
            "language": read.languages,
        },
        schema=ANALYSED,
    )


def _sentiment(read: Reading, learned: Linear | None) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Score, place in SENTIMENTS and confidence of each text."""
    score = np.array([each.compound for each in read.said], np.float64)
    side = np.where(np.abs(score) < SAYS, 0, np.sign(score)).astype(np.int64)
    sure = np.where(read.legible, LEAST_SURE + SURER * np.abs(score), 0.0)
    if learned is not None:
        rows = np.flatnonzero(read.known_to(learned))
        chances = learned.chances(read.features[rows])
        leant = learned.leant(chances)
        place = [learned.labels.index(name) for name in ("negative", "neutral", "positive")]
        chosen = leant[:, place].argmax(axis=1)
        score[rows] = leant[:, place[2]] - leant[:, place[0]]
        side[rows] = chosen - 1
        sure[rows] = chances[:, place][np.arange(rows.size), chosen]
    return score, 2 + side * np.where(np.abs(score) >= STRONG, 2, 1), sure


def _emotion(read: Reading, learned: Linear | None) -> list[str | None]:
    """The likeliest emotion of each text, leaning as its model does; None unknown."""
    told: list[str | None] = [None] * len(read.said)
    for model, asked in ((emotions(), read.legible), (learned, True)):
        if model is not None:
            rows = np.flatnonzero(read.known_to(model) & asked)
            for row, place in zip(rows.tolist(), felt(model, read.features[rows]).tolist(), strict=True):
                told[row] = model.labels[place]
    return told


def felt(model: Linear, asked: Features) -> NDArray[np.int64]:
    """The place of the likeliest emotion of each text: first its group, where a model tells that, then within it."""
    leant = model.leant(model.chances(asked))
    own = [label in EMOTIONS for label in model.labels]
    if NEGATIVE in model.labels:
        worst = leant[:, model.labels.index(NEGATIVE)]
        rest = np.array([has and GROUP[name] != NEGATIVE for name, has in zip(model.labels, own, strict=True)])
        negative = worst > leant[:, rest].max(axis=1, initial=0.0)
        leant = np.where(negative[:, None] == rest[None, :], -1.0, leant)
    places: NDArray[np.int64] = np.where(own, leant, -2.0).argmax(axis=1)
    return places
