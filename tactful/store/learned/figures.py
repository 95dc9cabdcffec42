"""What came of what was done in a span of time: counted in the database, person by person, so that little leaves it.

Every figure is a set of moments (figure, part, measure, person_id, came), summed up as `learn.shares.Tally` wants it.
came: null where it cannot be known yet; such a moment counts nowhere. What moments there are is in `effects`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.practice import HORIZON_DAYS
from tactful.store.decided.plateaus import OFFER
from tactful.store.learned.effects import MOMENTS, TABLES
from tactful.store.reading import Reader, positional

# The same for every span. followed: how long a plateau or a regression is; waited: days for an attempt to come.
# nudge: the kind that comes because of the hour.
GIVEN = {
    "followed": timedelta(days=14),
    "waited": HORIZON_DAYS,
    "offer": OFFER,
    "nudge": "optimal_timing_nudge",
}

TALLIED = f"""
WITH {", ".join(TABLES)}, moments AS ({"UNION ALL".join(MOMENTS)})
SELECT figure, part, measure, count(*) AS people, sum(tries)::bigint AS tries, sum(hits)::bigint AS hits,
       sum(hits * hits)::bigint AS hits_squared, sum(tries * tries)::bigint AS tries_squared,
       sum(hits * tries)::bigint AS crossed
  FROM (SELECT figure, part, measure, person_id, count(*) AS tries, count(*) FILTER (WHERE came) AS hits
          FROM moments WHERE came IS NOT NULL GROUP BY figure, part, measure, person_id) p
 GROUP BY figure, part, measure ORDER BY figure, part, measure
"""
TALLY: dict[str, PolarsDataType] = {
    **dict.fromkeys(("figure", "part", "measure"), pl.String),
    **dict.fromkeys(("people", "tries", "hits", "hits_squared", "tries_squared", "crossed"), pl.Int64),
}

# Of whom something is believed, among those who were there.
BELIEFS = {
    "dropout": "dropout_risk_scores b WHERE b.user_id = s.person_id AND b.risk_level <> 'unknown'",
    "plateau": "skill_curve b WHERE b.person_id = s.person_id",
    "forgetting": "person_memory b WHERE b.person_id = s.person_id",
    "struggle": "practice_person b WHERE b.person_id = s.person_id",
    "timing": "user_timing_profiles b WHERE b.user_id = s.person_id AND b.confidence > 0",
    "mood_trend": "user_behavior_patterns b WHERE b.user_id = s.person_id AND b.mood IS NOT NULL",
}
ACTIVE = """
 WHERE s.organisation_id = %s AND s.first_seen_at <= %s
   AND EXISTS (SELECT FROM person_session x WHERE x.person_id = s.person_id AND x.ended_at > %s AND x.started_at <= %s)
"""
BELIEVED = ", ".join(f"count(*) FILTER (WHERE EXISTS (SELECT FROM {told})) AS {name}" for name, told in BELIEFS.items())
COVERED = f"SELECT count(*) AS active, {BELIEVED} FROM person_state s {ACTIVE}"
SURE = f"""
SELECT coalesce(u.confidence, 0)::float8 AS confidence, count(*) AS people
  FROM person_state s LEFT JOIN user_timing_profiles u ON u.user_id = s.person_id {ACTIVE} GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked: an organisation and a span of time, by what those are known who are left alone for comparison.

    winning: kinds meant to win people back; horizon: how long they have to come; held: buckets below it are left alone.
    """

    organisation: int
    since: datetime
    until: datetime
    winning: Sequence[str]
    horizon: timedelta
    held: float

    @property
    def active(self) -> list[Any]:
        """What ACTIVE asks for."""
        return [self.organisation, self.until, self.since, self.until]


def tallied(reader: Reader, span: Span) -> pl.DataFrame:
    """TALLY: every figure of the span."""
    values: Mapping[str, Any] = {**asdict(span), "winning": list(span.winning), **GIVEN}
    return reader.read(*positional(TALLIED, values), TALLY)


def covered(reader: Reader, span: Span) -> dict[str, int]:
    """How many people were there (active), and of how many of them each capability believes something."""
    schema = dict.fromkeys(("active", *BELIEFS), pl.Int64)
    row = reader.read(COVERED, span.active, schema).to_dicts()[0]
    return {name: int(row[name]) for name in schema}


def sure_of_hours(reader: Reader, span: Span) -> dict[float, int]:
    """Of the people who were there, how many there are of each confidence in their hours."""
    rows = reader.read(SURE, span.active, {"confidence": pl.Float64, "people": pl.Int64})
    return dict(rows.iter_rows())
