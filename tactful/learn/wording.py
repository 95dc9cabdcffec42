"""Learning what words say: logistic regression over many sparse columns, with true chances and a fair choice.

Nothing here knows what a column is. Source: Hastie, Tibshirani and Friedman 2009, ch. 4; one label among several by
its softmax, several at once by a regression each.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from tactful.facts.additive import Floats
from tactful.learn.promotion import Verdict, weigh

Labels = NDArray[np.int64]
# How far a choice may lean from the likeliest label (0) beyond making all equally common (1).
LEANINGS = np.linspace(0, 1.6, 17)
SHARPNESS = np.geomspace(0.4, 2.5, 37)


@dataclass(frozen=True, slots=True)
class Fitted:
    """weights: [columns, labels]; intercept: [labels]."""

    weights: Floats
    intercept: Floats


@dataclass(frozen=True, slots=True)
class Wording:
    """How words are learned, the same for every data set. strength: inverse of the penalty; rounds: at most."""

    strength: float = 0.5
    rounds: int = 60

    def one_of(self, asked: sp.csr_array, truth: Labels, labels: int) -> Fitted:
        """truth: [texts] the place of the one label of each text; every one of `labels` must occur."""
        made = LogisticRegression(C=self.strength, tol=1e-3, max_iter=self.rounds).fit(asked, truth)
        if labels == 2:
            half = made.coef_[0] / 2
            return Fitted(np.column_stack([-half, half]), np.array([-1.0, 1.0]) * made.intercept_[0] / 2)
        return Fitted(made.coef_.T.astype(np.float64), made.intercept_.astype(np.float64))

    def several(self, asked: sp.csr_array, truth: NDArray[np.int8]) -> Fitted:
        """truth: [texts, labels], 1 where a text has a label."""
        made = [
            LogisticRegression(C=self.strength, tol=1e-2, solver="liblinear").fit(asked, column) for column in truth.T
        ]
        weights = np.column_stack([each.coef_[0] for each in made]).astype(np.float64)
        return Fitted(weights, np.array([each.intercept_[0] for each in made]))


def sharpness(chances: Floats, truth: Labels) -> float:
    """What log-odds are multiplied with, so that `chances` [texts, labels] of a model are truest in log-loss."""
    logs = np.log(np.clip(chances, 1e-12, 1))
    losses = [_loss(each * logs, truth) for each in SHARPNESS]
    return float(SHARPNESS[int(np.argmin(losses))])


def leaning(chances: Floats, truth: Labels) -> Floats:
    """What is added to log chances so that the choice has the best average recall: rare labels get their due."""
    common = np.bincount(truth, minlength=chances.shape[1]) / max(truth.size, 1)
    towards, logs = -np.log(np.clip(common, 1e-6, 1)), np.log(np.clip(chances, 1e-12, 1))
    reached = [average_recall(truth, (logs + each * towards).argmax(axis=1)) for each in LEANINGS]
    best: Floats = LEANINGS[int(np.argmax(reached))] * towards
    return best


def cuts(chances: Floats, truth: NDArray[np.int8]) -> Floats:
    """From which chance each label is given [labels], so that its F1 is best."""
    return np.array([_cut(chances[:, place], truth[:, place]) for place in range(truth.shape[1])])


def average_recall(truth: Labels, chosen: Labels) -> float:
    """The mean over labels that occur of the share of their texts that got them, 0..1. Source: SemEval-2016, task 4.

    >>> average_recall(np.array([0, 0, 1]), np.array([0, 1, 1]))
    0.75
    """
    return float(np.mean([(chosen[truth == each] == each).mean() for each in np.unique(truth)]))


def compare(truth: Labels, candidate: Labels, serving: Labels, *, groups: NDArray[np.int64]) -> Verdict:
    """Hold what was learned against what serves by the average recall of what each chose for texts unseen by both.

    serving: -1 where it says nothing. groups: texts that are the same text.
    """
    names, counts = np.unique(truth, return_counts=True)
    share = truth.size / (names.size * counts[np.searchsorted(names, truth)]) if truth.size else np.empty(0)
    gains = share * ((candidate == truth).astype(np.float64) - (serving == truth))
    return weigh(gains, groups=groups, unit="in average recall", cases="texts kept back")


def _loss(odds: Floats, truth: Labels) -> float:
    most = odds.max(axis=1)
    whole = most + np.log(np.exp(odds - most[:, None]).sum(axis=1))
    return float((whole - odds[np.arange(truth.size), truth]).mean())


def _cut(chance: Floats, truth: NDArray[np.int8]) -> float:
    order = np.argsort(-chance)
    found = np.cumsum(truth[order])
    f1 = 2 * found / (np.arange(1, truth.size + 1) + truth.sum())
    return float(chance[order[int(f1.argmax())]])
