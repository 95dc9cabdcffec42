"""When people were there, as learning about their hours reads it: an even sample of an organisation's people."""

from datetime import datetime

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.moments import INSTANT
from tactful.store.reading import Reader
from tactful.store.sensed.stays import LOOK_BACK

# In an order that has nothing to do with who they are, so that the first of them are an even sample.
SESSIONS = """
SELECT x.person_id, w.zone, NULL::timestamptz AS seen_until, x.started_at, least(x.ended_at, %s) AS ended_at
  FROM (SELECT p.id, p.zone FROM people p JOIN person_state s ON s.person_id = p.id
         WHERE p.organisation_id = %s AND s.first_seen_at <= %s AND s.last_seen_at > %s
         ORDER BY hashint8extended(p.id, 3) LIMIT %s) w
  JOIN person_session x ON x.person_id = w.id AND x.started_at > %s AND x.started_at <= %s
 ORDER BY x.person_id, x.started_at
"""
# As `stays.cells` takes them; nothing was seen of them before.
LIVED: dict[str, PolarsDataType] = {
    "person_id": pl.Int64, "zone": pl.String, "seen_until": INSTANT, "started_at": INSTANT, "ended_at": INSTANT,
}  # fmt: skip


def sessions(reader: Reader, organisation: int, *, until: datetime, most: int) -> pl.DataFrame:
    """LIVED: the sessions of at most `most` people in the year up to `until`, by the clock that is theirs now."""
    since = until - LOOK_BACK
    return reader.read(SESSIONS, [until, organisation, until, since, most, since, until], LIVED)
