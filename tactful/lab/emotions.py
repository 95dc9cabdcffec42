"""Makes the model of emotions that comes with the engine, and how rare words are: python -m tactful.lab.emotions DATA

DATA holds sentiment_goemotions/train.parquet (monologg/GoEmotions-pytorch at b75f9d3; Apache-2.0). The same data make
the same file. Takes some three minutes.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.wordings import Linear, languages_of, small
from tactful.kernel.chance import mix
from tactful.kernel.errors import NotFound
from tactful.learn.wording import Wording, cuts
from tactful.predict import mood
from tactful.predict.mood import features

FOLDER = "sentiment_goemotions"
SOURCE = "GoEmotions (Demszky et al. 2020), training part, Apache-2.0: github.com/google-research/google-research"
LABELS = (*mood.EMOTIONS, mood.NEGATIVE)
FOLDS = 4

Marks = NDArray[np.int8]


def comments(data: Path, part: str) -> tuple[list[str], Marks]:
    """Texts of a part of GoEmotions, and which of LABELS each has [texts, LABELS]. raises: NotFound without it."""
    # Told here: what evaluates asks this module, so it cannot ask back.
    file = data / FOLDER / f"{part}.parquet"
    if not file.is_file():
        raise NotFound(f"{file} is missing; give the folder that holds {FOLDER}/.", fields=["data"])
    table = pl.read_parquet(file)
    truth = np.zeros((table.height, len(LABELS)), np.int8)
    for row, places in enumerate(table["ekman"]):
        truth[row, [int(place) for place in places.split(",")]] = 1
    worse = [LABELS.index(name) for name, group in mood.GROUP.items() if group == mood.NEGATIVE]
    truth[:, -1] = truth[:, worse].any(axis=1)
    return table["text"].to_list(), truth


def taught(texts: list[str], truth: Marks, labels: tuple[str, ...] = LABELS) -> Linear:
    """A model of several emotions at once. From which chance each is given is chosen on folds it has not seen."""
    read, way = mood.reading(texts), Wording()
    asked, fold = read.features, mix(7, np.arange(len(texts), dtype=np.uint64)) % np.uint64(FOLDS)
    unseen: Floats = np.zeros(truth.shape)
    for each in range(FOLDS):
        here = np.flatnonzero(fold == each)
        rest = np.flatnonzero(fold != each)
        model = _made(way, asked[rest], truth[rest], labels)
        unseen[here] = model.chances(asked[here])
    cut = cuts(unseen, truth)
    leaning = np.log1p(-cut) - np.log(cut)
    return replace(_made(way, asked, truth, labels), leaning=leaning, languages=languages_of(read.languages))


def _made(way: Wording, asked: mood.Features, truth: Marks, labels: tuple[str, ...]) -> Linear:
    fitted = way.several(asked, truth)
    weights, scale = small(fitted.weights)
    level = np.zeros(len(labels))
    return Linear(mood.FORM, labels, weights, scale, fitted.intercept, level, several=True, source=SOURCE)


def main() -> None:
    """Make it and put it where the engine looks for it."""
    parser = argparse.ArgumentParser(prog="python -m tactful.lab.emotions", description=main.__doc__)
    parser.add_argument("data", type=Path, help="folder of public data sets")
    texts, truth = comments(parser.parse_args().data, "train")
    rarity = {**features.rarity_of(features.occurring(texts), len(texts)), "source": SOURCE}
    features.RARITY.write_text(json.dumps(rarity, indent=1) + "\n", encoding="utf-8")
    model = taught(texts, truth)
    mood.SHIPPED.write_text(json.dumps(model.as_dict(), indent=1) + "\n", encoding="utf-8")
    print(f"{mood.SHIPPED}: {mood.SHIPPED.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main()
