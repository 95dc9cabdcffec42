"""Whether something newly learned may serve: only if it judges people better who were asked about later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tactful.facts.additive import Floats
from tactful.learn.ranking import RESAMPLES, auc, ece, log_loss, resample

# Fewer people than this say nothing either way.
LEAST = 50


@dataclass(frozen=True, slots=True)
class Verdict:
    """better: what was learned may serve. reason: a sentence why, or why not. metrics: of both, as JSON can hold them.

    The gain is that in log-loss [nats a person], with its 95 % interval.
    """

    better: bool
    reason: str
    metrics: Mapping[str, Any]


def judge(truth: Floats, candidate: Floats, serving: Floats) -> Verdict:
    """Hold what was learned against what serves, by chances (0..1) of the same people and what became of them (0, 1).

    It must be better with 97.5 % certainty: the whole interval of the gain lies above nothing.
    """
    if truth.size < LEAST or truth.min() == truth.max():
        reason = f"Too little came after it to judge it by: {truth.size} people, {int(truth.sum())} of whom left."
        return Verdict(better=False, reason=reason, metrics={"people": int(truth.size)})
    gains = _surprise(truth, serving) - _surprise(truth, candidate)
    drawn = [float(gains[resample(truth.size, number)].mean()) for number in range(RESAMPLES)]
    low, high = (float(each) for each in np.percentile(drawn, [2.5, 97.5]))
    gain = float(gains.mean())
    metrics = {
        "people": int(truth.size),
        "gain": {"value": gain, "low": low, "high": high},
        "candidate": _figures(truth, candidate),
        "serving": _figures(truth, serving),
    }
    words = f"{gain:+.4f} nats a person (95 %: {low:+.4f} to {high:+.4f}) on {truth.size:,} people asked about later"
    if low > 0:
        return Verdict(better=True, reason=f"It is better by {words}.", metrics=metrics)
    return Verdict(better=False, reason=f"It is not surely better than what serves: {words}.", metrics=metrics)


def _surprise(truth: Floats, chance: Floats) -> Floats:
    told = np.clip(chance, 1e-9, 1 - 1e-9)
    surprise: Floats = -np.where(truth == 1, np.log(told), np.log1p(-told))
    return surprise


def _figures(truth: Floats, chance: Floats) -> dict[str, float]:
    return {"auc": auc(truth, chance), "log_loss": log_loss(truth, chance), "ece": ece(truth, chance)}
