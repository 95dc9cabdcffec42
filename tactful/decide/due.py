"""When to look at somebody again if no new fact comes: silence makes moments fall due, too.

Too early costs a look, too late costs the moment; so every estimate errs on the early side.
"""

from datetime import datetime, timedelta
from functools import reduce

import numpy as np
import polars as pl

from tactful.decide.guardrails.base import DAY, HOUR, Bounds, Rail, midnight, until
from tactful.decide.localtime import offset
from tactful.decide.rules import Rules
from tactful.facts.moments import INSTANT

# No look is nearer than this [s].
NEAREST = 60.0


def next_due(moments: pl.DataFrame, candidates: pl.DataFrame, at: datetime, rules: Rules) -> pl.Series:
    """The next moment something could change for each row of `moments`, at most a day away.

    That is their midnight, the opening of a trigger's window, or the end of what forbids a candidate.
    """
    bounds = rules.bounds(at)
    waits = np.full(moments.height, DAY * 60.0)
    frees = candidates.select(free(rules.rails, bounds).cast(pl.Float64).fill_null(DAY * 60.0)).to_series()
    np.minimum.at(waits, candidates["row"].to_numpy(), frees.to_numpy())
    # Minutes until a wall-clock time are right until the clock is changed; then is looked again.
    changing = pl.col("zone").replace_strict(_changing(moments, at), default=None, return_dtype=pl.Float64)
    opens = [until(each.opens, at) for each in rules.triggers if each.opens is not None]
    soonest = pl.min_horizontal(midnight(bounds), pl.lit(pl.Series(waits)), changing, *opens)
    wait = (soonest.clip(lower_bound=NEAREST) * 1e6).ceil().cast(pl.Int64)
    return moments.select((wait + bounds.micros).cast(INSTANT).alias("next_due_at")).to_series()


def free(rails: tuple[Rail, ...], bounds: Bounds) -> pl.Expr:
    """Seconds until a candidate may become allowed: all that forbids it must be over.

    Null where that takes somebody's doing. An allowed candidate that was not chosen is asked about
    again in an hour: one thing at a time.
    """
    allowed = pl.when(pl.col("verdict") == 0).then(float(HOUR))
    ends = [each.ends(bounds).cast(pl.Float64) for each in rails if each.ends]
    holding = [_holds(number) for number, each in enumerate(rails) if each.ends]
    latest = pl.max_horizontal(allowed, *(pl.when(held).then(end) for held, end in zip(holding, ends, strict=True)))
    stuck = [_holds(number) for number, each in enumerate(rails) if not each.ends]
    return pl.when(~reduce(pl.Expr.or_, stuck, pl.lit(False))).then(latest)


def _holds(number: int) -> pl.Expr:
    return (pl.col("verdict") & (1 << number)) != 0


def _changing(moments: pl.DataFrame, at: datetime) -> dict[str, float]:
    """Seconds until the clock is changed, for each zone where that is within a day."""
    names = moments["zone"].drop_nulls().unique().to_list()
    soon = at + timedelta(days=1, hours=1)
    return {name: _change(name, at, soon) for name in names if offset(name, at) != offset(name, soon)}


def _change(zone: str, at: datetime, after: datetime) -> float:
    """Seconds from `at` to the change that lies between `at` and `after`; at most one too many."""
    before, now = at, offset(zone, at)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        before, after = (middle, after) if offset(zone, middle) == now else (before, middle)
    return (after - at).total_seconds()
