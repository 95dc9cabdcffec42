"""What each kind of intervention does in which circumstances, as it is believed now: one organisation's own.

What was measured counts for less as it gets older, so that nothing is believed for ever: without news every belief goes
back to where it began. Of one kind the circumstances lean on one another; all begin at the gain that was expected of
the kind before anything was learned. Sources: Raj and Kalyani 2017 (discounting); `branching` (leaning).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import polars as pl

from tactful.kernel.settings import Settings
from tactful.learn.branching import Belief, Tree
from tactful.learn.settings import HALF_LIFE_DAYS

# What is compared with: the moments that were left alone on purpose.
ALONE = ""
DAY = 86_400.0
# How far the effect of a kind may be from what was expected of it, and how far it differs with what was noticed, with
# the size of the audience, and with the part of the session [engagement, 0..1]; the same of templates of one kind.
KINDS = (0.08, 0.05, 0.03, 0.02)
TEMPLATES = (0.04, 0.03, 0.02, 0.01)
# In the same order, how far what is heard in moments left alone may be from what was foreseen.
ADRIFT = (0.05, 0.05, 0.03, 0.02)
# How much two moments of the same kind and circumstances differ, and how many moments that is worth.
NOISE, WORTH = 0.12, 10.0
# Less than this weight is nothing: after twenty half-lives.
LEAST = 1e-6

# Circumstances and arm -> the gain expected of it before anything is learned [engagement, 0..1].
Gain = Callable[[str, str], float]


class Cell(NamedTuple):
    """Sums over moments, each counting by its age: their weight, what was heard above what was foreseen, its square."""

    weight: float = 0.0
    total: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What is believed of every arm.

    effects: arm -> its tree, less the gain; alike: the tree of an arm that nothing is known of.
    """

    effects: Mapping[str, Tree]
    alike: Tree
    gain: Gain

    def of(self, context: str, arm: str) -> Belief:
        """What this arm adds to engagement (0..1) in these circumstances."""
        mean, variance = self.effects.get(arm, self.alike).of(context)
        return Belief(self.gain(context, arm) + mean, variance)

    def told(self, asked: pl.DataFrame, *, arm: str = "kind") -> pl.DataFrame:
        """`asked` (context, `arm`) with mean and spread, one standard deviation, of what each arm adds."""
        found = [self.of(*pair) for pair in asked.select("context", arm).iter_rows()]
        mean = pl.Series("mean", [each.mean for each in found], dtype=pl.Float64)
        return asked.with_columns(mean, pl.Series("spread", [each.variance**0.5 for each in found], dtype=pl.Float64))


@dataclass(frozen=True, slots=True)
class Arms:
    """What is known of every arm (a kind, or a template) as of an instant.

    half_life: after how long a moment counts half [s]; at: the instant [s since 1970]; cells: by circumstances and arm;
    steps: how far arms differ, as KINDS.

    >>> beliefs = Arms(half_life=60 * DAY).beliefs(lambda context, kind: 0.15)
    >>> told = beliefs.told(pl.DataFrame({"context": ["SUDDEN_DROP/small/start"], "kind": ["POLL"]}))
    >>> told.select(pl.col("mean", "spread").round(3)).row(0)
    (0.15, 0.101)
    """

    half_life: float
    at: float = 0.0
    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    steps: tuple[float, ...] = KINDS

    @classmethod
    def unlearned(cls, settings: Settings, *, steps: tuple[float, ...] = KINDS) -> "Arms":
        """Nothing is known yet."""
        return cls(settings[HALF_LIFE_DAYS] * DAY, steps=steps)

    def learned(self, moments: pl.DataFrame, at: float, *, arm: str = "kind") -> "Arms":
        """What is known once `moments` are, as of `at` [s since 1970], which is never earlier than before.

        moments: at (an instant), context, `arm`, acted, expected, after (engagement, 0..1); settled ones that were not
        spoiled, each given once. In which portions they come makes no difference. From a moment without `arm`, or
        whose numbers are not known, nothing is learned.
        """
        aged = 0.5 ** ((at - self.at) / self.half_life)
        cells = {key: Cell(*(aged * each for each in cell)) for key, cell in self.cells.items()}
        for key, new in self._summed(moments, at, arm):
            old = cells.get(key, Cell())
            cells[key] = Cell(old.weight + new.weight, old.total + new.total, old.squares + new.squares)
        return replace(self, at=at, cells=cells)

    def beliefs(self, gain: Gain) -> Beliefs:
        """What is believed of every arm, given the gain that was expected of it."""
        noise = self._noise()
        alone = Tree(self._measured(ALONE, noise, lambda _: 0.0), steps=ADRIFT)
        effects = {
            arm: Tree(self._measured(arm, noise, self._from(arm, alone, gain)), steps=self.steps)
            for arm in {arm for _, arm in self.cells} - {ALONE}
        }
        return Beliefs(effects, Tree({}, steps=self.steps), gain)

    def as_json(self) -> dict[str, Any]:
        """As plain numbers and names."""
        cells = [[*key, *cell] for key, cell in sorted(self.cells.items())]
        return {"half_life": self.half_life, "at": self.at, "steps": list(self.steps), "cells": cells}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Arms":
        """What `as_json` told."""
        cells = {(context, arm): Cell(*numbers) for context, arm, *numbers in told["cells"]}
        return cls(told["half_life"], told["at"], cells, tuple(told["steps"]))

    def _summed(self, moments: pl.DataFrame, at: float, arm: str) -> Iterator[tuple[tuple[str, str], Cell]]:
        name = pl.when("acted").then(pl.col(arm)).otherwise(pl.lit(ALONE)).alias("arm")
        weight = 0.5 ** ((at - pl.col("at").dt.epoch("us") / 1e6).clip(0) / self.half_life)
        rows = moments.select("context", name, weight.alias("weight"), above=pl.col("after") - pl.col("expected"))
        sums = rows.drop_nulls().group_by("context", "arm").agg(
            pl.col("weight").sum(),
            (pl.col("weight") * pl.col("above")).sum().alias("total"),
            (pl.col("weight") * pl.col("above") ** 2).sum().alias("squares"),
        )  # fmt: skip
        for context, arm_, *numbers in sums.iter_rows():
            yield (context, arm_), Cell(*numbers)

    def _noise(self) -> float:
        """Variance of one moment within its circumstances, from all of them."""
        within = sum(cell.squares - cell.total**2 / cell.weight for cell in self.cells.values() if cell.weight > 0)
        free = sum(max(cell.weight - 1, 0.0) for cell in self.cells.values())
        return (WORTH * NOISE**2 + max(within, 0.0)) / (WORTH + free)

    def _measured(self, arm: str, noise: float, taken_off: Callable[[str], float]) -> dict[str, Belief]:
        return {
            context: Belief(cell.total / cell.weight - taken_off(context), noise / cell.weight)
            for (context, name), cell in self.cells.items()
            if name == arm and cell.weight > LEAST
        }

    def _from(self, arm: str, alone: Tree, gain: Gain) -> Callable[[str], float]:
        """What would be there without any effect beyond the gain.

        What is not sure of the moments left alone is common to all arms, so it decides nothing between them.
        """
        return lambda context: alone.of(context).mean + gain(context, arm)
