"""Learning an additive model: gradient boosting in which every tree looks at one feature alone.

Features are cut into bins here, before scikit-learn sees them, so the sum of its trees is read back
through its public interface, exactly: one row for each bin tells what that bin adds. On trees that
look at several features at once nothing was gained (CH-A by course: AUC .870 either way).
Source: Lou, Caruana and Gehrke 2012; Friedman 2001.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from tactful.facts.additive import Additive, Floats, Term

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

# A bin holds at least a sixty-fourth of the people, unless many have the very same value.
BINS = 64


@dataclass(frozen=True, slots=True)
class Bins:
    """How one feature is cut: number n holds what lies above the n-th edge and up to the next."""

    feature: str
    edges: Floats

    @property
    def unknown(self) -> float:
        """The number of those about whom it is unknown. scikit-learn wants two others beside a nan."""
        return np.nan if self.edges.size else -1.0

    def of(self, frame: pl.DataFrame) -> Floats:
        """The number of each row's bin."""
        column = _column(frame, self.feature)
        return np.where(np.isnan(column), self.unknown, np.searchsorted(self.edges, column, side="left"))


@dataclass(frozen=True, slots=True)
class Boosting:
    """How an additive model is learned; the same for every question and every data set.

    rounds: trees; rate: share of each that counts; leaves: most steps a tree may have; least: people in a step;
    ridge: pull of each step towards nothing, in people.
    """

    rounds: int = 300
    rate: float = 0.05
    leaves: int = 8
    least: int = 60
    ridge: float = 5.0

    def fit(
        self,
        frame: pl.DataFrame,
        truth: Floats,
        features: Sequence[str],
        *,
        weight: Floats | None = None,
        rising: Mapping[str, int] | None = None,
    ) -> Additive:
        """The model of `truth` (0 or 1) given `features`, columns of `frame`; null is unknown.

        weight: of each row. rising: 1 where more of a feature can only mean more, -1 where only less. Features
        that are the same for everybody are left out. Nothing is drawn at random, so the same rows give the same
        model. Without both outcomes, or with too few rows for a single step, it is a constant.
        """
        weight = np.ones(truth.size) if weight is None else weight
        if truth.size < 2 * self.least:
            return Additive(_log_odds(truth, weight), ())
        bins = [cut for name in features if _tells(cut := _bins(frame, name), frame)]
        if not bins or truth.min() == truth.max():
            return Additive(_log_odds(truth, weight), ())
        codes = np.column_stack([cut.of(frame) for cut in bins])
        trees = self.trees(codes, truth, weight, [(rising or {}).get(cut.feature, 0) for cut in bins])
        return _read_back(trees, bins, codes, weight)

    def trees(
        self, codes: Floats, truth: Floats, weight: Floats, rising: Sequence[int]
    ) -> "HistGradientBoostingClassifier":
        """scikit-learn's own model of bins, a column for each feature."""
        # Loaded only here: it takes seconds, and whoever learns nothing has no use for it.
        from sklearn.ensemble import HistGradientBoostingClassifier

        trees = HistGradientBoostingClassifier(
            max_iter=self.rounds,
            learning_rate=self.rate,
            max_leaf_nodes=self.leaves,
            min_samples_leaf=self.least,
            l2_regularization=self.ridge,
            interaction_cst="no_interactions",
            monotonic_cst=list(rising),
            early_stopping=False,
            random_state=0,
        )
        # Threads that wait for each other take a hundred times as long where somebody else works on this machine.
        with threadpool_limits(1, user_api="openmp"):
            return trees.fit(codes, truth, sample_weight=weight)


def _column(frame: pl.DataFrame, name: str) -> Floats:
    column: Floats = frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return column


def _log_odds(truth: Floats, weight: Floats) -> float:
    """Of a share, half a person for each outcome added, so that it is never certain."""
    ones, zeros = float(weight[truth == 1].sum()) + 0.5, float(weight[truth != 1].sum()) + 0.5
    return float(np.log(ones / zeros))


def _bins(frame: pl.DataFrame, name: str) -> Bins:
    """Bins that end at values that occur, with as many people in each as in any other, as far as that goes."""
    column = _column(frame, name)
    known = np.sort(column[np.isfinite(column)])
    if known.size == 0:
        return Bins(name, np.empty(0))
    at = np.unique(known[np.linspace(0, known.size - 1, BINS + 1).astype(np.int64)[:-1]])
    return Bins(name, at[at < known[-1]])


def _tells(cut: Bins, frame: pl.DataFrame) -> bool:
    codes = cut.of(frame)
    return codes.size > 0 and not (np.isnan(codes).all() or (codes == codes[0]).all())


def _read_back(
    trees: "HistGradientBoostingClassifier", bins: Sequence[Bins], codes: Floats, weight: Floats
) -> Additive:
    nobody = np.array([[cut.unknown for cut in bins]])
    base = float(trees.decision_function(nobody)[0])
    whole, terms = base, []
    for place, cut in enumerate(bins):
        asked = np.repeat(nobody, cut.edges.size + 1, axis=0)
        asked[:, place] = np.arange(cut.edges.size + 1)
        adds = trees.decision_function(asked) - base
        known = np.nan_to_num(codes[:, place], nan=-1.0).astype(np.int64)
        # What the average person gets belongs to the base, so that a contribution tells how somebody differs.
        mean = float(np.average(np.where(known < 0, 0.0, adds[known]), weights=weight))
        whole += mean
        terms.append(Term(cut.feature, cut.edges, adds - mean, -mean))
    return Additive(whole, tuple(terms))
