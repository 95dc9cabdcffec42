"""The scored answers of the past, as learning reads them: of everybody, or of an even sample where they are many."""

from datetime import datetime

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.moments import INSTANT
from tactful.store.reading import Reader
from tactful.store.sensed.measures import SCORE, SECONDS
from tactful.store.sensed.practice import CONTENT

# Whose sample is read: the same people whoever asks, and others than `predictions` follows.
SHARE = "(hashint8extended(e.person_id, 3) & 1048575) < %s * 1048576"
# At a skill, at content, or at both.
ABOUT = "(e.skill_id IS NOT NULL OR e.content_id IS NOT NULL)"
COUNT = f"""
SELECT organisation_id, count(*) AS answers
  FROM (SELECT e.organisation_id, {SCORE} AS score FROM events e WHERE e.occurred_at <= %s AND {ABOUT}) a
 WHERE score IS NOT NULL GROUP BY organisation_id ORDER BY organisation_id
"""
COUNTED: dict[str, PolarsDataType] = {"organisation_id": pl.Int64, "answers": pl.Int64}
ANSWERS = f"""
SELECT a.organisation_id, a.person_id, a.skill_id, a.topic_id, a.content_id, a.at, a.score, a.seconds, a.hour, a.day
  FROM (SELECT e.organisation_id, e.person_id, e.skill_id, e.topic AS topic_id, e.content_id, e.occurred_at AS at,
               {SCORE} AS score, {SECONDS} AS seconds, e.received_at, e.id,
               extract(epoch FROM (e.occurred_at AT TIME ZONE p.zone)::time)::float8 / 3600 AS hour,
               (e.occurred_at AT TIME ZONE p.zone)::date AS day
          FROM events e JOIN people p ON p.id = e.person_id
         WHERE e.occurred_at <= %s AND e.organisation_id = %s AND {ABOUT} AND {SHARE}) a
 WHERE a.score IS NOT NULL ORDER BY a.at, a.received_at, a.id
"""
# day and hour (0..24) are the person's own.
ANSWERED: dict[str, PolarsDataType] = {
    "organisation_id": pl.Int64,
    "person_id": pl.Int64,
    "skill_id": pl.String,
    "topic_id": pl.String,
    "content_id": pl.String,
    "at": INSTANT,
    "score": pl.Float64,
    "seconds": pl.Float64,
    "hour": pl.Float64,
    "day": pl.Date,
}


def counted(reader: Reader, *, until: datetime) -> dict[int, int]:
    """How many answers each organisation that has any had up to `until`."""
    return dict(reader.read(COUNT, [until], COUNTED).iter_rows())


def answers(reader: Reader, organisation: int, *, until: datetime, share: float) -> pl.DataFrame:
    """ANSWERED of an organisation up to `until`, in order of time; of such a share (0..1) of its people."""
    return reader.read(ANSWERS, [until, organisation, share], ANSWERED)


DESCRIBED = "SELECT organisation_id, id AS content_id, difficulty, skills AS described FROM content"


def described(reader: Reader) -> pl.DataFrame:
    """Content as organisations describe it: `store.sensed.practice.CONTENT`."""
    return reader.read(DESCRIBED, [], CONTENT)


def organisations(reader: Reader) -> list[int]:
    """All of them, by our own id."""
    found: list[int] = reader.read("SELECT id FROM organisations ORDER BY id", [], {"id": pl.Int64})["id"].to_list()
    return found
