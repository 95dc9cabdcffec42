"""What attempts bring to what everybody shares, as sums: whoever adds theirs need not know of others who add now.

A belief about a skill or a piece of content is kept as what it began with and two sums beside it, the certainty
that attempts have brought and what they pulled. Sums of several groups of attempts are those of all of them taken
side by side, in whatever order they come. Source: the natural parameters of a normal distribution.
"""

import polars as pl

from tactful.facts.practice.tables import Columns

# attempts, successes: how many more. started_level, started_doubt: what a new row begins with [log-odds and their
# variance]. certainty: what is added to 1 / doubt; pulled: to level / doubt.
SHARE: Columns = {
    "attempts": pl.Int64,
    "successes": pl.Float64,
    "started_level": pl.Float64,
    "started_doubt": pl.Float64,
    "pulled": pl.Float64,
    "certainty": pl.Float64,
}
# What the sums make of a row, in any SQL.
DOUBT = "1 / (1 / started_doubt + certainty)"
LEVEL = "(started_level / started_doubt + pulled) / (1 / started_doubt + certainty)"


def added(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The key and SHARE of each row. before, after: SKILL or CONTENT as `carry` answers them, row for row.

    >>> from tactful.facts.practice import SKILL
    >>> one, two = (pl.DataFrame([row], schema=SKILL, orient="row") for row in (("a", 0, 0, 0, 4), ("a", 1, 1, 1, 2)))
    >>> added(one, two).row(0)
    ('a', 1, 1.0, 0.0, 4.0, 0.5, 0.25)
    """
    frame = after.with_columns(
        pl.col("attempts") - before["attempts"],
        pl.col("successes") - before["successes"],
        started_level=before["level"],
        started_doubt=before["doubt"],
        pulled=pl.col("level") / pl.col("doubt") - before["level"] / before["doubt"],
        certainty=1 / pl.col("doubt") - 1 / before["doubt"],
    )
    return frame.select(after.columns[0], *(pl.col(name).cast(kind) for name, kind in SHARE.items()))
