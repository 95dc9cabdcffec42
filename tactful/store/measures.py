"""What an event says in numbers: over its `kind` and `properties` in SQL, and over one event in Python.

SQL serves where the past is rebuilt from events, Python where they are counted as they arrive; a
test holds both to each other. The rules are fixed, not settings: state that was counted under
another rule would no longer follow from the events.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

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


class Measures(NamedTuple):
    """What one event says. score in 0..1, sentiment in -1..1, seconds in 0..86,400; None where it says nothing."""

    completed: bool
    score: float | None
    sentiment: float | None
    seconds: float | None


def measures(kind: str, properties: Mapping[str, Any]) -> Measures:
    """The same in Python.

    >>> measures("answer", {"correct": True, "seconds": 12})
    Measures(completed=False, score=1.0, sentiment=None, seconds=12.0)
    """
    ends = kind.endswith(COMPLETION_ENDINGS)
    if not properties:
        return Measures(ends, None, None, None)
    said = properties.get("completed")
    score, correct = _between(properties.get("score"), 0, 1), properties.get("correct")
    if score is None and isinstance(correct, bool):
        score = float(correct)
    return Measures(
        said if isinstance(said, bool) else ends,
        score,
        _between(properties.get("sentiment"), -1, 1),
        _between(properties.get("seconds"), 0, 86400),
    )


def _between(value: object, low: int, high: int) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high:
        return float(value)
    return None
