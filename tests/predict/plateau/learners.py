"""Made-up learners of whom it is known when they were stuck: six ways of getting on, and the same ones every time."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from tactful.facts.additive import Floats
from tactful.facts.curves import ATTEMPT
from tactful.kernel.chance import mix

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
TODAY = AT.date()
# Days that are told before and after the question.
BEFORE, AFTER = 30, 14
WAYS = ("steady", "slow", "mastered", "plateau", "flat", "jump", "resumed")


def draws(size: int, number: int, seed: int) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(mix(np.arange(size, dtype=np.uint64), seed), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def learners(size: int, seed: int = 20260315) -> pl.DataFrame:
    """Every attempt of `size` people at one skill each, in order of time: ATTEMPT with `mastery`, the true one.

    What a score is the mean of (one answer or five) and how often they try differs from person to person.
    """
    started = (BEFORE * (0.25 + 0.75 * draws(size, 1, seed))).astype(np.int64)
    pace = np.array([0.7, 1.5, 3.0])[(3 * draws(size, 2, seed)).astype(np.int64)]
    days = np.arange(-BEFORE, AFTER + 1)
    count = np.floor(pace[:, None] + draws(size * days.size, 3, seed).reshape(size, -1)).astype(np.int64)
    count[days[None, :] < -started[:, None]] = 0
    person, day = (np.repeat(each.ravel(), count.ravel()) for each in np.meshgrid(np.arange(size), days, indexing="ij"))
    since = (day + started[person]) / started[person]
    mastery = Courses(size, seed)(person, since)
    answers = np.where(draws(size, 4, seed) < 0.3, 1, 5)[person]
    right = (draws(person.size * 5, 5, seed).reshape(-1, 5) < mastery[:, None]) & (np.arange(5) < answers[:, None])
    score = right.sum(axis=1) / answers
    frame = pl.DataFrame({"person_id": person, "day": day, "score": score, "mastery": mastery})
    told = frame.with_columns(
        pl.lit("derivatives").alias("skill_id"), pl.lit("Calculus").alias("topic"), pl.lit(1).alias("organisation_id"),
        (pl.lit(TODAY) + pl.duration(days=pl.col("day"))).cast(pl.Date).alias("day"),
    )  # fmt: skip
    return told.select(*(pl.col(name).cast(kind) for name, kind in ATTEMPT.items()), "mastery")


class Courses:
    """True mastery of each of `size` people over time; 0 is when they began, 1 is the question."""

    def __init__(self, size: int, seed: int) -> None:
        self.way = (len(WAYS) * draws(size, 6, seed)).astype(np.int64)
        self.low = 0.1 + 0.35 * draws(size, 7, seed)
        self.far = draws(size, 8, seed)
        self.bend = 0.2 + 0.6 * draws(size, 9, seed)

    def __call__(self, person: "np.ndarray[tuple[int], np.dtype[np.int64]]", since: Floats) -> Floats:
        """Mastery of `person` at `since`, aligned."""
        low, far, bend = (each[person] for each in (self.low, self.far, self.bend))
        up = np.minimum(since / bend, 1)
        ways: list[Floats] = [
            low + (0.75 + 0.15 * far - low) * since,
            low + (0.15 + 0.15 * far) * since,
            low + (0.95 - low) * up,
            low + (0.1 + 0.3 * far) * up,
            low + 0.3 * far,
            low + np.where(since > 0.5 + bend / 2, 0.3 + 0.2 * far, 0.0),
            low + np.maximum(since - bend, 0) * (0.6 + 0.6 * far),
        ]
        return np.choose(self.way[person], ways).clip(0, 0.95)


def truly_stuck(log: pl.DataFrame, *, on: date = TODAY) -> pl.DataFrame:
    """person_id, mastery and `stuck` of everybody who has tried by `on`.

    Stuck: ten attempts and more, mastery below .85, and less than .05 more of it than ten attempts and five days ago.
    """
    known = log.filter(pl.col("day") <= on).with_columns(left=pl.int_range(pl.len(), 0, -1).over("person_id"))
    old = (pl.col("left") > 10) & (pl.col("day") <= pl.col("day").last() - timedelta(days=5))
    then = pl.when(old.any()).then(pl.col("mastery").filter(old).last())
    return known.group_by("person_id", maintain_order=True).agg(
        mastery=pl.col("mastery").last(),
        stuck=((pl.col("mastery").last() < 0.85) & (pl.col("mastery").last() - then < 0.05)).fill_null(value=False),
    )
