"""Learning of mood from texts that somebody has labelled: of sentiments, or of emotions.

A fifth of the texts, drawn by what they are, is kept back from every learning, so that whatever served before has not
seen them either: there the new model is held to what serves, through the code that serves. It serves only if it is
better; what was kept back stays unlearned, for the next comparison.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.wordings import Linear, Served, languages_of, small
from tactful.kernel.errors import BadInput
from tactful.learn.promotion import Verdict
from tactful.learn.wording import Labels, Wording, average_recall, compare, leaning, sharpness
from tactful.predict import mood
from tactful.store.database import Database
from tactful.store.learned import moods, versions
from tactful.store.reading import reader

# Of five texts, one is kept back to judge by; of the rest one in five shows how sharp and how leaning choices are.
SHARES = 5
# Texts of a label that must be there, so that each part has some.
LEAST_EACH = 20

Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled texts. capability: what they teach; labels: what is told apart; truth: the place of each text's label.

    groups: equal numbers for texts that belong together; they are kept back together.
    """

    capability: str
    labels: tuple[str, ...]
    texts: list[str]
    truth: Labels
    groups: NDArray[np.int64]

    def only(self, rows: Rows) -> "Examples":
        """Some of them."""
        texts = [self.texts[row] for row in np.flatnonzero(rows)]
        return Examples(self.capability, self.labels, texts, self.truth[rows], self.groups[rows])

    def share(self, number: int) -> Rows:
        """Whether each is in the first of SHARES, by the `number`-th way to draw them."""
        drawn: Rows = (self.groups // SHARES**number) % SHARES == 0
        return drawn

    def print(self) -> str:
        """Equal for equal examples."""
        told = hashlib.sha256("\0".join(self.texts).encode("utf-8", "surrogatepass"))
        told.update(self.truth.tobytes())
        return told.hexdigest()[:32]


def examples(table: pl.DataFrame, *, least: int) -> Examples:
    """Rows of text, label and perhaps id (all words), as examples; a text that stands there twice counts once.

    least: how many texts there must be. raises: BadInput, naming rows whose label means nothing, or what is too few.
    """
    capability = _capability(table["label"])
    means = mood.sentiment if capability == moods.MOOD else mood.emotion
    names = [means(label) or "" for label in table["label"]]
    drawn = (
        table["id"] if "id" in table.columns else pl.Series([" ".join(text.lower().split()) for text in table["text"]])
    )
    told = table.select("text").with_columns(
        label=pl.Series(names, dtype=pl.String), group=pl.Series([_number(each) for each in drawn], dtype=pl.Int64)
    )
    told = told.unique("text", keep="last", maintain_order=True)
    if told.height < least:
        raise BadInput(
            f"There are {told.height:,} different texts; learning takes {least:,} (learn.min_training_samples).",
            fields=["text"],
        )
    labels = _labels(capability, told["label"])
    truth = np.array([labels.index(label) for label in told["label"]], np.int64)
    return Examples(capability, labels, told["text"].to_list(), truth, told["group"].to_numpy())


def _capability(labels: pl.Series) -> str:
    """What they all teach. raises: BadInput, naming the first rows whose label does not fit."""
    kinds = [mood.kinds(label) for label in labels]
    wanted = next((next(iter(each)) for each in kinds if len(each) == 1), moods.MOOD)
    wrong = [row for row, each in enumerate(kinds, 1) if wanted not in each]
    if wrong:
        shown = ", ".join(f"{row} ({labels[row - 1][:30]!r})" for row in wrong[:5])
        known = "positive, neutral, negative or -1 to 1" if wanted == moods.MOOD else ", ".join(mood.EMOTIONS)
        raise BadInput(
            f"{len(wrong):,} labels mean nothing here, in row {shown}{' and more' if len(wrong) > 5 else ''}: "
            f"a label is {known}, and of one sort in a file. Nothing was learned.",
            fields=["label"],
        )
    return wanted


def _labels(capability: str, told: pl.Series) -> tuple[str, ...]:
    counts = dict(told.value_counts().iter_rows())
    every = mood.SENTIMENT if capability == moods.MOOD else tuple(each for each in mood.EMOTIONS if each in counts)
    few = [name for name in every if counts.get(name, 0) < LEAST_EACH]
    if few or len(every) < 2:
        named = f"fewer than {LEAST_EACH} texts are {few[0]}" if few else "all texts have the same label"
        raise BadInput(f"There is too little to tell apart: {named}.", fields=["label"])
    return every


def _number(words: str) -> int:
    return int.from_bytes(hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[:7], "big")


def taught(lessons: Examples, *, source: str = "") -> Linear:
    """What the examples teach. How sharp and how leaning it is shows on a fifth of them that it has not seen then."""
    read = mood.reading(lessons.texts)
    asked, shown = read.features, lessons.share(1)
    first = _fitted(asked[np.flatnonzero(~shown)], lessons, ~shown)
    unseen, truth = asked[np.flatnonzero(shown)], lessons.truth[shown]
    sharp = sharpness(first.chances(unseen), truth)
    leans = leaning(replace(first, sharpness=sharp).chances(unseen), truth)
    whole = _fitted(asked, lessons, np.ones(len(lessons.texts), np.bool_))
    return replace(whole, sharpness=sharp, leaning=leans, languages=languages_of(read.languages), source=source)


def _fitted(asked: mood.Features, lessons: Examples, rows: Rows) -> Linear:
    fitted = Wording().one_of(asked, lessons.truth[rows], len(lessons.labels))
    weights, scale = small(fitted.weights)
    return Linear(mood.FORM, lessons.labels, weights, scale, fitted.intercept, np.zeros(len(lessons.labels)))


def chosen(lessons: Examples, served: Served) -> Labels:
    """What `analyse` tells of each text, as the place of a label; -1 where it is none of them."""
    told = mood.analyse(lessons.texts, served=served)
    if lessons.capability == moods.EMOTION:
        names = told["emotion"].fill_null("").to_list()
    else:
        names = [each.removeprefix("very_") for each in told["sentiment_type"].to_list()]
    return np.array([lessons.labels.index(each) if each in lessons.labels else -1 for each in names], np.int64)


def as_served(capability: str, model: Linear | None) -> Served:
    """A model in its place."""
    return Served(sentiment=model) if capability == moods.MOOD else Served(emotion=model)


def learn(
    database: Database, table: pl.DataFrame, *, at: datetime, by: str, least: int, whose: int | None = None
) -> dict[str, Any]:
    """Learn from labelled texts (see `examples`), for one organisation or everybody; a report.

    It serves from `at` if it is better than what serves. raises: BadInput.
    """
    every = examples(table, least=least)
    kept_back = every.share(0)
    lessons, exam = every.only(~kept_back), every.only(kept_back)
    model = taught(lessons)
    with reader(database, few=True) as source:
        serving = moods.standing(source, every.capability, whose, at)
    verdict = judged(exam, model, serving)
    told = versions.Taught(
        whose, every.capability, since=at, until=at, lessons=len(lessons.texts), people=0, data_print=every.print()
    )
    decision = versions.Decision(at, promoted=verdict.better, by=by, reason=verdict.reason)
    with database.batch() as connection:
        version = versions.record(connection, told, model, verdict.metrics, decision)
    facts = {"organisation": whose, "capability": every.capability, "version": version, "people": 0}
    counts = {"lessons": told.lessons, "kept_back": len(exam.texts)}
    return {**facts, **counts, "promoted": verdict.better, "reason": verdict.reason, "metrics": verdict.metrics}


def judged(exam: Examples, model: Linear, serving: Linear | None) -> Verdict:
    """Whether the model chooses better than what serves (None: the cold start) for texts that neither has seen."""
    told = {
        "candidate": chosen(exam, as_served(exam.capability, model)),
        "serving": chosen(exam, as_served(exam.capability, serving)),
    }
    verdict = compare(exam.truth, told["candidate"], told["serving"], groups=exam.groups)
    if "gain" not in verdict.metrics:
        return verdict
    figures = {name: {"average_recall": average_recall(exam.truth, each)} for name, each in told.items()}
    return Verdict(verdict.better, verdict.reason, {**verdict.metrics, **figures})
