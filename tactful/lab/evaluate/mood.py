"""SE-A: which sentiment has a tweet? SE-B: which emotions has a comment? SE-C: how do raters feel about a text?

Protocol of SE-A: tweets of SemEval 2013 to 2016, five folds by a hash of the tweet's id, each judged by what the other
four taught; figures pool the folds. What learning is like was chosen on one fold, taught with three others.
`SE-A@val` are the 2,000 tweets of TweetEval's validation part, taught with all that do not stand there too. `SE-B` are
the development comments of GoEmotions, judged by the model that comes with the engine, which knows the training part
alone, with cuts chosen on folds of it; a comment may have several emotions. `SE-C` is the correlation with raters, of
the cold start. Everything passes through `analyse`, but for SE-B, where more than the likeliest emotion counts.
`seed` is VADER as it is published. Figures `published` are of test parts, which are not public in this form.
"""

import re
from functools import cache
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from tactful.facts.additive import Floats
from tactful.lab import emotions
from tactful.lab.evaluate.rows import Answer, Row, measured, needed
from tactful.learn.wording import Labels, average_recall
from tactful.predict import mood
from tactful.store.learned.moods import MOOD
from tactful.uses.training import moods

PART = "mood"
TWEETS, RATED = "sentiment_semeval2017", "sentiment_vader"
FOLDS = 5
# From which compound score VADER's authors call a text positive. Source: Hutto and Gilbert 2014.
SAYS = 0.05

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def tweets(data: Path) -> list[Row]:
    """All rows of SE-A and SE-A@val. raises: NotFound without the data."""
    file, later = needed(data / TWEETS, "train_2013_2016.parquet", "tweeteval_sentiment_val.csv.gz")
    table = pl.read_parquet(file).unique("id", keep="first", maintain_order=True)
    table = table.with_columns(pl.col("id").cast(pl.String), text=pl.Series(map(_plain, table["text"])))
    every = moods.examples(table, least=100)
    rows = _judged("SE-A", every, _folds(every))
    rows.append(Row(PART, "SE-A", "published", "average_recall", 0.681))
    return rows + _later(every, pl.read_csv(later))


def comments(data: Path) -> list[Row]:
    """All rows of SE-B. raises: NotFound without the data."""
    texts, truth = emotions.comments(data, "dev")
    start = perf_counter()
    model, read = mood.emotions(), mood.reading(texts)
    given = (model.leant(model.chances(read.features)) >= 0.5) & read.known_to(model)[:, None]
    seconds = perf_counter() - start
    groups = [model.labels.index(name) for name in ("surprise", mood.NEGATIVE, "neutral", "joy")]
    said = np.array([_vader(text) for text in texts])
    simple = np.column_stack([np.zeros_like(said), said <= -SAYS, np.abs(said) < SAYS, said >= SAYS])
    single = list(range(len(mood.EMOTIONS)))
    return [
        Row(PART, "SE-B@group", "tactful", "macro_f1", _macro_f1(truth[:, groups], given[:, groups]), None, None,
            len(texts), seconds),
        Row(PART, "SE-B@group", "seed", "macro_f1", _macro_f1(truth[:, groups], simple), None, None, len(texts)),
        Row(PART, "SE-B@group", "published", "macro_f1", 0.701),
        Row(PART, "SE-B@ekman", "tactful", "macro_f1", _macro_f1(truth[:, single], given[:, single]), None, None,
            len(texts), seconds),
        Row(PART, "SE-B@ekman", "published", "macro_f1", 0.624),
    ]  # fmt: skip


def rated(data: Path) -> list[Row]:
    """All rows of SE-C. raises: NotFound without the data."""
    names = {"tweets": 0.881, "amazonReviewSnippets": 0.63}
    rows = []
    for file, (name, published) in zip(
        needed(data / RATED, *(f"{name}.csv.gz" for name in names)), names.items(), strict=True
    ):
        table, start = pl.read_csv(file), perf_counter()
        texts, truth = table["text"].to_list(), table["mean_valence"].cast(pl.Float64).to_numpy()
        said = mood.analyse(texts)["sentiment_score"].to_numpy()
        seconds = perf_counter() - start
        answers = [
            Answer("tactful", said, {"correlation": _correlation}, seconds),
            Answer("seed", np.array([_vader(text) for text in texts]), {"correlation": _correlation}, 0.0),
        ]
        task = f"SE-C@{name.lower().removesuffix('reviewsnippets')}"
        rows += [*measured(PART, task, truth, answers), Row(PART, task, "published", "correlation", published)]
    return rows


def _folds(every: moods.Examples) -> Labels:
    """What each tweet is said to be by what the other folds taught."""
    fold, told = every.groups % FOLDS, np.full(len(every.texts), -1, np.int64)
    for each in range(FOLDS):
        here = fold == each
        told[here] = moods.chosen(every.only(here), moods.as_served(MOOD, moods.taught(every.only(~here))))
    return told


def _later(every: moods.Examples, table: pl.DataFrame) -> list[Row]:
    texts = [_plain(text) for text in table["text"]]
    there = {_alike(text) for text in texts}
    lessons = every.only(np.array([_alike(text) not in there for text in every.texts], np.bool_))
    exam = moods.Examples(MOOD, every.labels, texts, table["label"].to_numpy(), np.arange(table.height))
    return _judged("SE-A@val", exam, moods.chosen(exam, moods.as_served(MOOD, moods.taught(lessons))))


def _judged(task: str, exam: moods.Examples, told: Labels) -> list[Row]:
    cold = moods.chosen(exam, mood.Served())
    said = np.array([_vader(text) for text in exam.texts])
    plain = np.where(np.abs(said) < SAYS, 0, np.sign(said)) + 1
    answers = [
        Answer(name, each.astype(np.float64), {"average_recall": _recall}, 0.0)
        for name, each in (("tactful", told), ("cold", cold), ("seed", plain))
    ]
    return measured(PART, task, exam.truth.astype(np.float64), answers)


def _recall(truth: Floats, chosen: Floats) -> float:
    return average_recall(truth.astype(np.int64), chosen.astype(np.int64))


def _correlation(truth: Floats, said: Floats) -> float:
    return float(np.corrcoef(truth, said)[0, 1])


def _macro_f1(truth: emotions.Marks, given: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    both = (truth * given).sum(axis=0)
    return float(np.mean(2 * both / np.maximum(truth.sum(axis=0) + given.sum(axis=0), 1)))


def _plain(text: str) -> str:
    """A tweet as it was written: the files escape what is not ASCII."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace('\\""', '"')
    return text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def _alike(text: str) -> str:
    """What stays the same of a tweet when names and links in it are made alike."""
    return re.sub(r"[^a-z]", "", re.sub(r"@\w+|https?://\S+|www\.\S+|http\b", "", text.lower()))


def _vader(text: str) -> float:
    return float(_analyser().polarity_scores(text)["compound"])


@cache
def _analyser() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
