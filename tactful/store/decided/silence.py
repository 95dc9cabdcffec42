"""Who was heard from after an instant: the truth that a belief about leaving is held to."""

from datetime import datetime

import polars as pl

from tactful.facts.moments import INSTANT
from tactful.store.reading import Reader

RETURNED = "SELECT DISTINCT person_id FROM events WHERE occurred_at > %s AND occurred_at <= %s"
LATEST = "SELECT max(occurred_at) AS latest FROM events WHERE occurred_at > %s"


def returned(reader: Reader, *, after: datetime, until: datetime) -> pl.DataFrame:
    """person_id of everybody with an event after `after`, up to and with `until`."""
    return reader.read(RETURNED, [after, until], {"person_id": pl.Int64})


def latest(reader: Reader, *, after: datetime) -> datetime | None:
    """The time of the last event there is, if any lies after `after`."""
    last: datetime | None = reader.read(LATEST, [after], {"latest": INSTANT})["latest"][0]
    return last
