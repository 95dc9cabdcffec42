"""One answer's effect on a skill and on its topic. Whole columns, a row for each key. Pure.

Numbers here are of a kind: nan is unknown, times are days since 1970, `answer` is the person's count of answers
before this one.
"""

from collections.abc import Mapping

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.remembering import memory
from tactful.facts.rounds import Columns

# What a row says before the first answer. All that is not named is unknown.
NEW_SKILL: Mapping[str, float] = dict.fromkeys(
    (
        "answers", "hits", "hits_run", "misses_run", "hits_kept", "misses_kept", "spaced", "spaced_hits",
        "spaced_run", "held_answers", "sitting_answers", "sitting_misses", "shown", "peak", "later_hits", "surprise",
    ),
    0.0,
) | {"latest": 0.7, "recent": 0.7}  # fmt: skip
NEW_TOPIC: Mapping[str, float] = {"answers": 0.0, "hits": 0.0, "recent": 0.7, "surprise": 0.0}
# How much of an old value the next answer leaves.
LATEST, RECENT, SHOWN = 0.4, 0.7, 0.85
# A share is at least so many standard deviations below what was seen, with nineteen chances of twenty.
SURE = 1.64
HALF_DAYS, HALF_ANSWERS = 30.0, 300.0


def spaced(days: Floats) -> Floats:
    """1 where so many days [days] make an answer a spaced one: long enough, or nobody knows."""
    return np.where(np.isnan(days), 1.0, (days >= memory.SPACED_DAYS) * 1.0)


def skill(row: Columns, answer: Columns) -> Columns:
    """A skill after one answer about it, all but its surprise."""
    hit, at, turn = answer["hit"], answer["at"], answer["answer"]
    days, since = at - row["last_at"], turn - row["last_answer"]
    apart = (row["answers"] > 0) * spaced(days)
    shown = towards(row["shown"], hit, SHOWN)
    return (
        _counts(row, hit, apart)
        | _kept(row, hit, days, since)
        | _paces(row, answer["pace"])
        | _strength(row, answer, days)
        | {
            "first_at": np.fmin(row["first_at"], at),
            "last_at": np.fmax(at, row["last_at"]),
            "first_answer": either(row["first_answer"], turn),
            "last_answer": turn,
            "last_hit_answer": np.where(hit > 0, turn, row["last_hit_answer"]),
            "last_miss_answer": np.where(hit > 0, row["last_miss_answer"], turn),
            "first_hit": either(row["first_hit"], hit),
            "last_hit": hit,
            "before_last_hit": row["last_hit"],
            "latest": towards(row["latest"], hit, LATEST),
            "recent": towards(row["recent"], hit, RECENT),
            "shown": shown,
            "peak": np.maximum(row["peak"], earned(shown, row["answers"] + 1)),
            "later_hits": row["later_hits"] + (row["answers"] >= 2) * hit,
            "last_spaced_hit": np.where(apart > 0, hit, row["last_spaced_hit"]),
            "last_spaced_at": np.where(apart > 0, at, row["last_spaced_at"]),
            "gap_days": np.where(apart > 0, days, row["gap_days"]),
            "gap_answers": np.where(row["answers"] > 0, since, np.nan),
            "held_answers": np.fmax(row["held_answers"], np.where(hit > 0, since, 0.0)),
        }
    )


def earned(shown: Floats, answers: Floats) -> Floats:
    """How well a skill sits at least [0..1], going by its last dozen answers; the first few prove little.

    shown: as in SKILL. answers: how many there were, 1 or more. The lower end of a share (Wald), of answers that count
    less the older they are: as many of like weight would say as much (Kish 1965). What all right answers in a row
    prove is how many they are.

    >>> earned(1 - 0.85 ** np.array([2.0, 3.0, 9.0]), np.array([2.0, 3.0, 9.0])).round(2).tolist()
    [0.51, 0.66, 0.96]
    """
    old = SHOWN**answers
    share, worth_as = shown / (1 - old), (1 - old) * (1 + SHOWN) / ((1 + old) * (1 - SHOWN))
    spread = np.sqrt(np.maximum(share * (1 - share), 0.0) / worth_as)
    return np.asarray(((share - SURE * spread) * (1 - RECENT**answers)).clip(0, 1))


def topic(row: Columns, answer: Columns) -> Columns:
    """A topic after one answer about any of its skills, all but its surprise."""
    hit = answer["hit"]
    return {
        "answers": row["answers"] + 1,
        "hits": row["hits"] + hit,
        "recent": towards(row["recent"], hit, RECENT),
        "first_hit": either(row["first_hit"], hit),
        "last_hit": hit,
        "last_answer": answer["answer"],
    }


def _counts(row: Columns, hit: Floats, apart: Floats) -> Columns:
    missed = 1 - hit
    return {
        "answers": row["answers"] + 1,
        "hits": row["hits"] + hit,
        "hits_run": (row["hits_run"] + 1) * hit,
        "misses_run": (row["misses_run"] + 1) * missed,
        "spaced": row["spaced"] + apart,
        "spaced_hits": row["spaced_hits"] + apart * hit,
        "spaced_run": np.where(apart > 0, (row["spaced_run"] + 1) * hit, row["spaced_run"]),
        "sitting_answers": np.where(apart > 0, 1, row["sitting_answers"] + 1),
        "sitting_misses": np.where(apart > 0, missed, row["sitting_misses"] + missed),
    }


def _kept(row: Columns, hit: Floats, days: Floats, since: Floats) -> Columns:
    left = worth(days, since)
    return {"hits_kept": row["hits_kept"] * left + hit, "misses_kept": row["misses_kept"] * left + 1 - hit}


def worth(days: Floats, since: Floats) -> Floats:
    """How much of an answer still counts after so many days, or answers of the person where days are unknown."""
    return np.nan_to_num(np.where(np.isnan(days), 0.5 ** (since / HALF_ANSWERS), fades(days, HALF_DAYS)), nan=1.0)


def _paces(row: Columns, pace: Floats) -> Columns:
    return {
        "first_pace": either(row["first_pace"], pace),
        "last_pace": either(pace, row["last_pace"]),
        "recent_pace": either(towards(row["recent_pace"], pace, 0.6), either(row["recent_pace"], pace)),
    }


def _strength(row: Columns, answer: Columns, days: Floats) -> Columns:
    stability, difficulty = memory.after(
        np.where(np.isnan(days), np.nan, row["stability"]), row["difficulty"], days, answer["rating"]
    )
    timed = ~np.isnan(answer["at"])
    return {
        "stability": np.where(timed, stability, row["stability"]),
        "difficulty": np.where(timed, difficulty, row["difficulty"]),
    }


def towards(old: Floats, new: Floats, left: float) -> Floats:
    """`old` drawn towards `new`, so that a share of `left` stays."""
    return left * old + (1 - left) * new


def fades(days: Floats, half: float) -> Floats:
    """How much is left after so many days [days]; all of it where they are unknown."""
    return np.nan_to_num(0.5 ** (np.maximum(days, 0) / half), nan=1.0)


def either(one: Floats, other: Floats) -> Floats:
    """The first where it is known, the second elsewhere."""
    return np.where(np.isnan(one), other, one)
