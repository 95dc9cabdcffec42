"""Made-up tests of two variants, looked at every day as an impatient person would: `tactful simulate experiment`.

People come by one at a time and get their variant as they would in the product; what is found is found by the code that
judges tests there. Only whether somebody takes up what they are told is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tactful.facts.additive import Floats
from tactful.kernel.errors import BadInput
from tactful.lab.simulate.luck import Luck
from tactful.learn.experiments.assigning import assigned
from tactful.learn.experiments.sequence import LEAST, Compared, Counts, compared
from tactful.learn.shares import SURE, Tally, share


@dataclass(frozen=True, slots=True)
class Wanted:
    """A test to make up. rate: how often (0..1) the control is taken up; effect: how much more often the variant.

    people: who come by each day, half of whom get either; runs: how many tests.
    """

    effect: float
    people: int
    days: int
    rate: float = 0.2
    runs: int = 1000
    seed: int = 1


def experiment(wanted: Wanted) -> dict[str, Any]:
    """How many tests would on any of their days have said better or worse, and how many intervals held the truth.

    usual: what tests for one fixed day would have said, looked at every day as well. days_until: median day of the
    first verdict. The same numbers give the same answer. raises: BadInput where the variant could not be taken up so.
    """
    if not 0 <= wanted.rate + wanted.effect <= 1:
        raise BadInput("rate and effect together must be from 0 to 1.", fields=["effect"])
    tries, hits = _counted(wanted)
    found = compared(tries[1], hits[1], tries[0], hits[0])
    better, worse = found.low > 0, found.high < 0
    held = ~((found.low > wanted.effect) | (found.high < wanted.effect)).any(axis=1)
    low, high = _usual(tries, hits)
    told = {"simulate": "experiment", "rate": wanted.rate, "effect": wanted.effect, "people": wanted.people}
    return told | {
        "days": wanted.days,
        "runs": wanted.runs,
        "seed": wanted.seed,
        "better": _share(better.any(axis=1)),
        "worse": _share(worse.any(axis=1)),
        "said_wrongly": _share(_wrong(better, worse, wanted.effect)),
        "hold_truth_every_day": _share(held),
        "usual_said_wrongly": _share(_wrong(low > 0, high < 0, wanted.effect)),
        "days_until": _median(better | worse),
        "width": _width(found),
    }


def words(told: dict[str, Any]) -> Iterator[str]:
    """The same in words, line by line."""
    size = f"{told['runs']:,} tests of {told['people']:,} people a day for {told['days']} days"
    yield f"{size}; {told['rate']:.1%} take up the control, {told['rate'] + told['effect']:.1%} the variant"
    yield "\nLooked at every day, on any of them:"
    for name, said in (
        ("better", "said to be better"),
        ("worse", "said to be worse"),
        ("said_wrongly", "said wrongly"),
    ):
        yield f"  {said:<20} {_percent(told[name])}"
    yield f"  {'truth inside':<20} {_percent(told['hold_truth_every_day'])}"
    if told["days_until"] is not None:
        yield f"  First said on day {told['days_until']:.0f} in the middle of those that said anything."
    yield f"\nTests made for one fixed day would have said wrongly: {_percent(told['usual_said_wrongly'])}"


def _counted(wanted: Wanted) -> tuple[Counts, Counts]:
    """People who settled and who took it up, by variant, test and day: sums up to each day."""
    many = wanted.people * wanted.days
    given = np.array(assigned([0, 0], [1, 1], many, seed=wanted.seed)).reshape(wanted.days, wanted.people)
    each = np.stack([(given == variant).sum(axis=1) for variant in (0, 1)])
    luck = Luck.of(wanted.seed, 0, wanted.runs)
    took = np.zeros((2, wanted.runs, wanted.days), dtype=np.int64)
    for day in range(wanted.days):
        for place, variant in enumerate(given[day]):
            took[variant, :, day] += luck.uniform(day, place) < wanted.rate + wanted.effect * variant
    tries = np.broadcast_to(each[:, None, :].cumsum(axis=2), took.shape)
    return tries, took.cumsum(axis=2)


def _usual(tries: Counts, hits: Counts) -> tuple[Floats, Floats]:
    """The usual 95 % interval of a difference of shares, at each day on which ours says something, too."""
    shares = hits / tries
    half = SURE * np.sqrt((shares * (1 - shares) / tries).sum(axis=0))
    value = shares[1] - shares[0]
    early = tries.min(axis=0) < LEAST
    return np.where(early, -np.inf, value - half), np.where(early, np.inf, value + half)


def _wrong(better: Any, worse: Any, effect: float) -> Any:
    """Tests that ever said something that is not so."""
    return ((better & (effect <= 0)) | (worse & (effect >= 0))).any(axis=1)


def _share(said: Any) -> dict[str, Any]:
    hits, tries = int(said.sum()), int(said.size)
    return share(Tally(tries, tries, hits, hits, tries, hits))


def _median(said: Any) -> float | None:
    days = np.argmax(said, axis=1)[said.any(axis=1)] + 1
    return float(np.median(days)) if days.size else None


def _width(found: Compared) -> float | None:
    """How wide the interval is on the last day, in the middle of all tests; None where too few people were known."""
    last = (found.high - found.low)[:, -1]
    return None if np.isnan(last).any() else float(np.median(last))


def _percent(told: dict[str, Any]) -> str:
    return f"{told['value']:.1%} ({told['low']:.1%} to {told['high']:.1%})"
