"""How the last judged risks of leaving lie: people by level and by score, as an operator may see it."""

from collections.abc import Sequence
from typing import Any

from tactful.store.steps import Say, Steps

# Bins of a tenth each; a score of 1 lies in the last.
BINS = 10
# By an index that has all of it, so that a million people are counted without looking at their rows.
RISKS = f"""
SELECT risk_level AS level, least(floor(risk_score * {BINS}), {BINS - 1})::int AS bin, count(*) AS people
  FROM dropout_risk_scores GROUP BY 1, 2 ORDER BY 1, 2
"""
# The latest of each level stands first in an index of its own.
PEOPLE = """
SELECT (SELECT count(*) FROM person_state) AS people, max(r.calculated_at) AS judged_at
  FROM unnest(%s::text[]) AS l (level) LEFT JOIN LATERAL (
       SELECT calculated_at FROM dropout_risk_scores WHERE risk_level = l.level
        ORDER BY calculated_at DESC LIMIT 1) r ON true
"""


def risks(levels: Sequence[str]) -> Steps[tuple[list[dict[str, Any]], dict[str, Any]]]:
    """Rows of level, bin (None where no score could be told) and people; and how many people there are at all (who did
    anything), and when a risk was judged last.

    levels: every level there is.
    """
    rows = yield Say(RISKS)
    (known,) = yield Say(PEOPLE, (list(levels),))
    return rows, known
