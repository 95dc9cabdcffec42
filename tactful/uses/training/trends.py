"""What people's messages teach about how moods go on: how each stood week by week, and what they said afterwards."""

from datetime import datetime, timedelta

import polars as pl

from tactful.kernel.settings import Settings
from tactful.predict import mood_trend
from tactful.store.database import Database
from tactful.store.reading import Reader, reader
from tactful.store.sensed import sounding
from tactful.uses.foreseeing import CAPABILITY
from tactful.uses.training.replay import Replay, lessons_of
from tactful.uses.training.ways import WAYS

# Instants that are learned from, a week apart, of so many people of an organisation and of all together at most.
WEEKS = 26
EACH, MOST = 4_000, 20_000
WEEK, HORIZON = timedelta(weeks=1), timedelta(days=mood_trend.HORIZON_DAYS)


def trends(database: Database, settings: Settings, *, until: datetime) -> Replay | None:
    """What was said up to `until` teaches about how moods go on; nothing where too little followed."""
    with reader(database, few=False) as source:
        whose = sounding.organisations(source)
        most = max(1, min(EACH, MOST // max(len(whose), 1)))
        parts = [_asked(source, one, until, most) for one in whose]
    sounded = pl.concat([each for each, _ in parts]) if parts else pl.DataFrame()
    if sounded.is_empty():
        return None
    truth = pl.concat([told for _, told in parts])
    known, given = truth.is_not_null(), mood_trend.given(sounded)
    if not known.any():
        return None
    named = sounded.select("organisation_id", "person_id", "at", known_at=pl.col("at") + HORIZON)
    # Two lessons of each, one for each way.
    asked = named.select(pl.all().repeat_by(len(mood_trend.WAYS)).explode()).filter(known)
    given = given.filter(known)
    lessons = lessons_of(asked, given, mood_trend.cold(given, settings), truth.filter(known).to_numpy())
    return Replay(CAPABILITY, mood_trend.FACTORS, WAYS[CAPABILITY], asked, lessons)


def _asked(source: Reader, organisation: int, until: datetime, most: int) -> tuple[pl.DataFrame, pl.Series]:
    """How its people sounded, the earliest instant first, and the truth of both ways of each."""
    instants = [until - HORIZON - number * WEEK for number in reversed(range(WEEKS))]
    sounded = sounding.then(source, organisation, instants, most=most)
    later = sounding.afterwards(source, organisation, instants, most=most, within=HORIZON)
    return sounded, mood_trend.labels(sounded, later)
