"""When to look at somebody again if no new fact comes: silence makes moments fall due, too.

Too early costs a look, too late costs the moment; so every estimate errs on the early side.
"""

from datetime import datetime, timedelta

import polars as pl

from tactful.decide.localtime import DAY, minute_of, offset
from tactful.decide.rules import Rules
from tactful.decide.settings import EVENING_FROM, MORNING_FROM, STREAK_FROM
from tactful.facts.moments import INSTANT

# Somebody with a candidate that a cooldown or cap holds back is looked at again after this [min].
HELD_BACK = 60
# People who were not seen for this many days have no rituals and streaks to wait for.
LONG_SILENT = 14


def next_due(moments: pl.DataFrame, candidates: pl.DataFrame, at: datetime, rules: Rules) -> pl.Series:
    """The next moment something could change for each row of `moments`, at most a day away."""
    held = candidates.filter(pl.col("verdict") != 0)["row"].unique()
    rows = moments.with_row_index("row").with_columns(pl.col("row").is_in(held.implode()).alias("held"))
    starts = [
        (pl.col("morning_hour") * 60).fill_null(minute_of(rules.values[MORNING_FROM.name])),
        (pl.col("evening_hour") * 60).fill_null(minute_of(rules.values[EVENING_FROM.name])),
        pl.lit(minute_of(rules.values[STREAK_FROM.name])),
        pl.col("quiet_end"),
    ]
    active = ((pl.col("local_day") - pl.col("streak_day")).dt.total_days() < LONG_SILENT).fill_null(False)
    soon = pl.min_horizontal(_until(start) for start in starts)
    minutes = pl.min_horizontal(
        _until(pl.lit(0)),
        pl.when(active).then(soon),
        pl.when("held").then(HELD_BACK),
        # The clock changes within a day: minutes until a wall-clock time may be an hour off.
        pl.when(pl.col("zone").is_in(_changing(moments, at))).then(60),
    )
    return rows.select((pl.lit(at).cast(INSTANT) + pl.duration(minutes=minutes)).alias("next_due_at")).to_series()


def _until(minute: pl.Expr) -> pl.Expr:
    """Minutes until the local clock shows `minute`, 1..1440."""
    return (minute - pl.col("local_minute") - 1) % DAY + 1


def _changing(moments: pl.DataFrame, at: datetime) -> list[str]:
    names = moments["zone"].unique().to_list()
    return [name for name in names if offset(name, at) != offset(name, at + timedelta(days=1))]
