"""Made-up people whose moods have a known course: each leans to a level of their own and comes back to it by and by.

What is known of them is worked out from their messages here once more, apart from the store.
"""

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import polars as pl

from tactful.facts.sounding import AFTERWARDS, SOUNDED
from tactful.kernel.chance import mix

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
BEFORE, AFTER = 70, 50
# How much of a mood that is not their own is left after a day, and how far one day throws them.
LEFT, THROWS, MISHEARD = 0.88, 0.16, 0.1
LOG = {"person_id": pl.Int64, "at": SOUNDED["at"], "score": pl.Float64, "quality": pl.Float64}


def draws(people: int, what: int) -> np.ndarray:
    """Uniform in [0, 1), one for each person, the same every time."""
    words: np.ndarray = mix(np.arange(people, dtype=np.uint64), 7_000 + what)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def thrown(people: int, what: int) -> np.ndarray:
    """Like a normal deviate, by the sum of three."""
    told: np.ndarray = 2 * (np.sum([draws(people, 3 * what + each) for each in range(3)], axis=0) - 1.5)
    return told


@cache
def log(people: int) -> pl.DataFrame:
    """LOG: what everybody says from BEFORE days before AT until AFTER days after it, in order of time."""
    level, often = 1.2 * draws(people, 0) - 0.6, 0.2 + 0.6 * draws(people, 1)
    apart, told = 0.3 * thrown(people, 2), []
    for day in range(-BEFORE, AFTER):
        apart = LEFT * apart + THROWS * thrown(people, 1_000 + day)
        score = np.clip(level + apart + MISHEARD * thrown(people, 3_000 + day), -1, 1)
        here = np.flatnonzero(draws(people, 20_000 + day) < often)
        hours = 8 + 15 * draws(people, 30_000 + day)
        quality = np.clip(0.5 + 0.2 * thrown(people, 5_000 + day), 0, 1)
        told += [
            (int(who), AT + timedelta(days=day) - timedelta(hours=float(hours[who])), float(score[who]),
             float(quality[who]))
            for who in here
        ]  # fmt: skip
    return pl.DataFrame(told, schema=LOG, orient="row").sort("at", "person_id")


def sounded(messages: pl.DataFrame, at: datetime = AT) -> pl.DataFrame:
    """SOUNDED of everybody whose mood is known at `at`, for clocks that show UTC; every message is an activity."""
    known = messages.filter(pl.col("at") <= at).with_columns(last=pl.col("at").max().over("person_id"))
    known = known.filter(pl.col("last") > at - timedelta(days=14))
    day = (pl.col("at") - pl.col("last")).dt.total_microseconds() / 86_400e6
    lately, weight = pl.col("at") > at - timedelta(days=7), 2 ** (pl.col("day") / 3)
    recent = known.with_columns(day=day).filter(pl.col("day") > -28).group_by("person_id").tail(40)
    mood = recent.group_by("person_id").agg(mood=(pl.col("score") * weight).sum() / weight.sum())
    usual = known.filter(pl.col("at") > at - timedelta(days=56)).group_by("person_id").agg(
        last_score=pl.col("score").last(), usual=pl.col("score").mean(), spread=pl.col("score").std(),
        messages=pl.len(), messages_lately=lately.sum(), quality=pl.col("quality").mean(),
        quality_lately=pl.col("quality").filter(lately).mean(),
        days_silent=(pl.lit(at) - pl.col("last").first()).dt.total_microseconds() / 86_400e6,
        at_night=((pl.col("at").dt.hour() >= 23) | (pl.col("at").dt.hour() < 5)).mean(),
    )  # fmt: skip
    told = mood.join(_slopes(recent), on="person_id", how="left").join(usual, on="person_id")
    told = told.join(_days(known, at), on="person_id", how="left").sort("person_id")
    named = told.with_columns(organisation_id=pl.lit(1), at=pl.lit(at))
    active = pl.col("active_week", "active_month").fill_null(0)
    return named.with_columns(active).select(pl.col(name).cast(kind) for name, kind in SOUNDED.items())


def _slopes(recent: pl.DataFrame) -> pl.DataFrame:
    pairs = recent.join(recent, on="person_id", suffix="_before").filter(pl.col("day") >= pl.col("day_before") + 0.25)
    slope = ((pl.col("score") - pl.col("score_before")) / (pl.col("day") - pl.col("day_before"))).median()
    enough = recent.group_by("person_id").len().filter(pl.col("len") >= 3).select("person_id")
    return pairs.group_by("person_id").agg(mood_slope=slope).join(enough, on="person_id", how="semi")


def _days(known: pl.DataFrame, at: datetime) -> pl.DataFrame:
    last = at.date() - timedelta(days=1)
    days = known.select("person_id", day=pl.col("at").dt.date()).unique()
    days = days.filter(pl.col("day") < last, pl.col("day") >= last - timedelta(days=28))
    return days.group_by("person_id").agg(
        active_week=(pl.col("day") >= last - timedelta(days=7)).sum(), active_month=pl.len()
    )


def afterwards(messages: pl.DataFrame, at: datetime = AT, days: int = 14) -> pl.DataFrame:
    """AFTERWARDS of everybody who said something in the days after `at`."""
    later = messages.filter(pl.col("at") > at, pl.col("at") <= at + timedelta(days=days))
    told = later.group_by("person_id").agg(later_mood=pl.col("score").mean(), later_messages=pl.len())
    named = told.sort("person_id").with_columns(at=pl.lit(at))
    return named.select(pl.col(name).cast(kind) for name, kind in AFTERWARDS.items())
