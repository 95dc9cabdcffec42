"""How somebody does on a skill, attempt by attempt, in at most 32 points however long they have been at it.

A point holds the same number of attempts as every other: one at first, and twice as many each time 32 points are
full, when neighbours become one. So the curve depends on the attempts and their order alone, not on how many came at
once, and a new attempt touches the last point only.
"""

from typing import Any

import ibis
import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray
from polars._typing import PolarsDataType

POINTS = 32

SKILL_CURVE = {
    "person_id": "int64",
    "skill_id": "string",
    "organisation_id": "int64",
    "topic": "string",
    "attempts": "int32",
    "score_sum": "float64",
    "first_day": "date",
    "last_day": "date",
    "sums": "array<float64>",
    "days": "array<int32>",
}

skill_curve = ibis.table(SKILL_CURVE, name="skill_curve")

CURVE: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    "organisation_id": pl.Int64,
    # what the skill was last said to belong to; null where nobody said
    "topic": pl.String,
    # scored attempts, and the sum of their scores (each 0..1)
    "attempts": pl.Int32,
    "score_sum": pl.Float64,
    # the person's own days of the first and of the last attempt
    "first_day": pl.Date,
    "last_day": pl.Date,
    # of each point: the sum of its scores, and the day of its last attempt [days since 1970]
    "sums": pl.List(pl.Float64),
    "days": pl.List(pl.Int32),
}

# Scored attempts in order of time; day: the person's own.
ATTEMPT: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    "organisation_id": pl.Int64,
    "topic": pl.String,
    "day": pl.Date,
    "score": pl.Float64,
}

KEY = ("person_id", "skill_id")

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


def advance(state: pl.DataFrame, happened: pl.DataFrame) -> pl.DataFrame:
    """The curves (CURVE) of everybody in `happened` after it, in order of person and skill.

    state: CURVE as it stood; rows of others do not matter. happened: ATTEMPT; what comes late counts as latest.
    One attempt or a whole log: ten at once end where ten one by one do, sums but for the last rounding.

    >>> from datetime import date
    >>> one = pl.DataFrame({"person_id": [7], "skill_id": ["a"], "organisation_id": [1], "topic": [None],
    ...                     "day": [date(2026, 3, 1)], "score": [0.5]}, schema=ATTEMPT)
    >>> advance(advance(pl.DataFrame(schema=CURVE), one), one)["sums"].to_list()
    [[0.5, 0.5]]
    """
    # In numbers, not in frames: for a few people, every step on frames costs more than its work.
    known, mine, pair = _paired(state, happened)
    size = int(pair.max(initial=-1)) + 1
    stood = _ints(known["attempts"])
    before = np.zeros(size, dtype=np.int64)
    before[mine] = stood
    after = before + np.bincount(pair, minlength=size)
    scores, days = happened["score"].to_numpy(), _ints(happened["day"].cast(pl.Int32))
    fresh = (pair, before[pair] + _place(pair, size), days, scores)
    points = _folded([_unfolded(known, mine, stood), fresh], after)
    both = np.concatenate([mine, pair])
    last = _latest(np.arange(pair.size), pair, size)
    columns: dict[str, Any] = {
        **{name: happened[name].gather(last) for name in (*KEY, "organisation_id")},
        "topic": _topic(known, happened, both, size),
        "attempts": after,
        "score_sum": np.bincount(both, np.concatenate([known["score_sum"].to_numpy(), scores]), size),
        "first_day": -_latest(-np.concatenate([_ints(known["first_day"].cast(pl.Int32)), days]), both, size),
        "last_day": _latest(np.concatenate([_ints(known["last_day"].cast(pl.Int32)), days]), both, size),
        "sums": points[0],
        "days": points[1],
    }
    return pl.DataFrame([pl.Series(name, columns[name]).cast(kind) for name, kind in CURVE.items()])


def width(attempts: Numbers) -> Numbers:
    """Attempts in each point of curves with so many `attempts`: 1 up to 32 of them, 2 up to 64, 4 up to 128.

    >>> width(np.array([32, 33, 128, 129])).tolist()
    [1, 2, 4, 8]
    """
    full = (attempts + POINTS - 1) // POINTS
    # the exponent of k - 1 is how many bits it has: how often one must be doubled to reach k
    doubled: Numbers = 2 ** np.frexp(np.maximum(full - 1, 0))[1].astype(np.int64)
    return doubled


# A pair is a person and a skill of those who did something, by their number in order.


def _paired(state: pl.DataFrame, happened: pl.DataFrame) -> tuple[pl.DataFrame, Numbers, Numbers]:
    """The rows of `state` of whom something happened, the pair of each, and the pair of each of `happened`."""
    keys = pl.concat([state.select(KEY), happened.select(KEY)])
    place = _ints(keys.select(pl.struct(KEY).rank("dense")).to_series())
    there, pair = np.unique(place[state.height :], return_inverse=True)
    stands = np.isin(place[: state.height], there)
    return state.filter(pl.Series(stands)), np.searchsorted(there, place[: state.height][stands]), pair


def _place(pair: Numbers, size: int) -> Numbers:
    """How many of the same pair come before each."""
    order = np.argsort(pair, kind="stable")
    counts = np.bincount(pair, minlength=size)
    place = np.empty(pair.size, dtype=np.int64)
    place[order] = np.arange(pair.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return place


Points = tuple[Numbers, Numbers, Numbers, Floats]


def _unfolded(known: pl.DataFrame, mine: Numbers, stood: Numbers) -> Points:
    """Of each point of what stood: its pair, the number of its first attempt, its day, its sum."""
    lengths = _ints(known["sums"].list.len())
    row = np.repeat(np.arange(known.height), lengths)
    first = (np.arange(row.size) - (np.cumsum(lengths) - lengths)[row]) * width(stood)[row]
    return mine[row], first, _ints(known["days"].explode()), known["sums"].explode().to_numpy().astype(np.float64)


def _folded(parts: list[Points], after: Numbers) -> tuple[pl.Series, pl.Series]:
    """The points as lists, one for each pair: their sums and their days. after: attempts of each pair."""
    pair, number, days, sums = (np.concatenate(each) for each in zip(*parts, strict=True))
    wide = width(after)
    counts = (after + wide - 1) // wide
    ends = np.cumsum(counts)
    place = (ends - counts)[pair] + number // wide[pair]
    total = int(counts.sum())
    return (
        _lists(ends, np.bincount(place, sums, total)),
        _lists(ends, _latest(days, place, total)),
    )


def _lists(ends: Numbers, values: Numbers | Floats) -> pl.Series:
    arrow = pa.LargeListArray.from_arrays(pa.array(np.concatenate([[0], ends]), pa.int64()), pa.array(values))
    return pl.Series(arrow)


def _latest(values: Numbers, where: Numbers, size: int) -> Numbers:
    """The greatest of the values at each place."""
    latest = np.full(size, np.iinfo(np.int64).min)
    np.maximum.at(latest, where, values)
    return latest


def _topic(known: pl.DataFrame, happened: pl.DataFrame, both: Numbers, size: int) -> pl.Series:
    """The topic that was named last for each pair, null where none was."""
    topics = pl.concat([known["topic"], happened["topic"]])
    named = np.flatnonzero(topics.is_not_null().to_numpy())
    found = _latest(named, both[named], size)
    return topics.gather(pl.Series(found).set(pl.Series(found < 0), None))


def _ints(values: pl.Series) -> Numbers:
    return values.to_numpy().astype(np.int64)
