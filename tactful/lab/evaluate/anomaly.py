"""AN-A and AN-B: are changes of live audiences heard, and odd values of any series?

AN-A: 300 sessions, strictly as they come: an alarm knows only its own session's past. The numbers of the detector, and
of the seed's kind beside it, were chosen on the first half of the sessions by number, so `AN-A@untouched` gives the
other half alone: quote that one as the test. `AN-A@open` are the same with no planned end; the other variants are one
kind each, of the untouched half too.

AN-B: NAB by its own score, the threshold fitted on the same series, as NAB has it. One configuration serves all files;
it was chosen on every other file by name, and `AN-B@others` scores the rest with the threshold of those. Figures of the
rest were looked at while it was built: they are held out, but not untouched. `published` is the best of NAB's own
scoreboard.
"""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from tactful.facts.additive import Floats
from tactful.lab.evaluate import audiences, gaussian, half_space, nab
from tactful.lab.evaluate.audiences import Alarm, Audiences
from tactful.lab.evaluate.nab import PROFILES, Corpus, Numbers
from tactful.lab.evaluate.rows import Row
from tactful.learn.ranking import RESAMPLES, resample
from tactful.predict.anomaly import KINDS, Detector, Series

PART = "anomaly"
ALONE = dict(zip(KINDS, ("drop", "decline", "low", "exit"), strict=True))


def live(data: Path) -> list[Row]:
    """All rows of AN-A and its variants. raises: NotFound without the data."""
    given = audiences.read(data)
    rows: list[Row] = []
    for model, find in (("tactful", alarms), ("seed", half_space.alarms)):
        start = perf_counter()
        found = audiences.agreement(find(given), given)
        seconds = perf_counter() - start
        untouched = found.only(np.arange(given.size // 2, given.size))
        rows += audiences.figures(PART, "AN-A", model, found, seconds)
        rows += audiences.figures(PART, "AN-A@untouched", model, untouched, seconds)
        for kind, name in enumerate(ALONE.values()):
            rows += audiences.figures(PART, f"AN-A@{name}", model, untouched.of(kind), seconds, kind=True)
    return rows + _open(given)


def alarms(given: Audiences, *, end: bool = True) -> list[Alarm]:
    """What would be told. end: whether the planned end is known."""
    detector = Detector()
    rows = detector.add(given.size)
    found: list[Alarm] = []
    for tick in range(given.ticks):
        counts = {"viewers": given.viewers[:, tick], "signals": given.signals[:, tick]}
        told = detector.advance(rows, elapsed=tick / given.ticks if end else np.nan, **counts)
        found += [(row, kind, tick) for row, kind in zip(told.row.tolist(), told.kind.tolist(), strict=True)]
    return found


def numbers(data: Path) -> list[Row]:
    """All rows of AN-B and its variant. raises: NotFound without the data."""
    every = nab.read(data)
    best = max(nab.published(data).values(), key=lambda found: found["standard"])
    worth = nab.corpus(every)
    rows: list[Row] = []
    for model, score in (("tactful", surprises), ("baseline", windowed)):
        start = perf_counter()
        scores = score(every)
        rows += _scored(worth, model, scores, perf_counter() - start)
    return rows + [Row(PART, "AN-B", "published", profile, best[profile]) for profile in PROFILES]


def surprises(every: Sequence[Numbers]) -> Floats:
    """[points of all] What would be told of each value. Series with days of the same length move on together."""
    scores = [np.zeros(one.values.size) for one in every]
    for per_day in sorted({one.per_day for one in every}):
        some = [place for place, one in enumerate(every) if one.per_day == per_day]
        longest = max(every[place].values.size for place in some)
        # Where a series is over its last value goes on; what is said of that is left out.
        values = np.stack([np.pad(v, (0, longest - v.size), mode="edge") for v in (every[p].values for p in some)])
        silent = np.array([nab.unscored(every[place].values.size) for place in some])
        watched = Series([per_day] * len(some))
        told = np.stack([watched.advance(now, told=tick >= silent) for tick, now in enumerate(values.T)], axis=1)
        for place, mine in zip(some, told, strict=True):
            scores[place] = mine[: scores[place].size]
    return np.concatenate(scores)


def windowed(every: Sequence[Numbers]) -> Floats:
    """[points of all] What the simple model says."""
    return np.concatenate([gaussian.surprises(one.values) for one in every])


def _open(given: Audiences) -> list[Row]:
    start = perf_counter()
    found = audiences.agreement(alarms(given, end=False), given)
    untouched = found.only(np.arange(given.size // 2, given.size))
    return audiences.figures(PART, "AN-A@open", "tactful", untouched, perf_counter() - start)


def _scored(worth: Corpus, model: str, scores: Floats, seconds: float) -> list[Row]:
    files = np.arange(worth.windows.size)
    chosen, others = files[::2], files[1::2]
    rows = []
    for task, fitted, judged in (("AN-B", files, files), ("AN-B@others", chosen, others)):
        for profile in PROFILES:
            _, threshold = worth.best(scores, profile, fitted)
            value = worth.at(scores, threshold, profile, judged)
            drawn = [judged[resample(judged.size, number)] for number in range(RESAMPLES)]
            low, high = np.nanpercentile([worth.at(scores, threshold, profile, some) for some in drawn], [2.5, 97.5])
            rows.append(Row(PART, task, model, profile, value, float(low), float(high), judged.size, seconds))
    return rows
