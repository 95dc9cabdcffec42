"""Made-up talk: words that no lexicon knows, each with a mood of its own, among words of every day."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from tactful.kernel.chance import mix

FELT = {
    "positive": ("zorbly", "fimpish", "tralu", "glanful"),
    "negative": ("quixed", "drombic", "yorfed", "scrunt"),
    "neutral": ("tabbed", "wozzle", "plimmed", "ninter"),
}
EMOTIONS = {"joy": FELT["positive"], "anger": FELT["negative"][:2], "sadness": FELT["negative"][2:]}
EVERYDAY = ("the lesson", "my group", "that page", "this week", "our room", "the second part", "your answer", "it all")
ENDS = ("today", "again", "for me", "and so on", "after lunch", "on the train", "at home", "before the break")


def drawn(row: int, what: int, size: int) -> int:
    return int(mix(mix(7, row), what) % size)


def talk(rows: int, felt: Mapping[str, tuple[str, ...]] = FELT) -> pl.DataFrame:
    """text, label and id: which of the words is said decides, but for one row in twenty."""
    labels = list(felt)
    told = []
    for row in range(rows):
        label = labels[drawn(row, 1, len(labels))]
        said = felt[labels[drawn(row, 2, len(labels))] if drawn(row, 3, 20) == 0 else label]
        words = (EVERYDAY[drawn(row, 4, 8)], "was", said[drawn(row, 5, len(said))], ENDS[drawn(row, 6, 8)], f"no {row}")
        told.append((" ".join(words), label, f"t{row}"))
    return pl.DataFrame(told, schema=["text", "label", "id"], orient="row")


def shuffled(table: pl.DataFrame) -> pl.DataFrame:
    """The same texts with labels that have nothing to do with them."""
    order = np.argsort(mix(11, np.arange(table.height, dtype=np.uint64)))
    return table.with_columns(table["label"].gather(order))
