"""The columns of practice: attempts, questions, the state between them, and how it stood when something was asked."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import polars as pl
from polars._typing import PolarsDataType

Columns = dict[str, PolarsDataType]

INSTANT = pl.Datetime("us", "UTC")

# skills: what the content builds on, in any order. at: when it is asked; null where only the order is known.
# difficulty: as rated, 0 easy to 1 hard; null where nobody did. May be added: similar, a list of skills and content
# that are alike; basics, a list of skills that come before these.
QUESTION: Columns = {
    "person_id": pl.Int64,
    "content_id": pl.String,
    "skills": pl.List(pl.String),
    "at": INSTANT,
    "difficulty": pl.Float64,
}
# success: 0..1. May be added: asked_at, when it was asked, where that was earlier than `at`, when it was done.
ATTEMPT: Columns = {**QUESTION, "success": pl.Float64}

# The skill_id of what all content of an organisation has in common.
EVERYTHING = ""
# Between the skills of a set, which is a row of its own wherever content needs several. No name has it.
AND = "\x1f"
# Names of sets beyond this are not spelt out [characters]: whoever keeps them keeps them in an index.
LONGEST = 255
# From this success on [0..1] an attempt went well; below it somebody struggled.
WELL = 0.5
# How long a question about an attempt waits for it [days].
HORIZON_DAYS = 7

# level: log-odds of success, against what the other parts say; doubt: their variance.
# surprise: success minus what was expected, of late. recent, weight: fading sums of successes and of attempts.
# streak: successes in a row, or failures below zero. number: the person's attempt at which it was last.
_COUNTED: Columns = {"attempts": pl.Int32, "successes": pl.Float64, "level": pl.Float64, "doubt": pl.Float64}
_LATE: Columns = {"recent": pl.Float64, "weight": pl.Float64, "surprise": pl.Float64, "streak": pl.Int32}

PERSON: Columns = {
    "person_id": pl.Int64,
    **_COUNTED,
    **_LATE,
    "surprise_long": pl.Float64,
    # sets of skills met so far; attempts in a row at the one met last
    "topics": pl.Int32,
    "topic": pl.String,
    "run": pl.Int32,
    # Half an hour without an attempt ends a sitting. load: attempts that fade by the hour.
    "sitting_at": INSTANT,
    "sitting": pl.Int32,
    "load": pl.Float64,
    "last_at": INSTANT,
}
PERSON_SKILL: Columns = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    **_COUNTED,
    **_LATE,
    "number": pl.Int32,
    "last_at": INSTANT,
}
PERSON_CONTENT: Columns = {
    "person_id": pl.Int64,
    "content_id": pl.String,
    **_COUNTED,
    "recent": pl.Float64,
    "weight": pl.Float64,
    "last_success": pl.Float64,
    "number": pl.Int32,
    "last_at": INSTANT,
}
SKILL: Columns = {"skill_id": pl.String, **_COUNTED}
CONTENT: Columns = {"content_id": pl.String, **_COUNTED}

# How things stood when it was asked; null is unknown. Seconds are since then.
ASKED: Columns = {
    "person_id": pl.Int64,
    "content_id": pl.String,
    # parts of the log-odds of success: of content and skills for everybody, then of this person
    "ease": pl.Float64,
    "person_level": pl.Float64,
    "skill_level": pl.Float64,
    "content_level": pl.Float64,
    # of the content and its skills: attempts and successes by anybody, doubts, skills it needs, rating
    "content_attempts": pl.Int32,
    "content_successes": pl.Float64,
    "content_doubt": pl.Float64,
    "skill_ease": pl.Float64,
    "skill_ease_doubt": pl.Float64,
    "skills": pl.Int32,
    "difficulty": pl.Float64,
    # of the person
    "attempts": pl.Int32,
    "successes": pl.Float64,
    "recent": pl.Float64,
    "weight": pl.Float64,
    "surprise": pl.Float64,
    "surprise_long": pl.Float64,
    "streak": pl.Int32,
    "topics": pl.Int32,
    "run": pl.Int32,
    # of the person at the set of skills
    "skill_attempts": pl.Int32,
    "skill_successes": pl.Float64,
    "skill_recent": pl.Float64,
    "skill_weight": pl.Float64,
    "skill_surprise": pl.Float64,
    "skill_streak": pl.Int32,
    "skill_lag": pl.Int32,
    # of the person at each skill alone: means, and the weakest
    "mastery_recent": pl.Float64,
    "mastery_weight": pl.Float64,
    "mastery_attempts": pl.Float64,
    "mastery_successes": pl.Float64,
    "least_level": pl.Float64,
    "least_attempts": pl.Int32,
    "least_share": pl.Float64,
    # of the person at what is similar: null unless something was named
    "similar_attempts": pl.Int32,
    "similar_successes": pl.Float64,
    # of the person at what comes before the skills: means of those that were practised, null where none was
    "basics_attempts": pl.Float64,
    "basics_successes": pl.Float64,
    "basics_recent": pl.Float64,
    "basics_weight": pl.Float64,
    # of the person at this very content
    "tries": pl.Int32,
    "tries_successes": pl.Float64,
    "tries_recent": pl.Float64,
    "tries_weight": pl.Float64,
    "last_try": pl.Float64,
    "tries_lag": pl.Int32,
    # seconds, and attempts of this sitting
    "since_last": pl.Float64,
    "since_skill": pl.Float64,
    "since_content": pl.Float64,
    "sitting_seconds": pl.Float64,
    "sitting": pl.Int32,
    "load": pl.Float64,
}


class Practice(NamedTuple):
    """The state, a frame for each table; columns as named above. Rows that are not there are as good as new."""

    person: pl.DataFrame
    person_skill: pl.DataFrame
    person_content: pl.DataFrame
    skill: pl.DataFrame
    content: pl.DataFrame


SCHEMAS: dict[str, Columns] = {
    "person": PERSON,
    "person_skill": PERSON_SKILL,
    "person_content": PERSON_CONTENT,
    "skill": SKILL,
    "content": CONTENT,
}


def together(skills: Sequence[str]) -> str:
    """The skill_id of a set of several skills.

    >>> together(["add", "carry"]) == "add\\x1fcarry", len(together(["x" * 255, "y" * 255]))
    (True, 65)
    """
    name = AND.join(skills)
    return name if len(name) <= LONGEST else AND + sha256(name.encode()).hexdigest()


def nothing() -> Practice:
    """The state before the first attempt of anybody."""
    return Practice(*(pl.DataFrame(schema=columns) for columns in SCHEMAS.values()))
