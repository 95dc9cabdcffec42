"""Reading curves of attempts through a capability's own expression, for anybody, as far as they must be looked at."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import ibis
import polars as pl

from tactful.facts.curves import CURVE, SKILL_CURVE
from tactful.store.decided.features import EASTERNMOST
from tactful.store.decided.moments import Scope
from tactful.store.reading import Reader

STORED = ibis.table({**SKILL_CURVE, "changed_at": "timestamp('UTC')"}, name="skill_curve")
# skill_name: what the catalogue calls it; days_elsewhere: since the person's last attempt at another skill, both null
# where there is none.
READ = {**CURVE, "local_day": pl.Date, "skill_name": pl.String, "days_elsewhere": pl.Int32}
# Ibis writes values into its SQL: this day becomes a placeholder.
MARK = date(9000, 1, 1)
MARKED = "MAKE_DATE(9000, 1, 1)"

# Where somebody is stuck, time alone may change the answer.
QUERY = f"""
SELECT {", ".join(f"c.{name}" for name in CURVE)}, c.local_day, nullif(k.title, '') AS skill_name,
       (SELECT c.local_day - max(o.last_day) FROM skill_curve o
         WHERE o.person_id = c.person_id AND o.skill_id <> c.skill_id AND o.last_day <= %s) AS days_elsewhere
  FROM (SELECT f.*, (%s AT TIME ZONE p.zone)::date AS local_day
          FROM ({{features}}) f JOIN people p ON p.id = f.person_id WHERE {{people}}) c
  LEFT JOIN learning_plateaus a ON a.user_id = c.person_id AND a.skill_id = c.skill_id AND a.is_active
  LEFT JOIN skills k ON k.organisation_id = c.organisation_id AND k.id = c.skill_id
 WHERE a.id IS NOT NULL OR (c.changed_at >= %s AND c.last_day >= c.local_day - %s::int)
 ORDER BY c.person_id, c.skill_id
"""
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Question:
    """An Ibis expression over skill_curve as PostgreSQL text, compiled once.

    features: takes the table and the last day that may be read, and answers rows of it.
    """

    def __init__(self, features: Callable[..., Any]) -> None:
        compiled = ibis.to_sql(features(STORED, last=MARK), dialect="postgres")
        assert MARKED in compiled
        self._text = compiled.replace("%", "%%").replace(MARKED, "%s")

    def ask(self, reader: Reader, scope: Scope, *, at: datetime, since: datetime | None, fresh: int) -> pl.DataFrame:
        """READ of the people in `scope`: curves they are stuck on, and those tried within `fresh` days.

        since: of the latter only those that changed since; None for all.
        """
        clause, named = scope.where(at, person="f.person_id")
        last = (at.astimezone(UTC) + EASTERNMOST).date()
        values = [last, at, *[last] * self._text.count("%s"), *named, since or EVER, fresh]
        return reader.read(QUERY.format(features=self._text, people=clause), values, READ)
