"""What an event says in numbers: over its `kind` and `properties` in SQL, and over columns in Python.

SQL serves where the past is rebuilt from events, Python where they are counted as they arrive; a
test holds both to each other. The rules are fixed, not settings: state that was counted under
another rule would no longer follow from the events.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

# Silence that ends a session.
SESSION_SILENCE = timedelta(minutes=30)
SESSION_GAP = f"interval '{SESSION_SILENCE.total_seconds():.0f} seconds'"

# A finished lesson: by its kind, unless the property `completed` says otherwise.
COMPLETED = """CASE jsonb_typeof(properties->'completed') WHEN 'boolean' THEN (properties->'completed')::boolean
     ELSE right(kind, 9) = 'completed' OR right(kind, 10) = 'completion' END"""

# 0..1: the property `score`, else `correct` as 1 or 0; null where neither says.
SCORE = """CASE WHEN jsonb_typeof(properties->'score') = 'number'
          AND (properties->'score')::numeric BETWEEN 0 AND 1 THEN (properties->'score')::double precision
     WHEN jsonb_typeof(properties->'correct') = 'boolean' THEN (properties->'correct')::boolean::int::double precision
     END"""

# -1..1
SENTIMENT = """CASE WHEN jsonb_typeof(properties->'sentiment') = 'number'
          AND (properties->'sentiment')::numeric BETWEEN -1 AND 1
     THEN (properties->'sentiment')::double precision END"""

# Time spent [s], at most a day.
SECONDS = """CASE WHEN jsonb_typeof(properties->'seconds') = 'number'
          AND (properties->'seconds')::numeric BETWEEN 0 AND 86400
     THEN (properties->'seconds')::double precision END"""

COMPLETION_ENDINGS = ("completed", "completion")
NUMBERS = (int, float)


Properties = Sequence[Mapping[str, Any]]


def measures(kinds: Sequence[str], properties: Properties) -> dict[str, list[Any]]:
    """The same in Python, for many events at once, as columns: whether each completed something, then
    score (0..1), sentiment (-1..1) and seconds (0..86,400), None where it says nothing.

    >>> measures(["answer"], [{"correct": True, "seconds": 12}])
    {'completed': [False], 'score': [1.0], 'sentiment': [None], 'seconds': [12.0]}
    """
    return {
        "completed": [
            said if isinstance(said, bool) else kind.endswith(COMPLETION_ENDINGS)
            for kind, said in zip(kinds, _values(properties, "completed"), strict=True)
        ],
        "score": _scores(properties),
        "sentiment": _numbers(properties, "sentiment", -1, 1),
        "seconds": _numbers(properties, "seconds", 0, 86_400),
    }


def _scores(properties: Properties) -> list[float | None]:
    scores = _numbers(properties, "score", 0, 1)
    if not any("correct" in said for said in properties):
        return scores
    marks = _values(properties, "correct")
    return [
        float(mark) if score is None and isinstance(mark, bool) else score
        for score, mark in zip(scores, marks, strict=True)
    ]


def _values(properties: Properties, name: str) -> list[Any]:
    return [said.get(name) for said in properties]


def _numbers(properties: Properties, name: str, low: float, high: float) -> list[float | None]:
    # No number is of the type bool, though every bool counts as one.
    return [
        float(value) if type(value) in NUMBERS and low <= value <= high else None for value in _values(properties, name)
    ]
