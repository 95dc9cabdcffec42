"""What somebody left unanswered rests longer before it comes again: twice as long each time, by default."""

import polars as pl

from tactful.decide.guardrails.base import DAY, Bounds, Rail

# Nothing is held against anybody for longer [s].
LONGEST = 60 * DAY * 60.0
# Beyond this it makes no difference.
MANY = 10


def rest(factor: float) -> pl.Expr:
    """How long this kind rests for each candidate [s]: its cooldown, `factor` times as long for each one ignored."""
    many = pl.col("ignored_of_kind").fill_null(0).clip(0, MANY)
    return pl.min_horizontal(pl.col("cooldown") * pl.lit(factor).pow(many), pl.max_horizontal("cooldown", LONGEST))


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid while the kind rests for who took up none of the last ones; whoever took one up starts anew."""
    resting = pl.col("last_of_kind") + rest(bounds.quieter) > bounds.at.timestamp()
    return (pl.col("ignored_of_kind") > 0) & resting


def ends(bounds: Bounds) -> pl.Expr:
    """Seconds until the kind has rested."""
    return pl.col("last_of_kind") + rest(bounds.quieter) - bounds.at.timestamp()


def recovered(bounds: Bounds) -> pl.Expr:
    """What another one of the kind is worth, 0..1 of the first: less right after one that was ignored, more each day.

    Half when the kind has rested for once, three quarters after twice as long, and so on.
    """
    since = bounds.at.timestamp() - pl.col("last_of_kind")
    halves = since.clip(0) / rest(bounds.quieter).clip(1)
    return pl.when(pl.col("ignored_of_kind") > 0).then(1 - pl.lit(0.5).pow(halves)).otherwise(1.0).fill_null(1.0)


RAIL = Rail(
    "ignored",
    forbids,
    "They left the last one of this kind unanswered, so the next one waits longer.",
    "They take one of this kind up, or it has rested long enough.",
    ends=ends,
    spent=True,
)
