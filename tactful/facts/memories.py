"""What is kept of answers so that forgetting can be told: of each person's skills, topics and form.

A skill is what is remembered or forgotten; a topic a group of skills. One row each, brought up to date with every
answer and never longer: no history is read. Times may be unknown (null); answers are counted then. An answer is
*spaced* when it comes at least half a day after the last one about the skill, or at a time nobody knows.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.moments import INSTANT

_IBIS: Mapping[PolarsDataType, str] = {
    pl.Int32: "int32",
    pl.Int64: "int64",
    pl.Float64: "float64",
    pl.String: "string",
    INSTANT: "timestamp('UTC', 6)",
}

# A row for each person and skill.
SKILL: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    # the topic it belongs to, as the last answer said; null where there is none
    "topic_id": pl.String,
    "first_at": INSTANT,
    "last_at": INSTANT,
    # how many answers, and right ones; the person's own count of answers at the first and at the last of these
    "answers": pl.Int32,
    "hits": pl.Int32,
    "first_answer": pl.Int64,
    "last_answer": pl.Int64,
    # and at the last right and the last wrong one
    "last_hit_answer": pl.Int64,
    "last_miss_answer": pl.Int64,
    # 0 or 1: the first answer, the last, the one before it
    "first_hit": pl.Float64,
    "last_hit": pl.Float64,
    "before_last_hit": pl.Float64,
    # right, and wrong, answers in a row
    "hits_run": pl.Int32,
    "misses_run": pl.Int32,
    # share of right answers of late, 0..1: mostly the last two, mostly the last four
    "latest": pl.Float64,
    "recent": pl.Float64,
    # right and wrong answers, each worth half after 30 days (300 answers of the person where times are unknown)
    "hits_kept": pl.Float64,
    "misses_kept": pl.Float64,
    # spaced answers: how many, how many right, right in a row, the last one
    "spaced": pl.Int32,
    "spaced_hits": pl.Int32,
    "spaced_run": pl.Int32,
    "last_spaced_hit": pl.Float64,
    "last_spaced_at": INSTANT,
    # what lay before the last spaced answer [days], [answers]; the longest after which the answer was right
    "gap_days": pl.Float64,
    "gap_answers": pl.Float64,
    "held_answers": pl.Float64,
    # answers and wrong ones since the last spaced one, with it
    "sitting_answers": pl.Int32,
    "sitting_misses": pl.Int32,
    # logarithm of the seconds that answers took: the first, the last, of late
    "first_pace": pl.Float64,
    "last_pace": pl.Float64,
    "recent_pace": pl.Float64,
    # FSRS: days until recall falls to 90 %; 1 (easy) to 10
    "stability": pl.Float64,
    "difficulty": pl.Float64,
    # right answers among mostly the last dozen, those that were never given counted as wrong: 0..1
    "shown": pl.Float64,
    # how well it sat at its best, as far as answers proved it: the highest that `steps.earned` ever was
    "peak": pl.Float64,
    # right answers from the third on; right ones more than were expected
    "later_hits": pl.Int32,
    "surprise": pl.Float64,
}

# A row for each person and topic.
TOPIC: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "topic_id": pl.String,
    "answers": pl.Int32,
    "hits": pl.Int32,
    "recent": pl.Float64,
    "first_hit": pl.Float64,
    "last_hit": pl.Float64,
    "last_answer": pl.Int64,
    "surprise": pl.Float64,
}

# A row for each person.
FORM: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "last_at": INSTANT,
    "answers": pl.Int64,
    "hits": pl.Int64,
    "last_hit": pl.Float64,
    "hits_run": pl.Int32,
    # the last 20 answers, a bit for each, the last one lowest: 1 is right
    "last_20": pl.Int32,
    # share of right ones among spaced and first answers, 0..1; half of the weight lies on the last so many
    "hits_5": pl.Float64,
    "hits_20": pl.Float64,
    "hits_100": pl.Float64,
    # right ones and all of late: of first answers, of those after a right one, of those after a wrong one
    "fresh_hits": pl.Float64,
    "fresh": pl.Float64,
    "held_hits": pl.Float64,
    "held": pl.Float64,
    "regained_hits": pl.Float64,
    "regained": pl.Float64,
    # skills new to them, each worth half after 3 days, or after 50 answers
    "new_by_days": pl.Float64,
    "new_by_answers": pl.Float64,
    # the sitting: when it began, days without answers before it, its answers, spaced ones, and right ones of those
    "sitting_at": INSTANT,
    "away_days": pl.Float64,
    "sitting_answers": pl.Int32,
    "sitting_spaced": pl.Int32,
    "sitting_hits": pl.Int32,
    # logarithm of the seconds that their answers take
    "pace": pl.Float64,
    # how their memories differ from FSRS as published (facts.remembering.own): logarithms of how many times as long
    # they last and as steeply they fade, each with its variance
    "memory_scale": pl.Float64,
    "memory_scale_doubt": pl.Float64,
    "memory_steepness": pl.Float64,
    "memory_steepness_doubt": pl.Float64,
}

# One answer. at: null where unknown. hit: 0 or 1. rating: 1 (missed) to 4 (easy), null where only hit is known.
ANSWER: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    "topic_id": pl.String,
    "at": INSTANT,
    "hit": pl.Float64,
    "rating": pl.Float64,
    "seconds": pl.Float64,
}

TEXT = ("skill_id", "topic_id")
_TABLES = {"skill": SKILL, "topic": TOPIC, "form": FORM}

# The three rows that stand behind one question, side by side: `skill_answers`, `form_answers` and so on.
STOOD: dict[str, PolarsDataType] = {
    f"{table}_{name}": kind
    for table, columns in _TABLES.items()
    for name, kind in columns.items()
    if name not in ("person_id", *TEXT)
}

# What others answered about a skill, and about its topic: how many answers, how many right ones more than expected,
# how many of them began the skill (the topic) and how many of those were right; the same from the third answer on.
OTHERS: dict[str, PolarsDataType] = {
    f"others_{name}": pl.Float64
    for name in (
        "asked", "surprise", "first", "first_hits", "later", "later_hits",
        "topic_asked", "topic_surprise", "topic_first", "topic_first_hits",
    )
}  # fmt: skip


# Sums over everybody of an organisation who answered about a skill, and about a topic; as OTHERS, with oneself.
SKILL_SUMS: dict[str, PolarsDataType] = {
    "organisation_id": pl.Int64,
    "skill_id": pl.String,
    "asked": pl.Int64,
    "surprise": pl.Float64,
    "first": pl.Int64,
    "first_hits": pl.Int64,
    "later": pl.Int64,
    "later_hits": pl.Int64,
}
TOPIC_SUMS: dict[str, PolarsDataType] = {
    "organisation_id": pl.Int64,
    "topic_id": pl.String,
    "asked": pl.Int64,
    "surprise": pl.Float64,
    "first": pl.Int64,
    "first_hits": pl.Int64,
}


def _table(name: str, columns: Mapping[str, PolarsDataType]) -> Any:
    """As Ibis sees it. The store adds whose organisation a row is."""
    return ibis.table({"organisation_id": "int64"} | {each: _IBIS[kind] for each, kind in columns.items()}, name=name)


skill_sums = _table("skill_sums", SKILL_SUMS)
topic_sums = _table("topic_sums", TOPIC_SUMS)
person_memory = _table("person_memory", SKILL)
person_topic = _table("person_topic", TOPIC)
person_form = _table("person_form", FORM)


def empty(columns: Mapping[str, PolarsDataType]) -> pl.DataFrame:
    """A table of these columns without a row."""
    return pl.DataFrame(schema=dict(columns))
