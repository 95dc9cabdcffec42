"""What a test says by now: in numbers over its days, in one word for each variant, and as one sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tactful.learn.experiments.ratio import ALARM, mismatch
from tactful.learn.experiments.sequence import LEAST, Compared, compared

EARLY, OPEN, BETTER, WORSE, HARM = "too_early", "open", "better", "worse", "harm"
COUNTED = ("assigned", "exposed", "settled", "answered")


@dataclass(frozen=True, slots=True)
class Side:
    """One variant over the days of its test, the control first. Sums up to each day.

    part: its share, as whole parts; assigned: people who got it; exposed: who were shown or sent it; settled: whose
    time to answer is over; answered: who took it up.
    """

    name: str
    part: int
    assigned: Sequence[int]
    exposed: Sequence[int]
    settled: Sequence[int]
    answered: Sequence[int]


def told(sides: Sequence[Side], margin: float) -> dict[str, Any]:
    """variants (each with counts, rate, difference, low, high, p, verdict), ratio, over_time, verdict and words.

    margin: how much worse (0..1) than the control is harm. Of the control, difference, low, high and p are None.
    """
    control, others = sides[0], sides[1:]
    against = {side.name: _against(control, side, len(others)) for side in others}
    rows = [_row(side, against.get(side.name), margin) for side in sides]
    ratio = {name: mismatch([row[name] for row in rows], [side.part for side in sides]) for name in COUNTED[:2]}
    verdict = _verdict(rows[1:])
    over = {name: [_at(found, day) for day in range(len(control.settled))] for name, found in against.items()}
    told = {"variants": rows, "ratio": {**ratio, "broken": min(ratio.values()) < ALARM}, "over_time": over}
    return told | {"verdict": verdict, "words": words(rows, verdict, broken=min(ratio.values()) < ALARM)}


def winner(found: Mapping[str, Any]) -> str | None:
    """The variant that surely does better, by most; None without one, or where people were lost on the way."""
    better = [row for row in found["variants"] if row["verdict"] == BETTER]
    return None if found["ratio"]["broken"] or not better else max(better, key=lambda row: row["difference"])["name"]


def harmful(found: Mapping[str, Any]) -> list[str]:
    """Variants that surely do worse than the control by more than the margin."""
    return [row["name"] for row in found["variants"] if row["verdict"] == HARM]


def words(rows: Sequence[Mapping[str, Any]], verdict: str, *, broken: bool = False) -> str:
    """The verdict as one would say it.

    >>> words([{"name": "as now", "settled": 3, "verdict": "control"}], "too_early")
    'Too early: 47 more answers of "as now" are needed before anything is said.'
    """
    if broken:
        return "Not to be trusted: not as many people saw each variant as should have. Find out why first."
    if verdict == EARLY:
        lacking = [
            f'{LEAST - row["settled"]} more answers of "{row["name"]}"' for row in rows if row["settled"] < LEAST
        ]
        return f"Too early: {' and '.join(lacking)} are needed before anything is said."
    if verdict == OPEN:
        return "Open: no variant is surely better or worse than the control yet."
    row = next(row for row in rows if row["verdict"] == verdict)
    many = f"{100 * row['low']:+.1f} to {100 * row['high']:+.1f} points in a hundred"
    said = {BETTER: "surely does better than", WORSE: "surely does worse than", HARM: "does harm beside"}[verdict]
    return f'"{row["name"]}" {said} the control: {many}.'


def _verdict(rows: Sequence[Mapping[str, Any]]) -> str:
    """The first of these that any variant is; too early only where every one of them is."""
    return next(each for each in (HARM, BETTER, WORSE, OPEN, EARLY) if any(row["verdict"] == each for row in rows))


def _against(control: Side, side: Side, ways: int) -> Compared:
    mine, theirs = ((np.array(each.settled), np.array(each.answered)) for each in (side, control))
    return compared(*mine, *theirs, ways=ways)


def _at(found: Compared, day: int) -> dict[str, float | None]:
    names = {"difference": found.value, "low": found.low, "high": found.high}
    return {name: None if np.isnan(each[day]) else float(each[day]) for name, each in names.items()}


def _row(side: Side, found: Compared | None, margin: float) -> dict[str, Any]:
    counts = {name: (list(getattr(side, name)) or [0])[-1] for name in COUNTED}
    rate = counts["answered"] / counts["settled"] if counts["settled"] else None
    row: dict[str, Any] = {"name": side.name, "part": side.part, **counts, "rate": rate}
    row |= dict.fromkeys(("difference", "low", "high", "p"))
    if found is None:
        return row | {"verdict": "control"}
    if not side.settled or np.isnan(found.value[-1]):
        return row | {"verdict": EARLY}
    row |= _at(found, -1) | {"p": float(np.nanmin(found.p))}
    return row | {"verdict": _word(row["low"], row["high"], margin)}


def _word(low: float, high: float, margin: float) -> str:
    if high < -margin:
        return HARM
    return BETTER if low > 0 else WORSE if high < 0 else OPEN
