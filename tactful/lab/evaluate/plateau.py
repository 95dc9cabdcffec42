"""AN-C: where did 26 series change? What finds somebody's plateaus, beside a standard method and saying nothing.

Protocol: TCPD's F1 (margin of five points) and cover, mean over the real series of one dimension; intervals over
series. No setting differs from series to series. The numbers in `changes` were chosen on the first half of the series
by sorted name. Those are part of `AN-C`, so `AN-C@unseen` gives the other half alone: quote that one as the test.

`baseline` is optimal partitioning into levels with a penalty of 3 log n on standardised values; `zero` says that
nothing ever changed. `published` is binary segmentation as it comes, on the univariate series of the full set, of
which eleven are not here.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from tactful.facts.additive import Floats
from tactful.lab.evaluate import tcpd
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.lab.evaluate.tcpd import Series
from tactful.learn.dividing import covered, f1
from tactful.predict.plateau.changes import changes
from tactful.predict.plateau.pieces import costs

PART = "plateau"
PENALTY = 3.0
PUBLISHED = (Row(PART, "AN-C", "published", "f1", 0.744), Row(PART, "AN-C", "published", "cover", 0.706))

Finder = Callable[[Floats], list[int]]


def evaluate(data: Path) -> list[Row]:
    """All rows of AN-C and its variant. raises: NotFound without the data."""
    every = tcpd.read(data)
    finders: dict[str, Finder] = {"tactful": found, "baseline": partitioned, "zero": lambda _: []}
    answers = [answer for model, finder in finders.items() for answer in _answers(model, finder, every)]
    unseen = np.arange(len(every)) >= len(every) // 2
    later = [Answer(each.model, each.score[unseen], each.measures, each.seconds) for each in answers]
    rows = measured(PART, "AN-C", np.zeros(len(every)), answers)
    return [*rows, *PUBLISHED, *measured(PART, "AN-C@unseen", np.zeros(int(unseen.sum())), later)]


def found(values: Floats) -> list[int]:
    """The changes that would be served. values: [points]."""
    return [int(change) for change in changes(values[None])[0] if change < values.size]


def partitioned(values: Floats) -> list[int]:
    """Optimal partitioning into levels. Source: Jackson et al. 2005."""
    size = values.size
    spread = float(values.std()) or 1.0
    around_means, _ = costs(((values - values.mean()) / spread)[None])
    best, came = np.zeros(size + 1), np.zeros(size + 1, dtype=np.int64)
    for end in range(1, size + 1):
        through = best[:end] + around_means[0, end, :end] + PENALTY * np.log(size)
        came[end] = int(through.argmin())
        best[end] = through[came[end]]
    edges, at = [], int(came[size])
    while at > 0:
        edges.append(at)
        at = int(came[at])
    return edges[::-1]


def _answers(model: str, finder: Finder, every: Sequence[Series]) -> list[Answer]:
    start = perf_counter()
    said = [finder(one.values) for one in every]
    seconds = perf_counter() - start
    values = {
        "f1": [f1(one.marked, edges) for one, edges in zip(every, said, strict=True)],
        "cover": [covered(one.marked, edges, one.values.size) for one, edges in zip(every, said, strict=True)],
    }
    return [Answer(model, np.array(each), {name: _mean}, seconds) for name, each in values.items()]


def _mean(_: Floats, value: Floats) -> float:
    return float(value.mean())
