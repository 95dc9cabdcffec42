"""Learning a chain: how much of what the data seem to say is believed is itself decided by people left out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.capability import Factors, learned_from
from tactful.facts.chain import UNCHANGED, UNLEARNED, Chain, Line
from tactful.facts.models import Blend, Model
from tactful.learn.boosting import Boosting
from tactful.learn.lines import Straight

FOLDS = 3
# Newton's steps; the lines below settle in five or six.
STEPS = 25


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learned from: rows about which the truth is known by now.

    given: columns of the capability's GIVEN. cold: its cold start of the same rows. truth: 0 or 1. groups: whom
    each row is about, so that nobody is both learned from and judged. weight: of each row.
    """

    given: pl.DataFrame
    cold: pl.DataFrame
    truth: Floats
    groups: NDArray[np.int64]
    weight: Floats

    def score(self) -> Floats:
        """The cold start's score of each row."""
        numbers: Floats = self.cold["score"].cast(pl.Float64).fill_null(np.nan).to_numpy()
        return numbers

    def print(self) -> str:
        """A fingerprint: equal lessons, equal print."""
        told = hashlib.sha256(self.truth.tobytes() + self.weight.tobytes())
        for column in self.given:
            told.update(column.cast(pl.Float64).fill_null(np.nan).to_numpy().tobytes())
        return told.hexdigest()[:32]

    def only(self, rows: NDArray[np.bool_]) -> "Lessons":
        """Those of `rows`."""
        mask = pl.Series(rows)
        return Lessons(
            self.given.filter(mask), self.cold.filter(mask), self.truth[rows], self.groups[rows], self.weight[rows]
        )


class Learner(Protocol):
    """What makes a model of lessons: Boosting, Straight, or what suits lessons that are few or one person's own."""

    def fit(
        self, frame: pl.DataFrame, truth: Floats, features: Sequence[str], *, weight: Floats | None = None
    ) -> Model:
        """The model of `truth` (0 or 1) given `features`, columns of `frame`."""
        ...


def lines_and_bends() -> tuple[Learner, ...]:
    """Lines, which little data can tell, and boosting, which sees bends."""
    return Straight(), Boosting()


@dataclass(frozen=True, slots=True)
class Chaining:
    """How a chain is learned.

    learners: what makes the models in it, each believed beside those before it as far as that pays. patience: groups
    with the rarer outcome at which half of the models may count. pull: people by whom each line is held to what it
    was before. trust: share of what the newest lesson corrects that is expected to last.
    """

    learners: tuple[Learner, ...] = field(default_factory=lines_and_bends)
    patience: float = 50.0
    pull: float = 10.0
    trust: float = 0.6

    def fit(self, factors: Factors, lessons: Lessons, *, prior: Chain | None = None) -> Chain:
        """The chain of what `lessons` teach, on top of `prior`. Nothing is drawn at random.

        Rows of which the cold start knows nothing teach nothing, and neither do fewer than FOLDS groups with the
        rarer outcome.
        """
        lessons = lessons.only(~np.isnan(lessons.score()))
        enough = _enough(lessons)
        if enough < FOLDS:
            return Chain(prior=prior)
        cold = self.line(lessons.score(), lessons.truth, lessons.weight, UNLEARNED)
        ground = Chain(cold=cold, prior=prior)
        below = ground.log_odds(lessons.given, lessons.score())
        models = self._models(factors, lessons)
        if not any(model.contributions(lessons.given[:1]).width for model in models):
            return ground
        shares, left_out = _blended(self._left_out(factors, lessons), lessons)
        ripe = enough / (enough + self.patience)
        share = _share(below, left_out, lessons) * ripe
        last = self.line((1 - share) * below + share * left_out, lessons.truth, lessons.weight, UNCHANGED)
        model = models[0] if len(models) == 1 else Blend(tuple(zip(shares, models, strict=True)))
        return Chain(cold=cold, model=model, share=share, last=_towards(last, ripe), prior=prior)

    def follow(self, chain: Chain, newest: Lessons) -> Chain:
        """`chain`, recalibrated by what it was wrong about in `newest`, as far as that is expected to last.

        It must not have learned from their truth. Where a base rate moves, or where `chain` was learned from
        others, the newest people whose truth is known tell most about those whose truth is not.
        """
        newest = newest.only(~np.isnan(newest.score()))
        told = chain.log_odds(newest.given, newest.score())
        line = self.line(told, newest.truth, newest.weight, UNCHANGED)
        return Chain(prior=chain, last=_towards(line, self.trust))

    def line(self, values: Floats, truth: Floats, weight: Floats, before: Line) -> Line:
        """The line through `values` whose chances fit `truth` best, held to `before`; it never falls.

        Source: Platt 1999, with a ridge.
        """
        at = np.array([before.slope, before.intercept])
        held, columns = at.copy(), np.column_stack([values, np.ones(values.size)])
        for _ in range(STEPS):
            chance = 1 / (1 + np.exp(-(columns @ at).clip(-30, 30)))
            slope = columns.T @ (weight * (truth - chance)) - self.pull * (at - held)
            bend = (columns * (weight * chance * (1 - chance))[:, None]).T @ columns + self.pull * np.eye(2)
            at = at + np.linalg.solve(bend, slope)
        return Line(max(float(at[0]), 0.0), float(at[1]))

    def _models(self, factors: Factors, lessons: Lessons) -> list[Model]:
        names = learned_from(factors)
        return [learner.fit(lessons.given, lessons.truth, names, weight=lessons.weight) for learner in self.learners]

    def _left_out(self, factors: Factors, lessons: Lessons) -> list[Floats]:
        """What models that have not seen their group say of each row [log-odds], learner by learner."""
        said = [np.empty(lessons.truth.size) for _ in self.learners]
        # Loaded only here: it takes seconds, and whoever learns nothing has no use for it.
        from sklearn.model_selection import GroupKFold

        for taught, asked in GroupKFold(FOLDS).split(lessons.groups, groups=lessons.groups):
            rows = np.zeros(lessons.truth.size, dtype=np.bool_)
            rows[taught] = True
            for told, model in zip(said, self._models(factors, lessons.only(rows)), strict=True):
                told[asked] = model.log_odds(lessons.given[asked])
        return said


def _blended(left_out: list[Floats], lessons: Lessons) -> tuple[list[float], Floats]:
    """How much of each would have been right to believe of groups it had not seen, and what they say together."""
    shares, together = [1.0], left_out[0]
    for said in left_out[1:]:
        share = _share(together, said, lessons)
        shares = [(1 - share) * each for each in shares] + [share]
        together = (1 - share) * together + share * said
    return shares, together


def _towards(line: Line, share: float) -> Line:
    """So much of the way from no change to `line`."""
    return Line(1 + share * (line.slope - 1), share * line.intercept)


def _enough(lessons: Lessons) -> int:
    """How many groups have the rarer of the two outcomes."""
    ones, zeros = lessons.groups[lessons.truth == 1], lessons.groups[lessons.truth == 0]
    return min(np.unique(ones).size, np.unique(zeros).size, np.unique(lessons.groups).size)


def _share(below: Floats, above: Floats, lessons: Lessons) -> float:
    """How much of `above` would have been right to believe of groups that it had not seen."""
    shares = np.linspace(0, 1, 21)
    losses = [_surprise((1 - share) * below + share * above, lessons) for share in shares]
    return float(shares[int(np.argmin(losses))])


def _surprise(log_odds: Floats, lessons: Lessons) -> float:
    signed = np.where(lessons.truth == 1, -log_odds, log_odds)
    return float(np.average(np.logaddexp(0, signed), weights=lessons.weight))
