"""Whether something newly learned may serve: only if it judges people better who were asked about later."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.learn.ranking import RESAMPLES, auc, ece, log_loss, resample

# Fewer cases, or people, than these say nothing either way.
LEAST, FEWEST = 50, 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """better: what was learned may serve. reason: a sentence why, or why not. metrics: of both, as JSON can hold them.

    The gain is that in log-loss [nats a case], with its 95 % interval.
    """

    better: bool
    reason: str
    metrics: Mapping[str, Any]


def judge(truth: Floats, candidate: Floats, serving: Floats, *, groups: NDArray[np.int64]) -> Verdict:
    """Hold what was learned against what serves, by chances (0..1) of the same cases and what became of them (0, 1).

    It must be better with 97.5 % certainty: the whole interval of the gain lies above nothing. groups: whom each case
    is about; cases of one person do not vary freely, so people are drawn, not cases.
    """
    came = f", {int(truth.sum()):,} of which came true"
    if truth.size == 0 or truth.min() == truth.max():
        return _silent(groups, came)
    verdict = weigh(_surprise(truth, serving) - _surprise(truth, candidate), groups=groups, came=came)
    if "gain" not in verdict.metrics:
        return verdict
    figures = {"candidate": _figures(truth, candidate), "serving": _figures(truth, serving)}
    return replace(verdict, metrics={**verdict.metrics, **figures})


def weigh(
    gains: Floats,
    *,
    groups: NDArray[np.int64],
    came: str = "",
    unit: str = "nats a case",
    cases: str = "asked about later",
) -> Verdict:
    """The verdict from what each case gained by what was learned; `judge` says how.

    came: what became of the cases, said where they are too few. unit: of a gain; cases: which ones they are.
    """
    whose, place = np.unique(groups, return_inverse=True)
    if gains.size < LEAST or whose.size < FEWEST:
        return _silent(groups, came)
    low, high = _interval(np.bincount(place, gains).astype(np.float64), np.bincount(place).astype(np.float64))
    gain = float(gains.mean())
    metrics = {**_counts(groups), "gain": {"value": gain, "low": low, "high": high}}
    words = f"{gain:+.4f} {unit} (95 %: {low:+.4f} to {high:+.4f}) on {gains.size:,} {cases}"
    if low > 0:
        return Verdict(better=True, reason=f"It is better by {words}.", metrics=metrics)
    return Verdict(better=False, reason=f"It is not surely better than what serves: {words}.", metrics=metrics)


def undecided(reason: str) -> Verdict:
    """What cannot be held against anything goes on not serving."""
    return Verdict(better=False, reason=reason, metrics={})


def too_early(lessons: int, least: int) -> Verdict | None:
    """The verdict on what was learned from fewer lessons than it takes; None where there are enough."""
    return (
        None
        if lessons >= least
        else undecided(f"Too early: {lessons:,} of the {least:,} lessons it takes (learn.min_training_samples).")
    )


def _silent(groups: NDArray[np.int64], came: str) -> Verdict:
    counts = _counts(groups)
    told = f"{counts['cases']:,} cases of {counts['people']:,} people{came}"
    return Verdict(better=False, reason=f"Too little came after it to judge it by: {told}.", metrics=counts)


def _counts(groups: NDArray[np.int64]) -> dict[str, int]:
    return {"cases": int(groups.size), "people": int(np.unique(groups).size)}


def _interval(gains: Floats, cases: Floats) -> tuple[float, float]:
    """95 % of the mean gain of a case; gains and cases are sums of each person."""
    draws = (resample(gains.size, number) for number in range(RESAMPLES))
    drawn = [float(gains[rows].sum() / cases[rows].sum()) for rows in draws]
    low, high = (float(each) for each in np.percentile(drawn, [2.5, 97.5]))
    return low, high


def _surprise(truth: Floats, chance: Floats) -> Floats:
    told = np.clip(chance, 1e-9, 1 - 1e-9)
    surprise: Floats = -np.where(truth == 1, np.log(told), np.log1p(-told))
    return surprise


def _figures(truth: Floats, chance: Floats) -> dict[str, float]:
    return {"auc": auc(truth, chance), "log_loss": log_loss(truth, chance), "ece": ece(truth, chance)}
