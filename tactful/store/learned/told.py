"""Who was told what so far, and what they did about it, as learning reads it: from nothing, up to an instant."""

from datetime import datetime

import polars as pl
from polars._typing import PolarsDataType

from tactful.store.decided import timing
from tactful.store.decided.moments import Scope
from tactful.store.reading import Reader
from tactful.store.sensed import contacts, stays

# In an order that has nothing to do with who they are, so that the first of them are an even sample.
PEOPLE = """
SELECT p.id AS person_id, p.organisation_id, p.zone, m.told
  FROM (SELECT user_id, count(*) AS told FROM intervention_logs
         WHERE shown_at > %s AND shown_at <= %s GROUP BY user_id) m
  JOIN people p ON p.id = m.user_id ORDER BY hashint8extended(p.id, 3)
"""
TOLD: dict[str, PolarsDataType] = {
    "person_id": pl.Int64, "organisation_id": pl.Int64, "zone": pl.String, "told": pl.Int64,
}  # fmt: skip


def people(reader: Reader, *, until: datetime, each: int, most: int) -> pl.DataFrame:
    """TOLD: so many who were shown something in the year up to `until` that it was about `each` times an organisation.

    most: about so many times altogether; organisations share it evenly.
    """
    found = reader.read(PEOPLE, [until - stays.LOOK_BACK, until], TOLD)
    share = min(each, most // max(found["organisation_id"].n_unique(), 1))
    return found.filter((pl.col("told").cum_sum() - pl.col("told")).over("organisation_id") < share)


def lives(reader: Reader, whom: pl.DataFrame, *, until: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every session of these people (`stays.SESSIONS`), and what was told to them (`stays.OURS`), up to `until`.

    From here to the end of the transaction the tables of contact are empty but for them.
    """
    scope = Scope(people=tuple(whom["person_id"].to_list()))
    timing.shadow(reader)
    clause, values = scope.where(until)
    reader.run(contacts.MAKE.format(people=clause), values)
    return stays.sessions(reader, scope, at=until), stays.ours(reader, scope, at=until)
