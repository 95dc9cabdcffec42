"""What an organisation's answers teach: the log gone through again, each answer with what was known just before it."""

from datetime import datetime, timedelta

import polars as pl

from tactful.facts.memories import ANSWER
from tactful.facts.remembering.others import others
from tactful.kernel.settings import Settings
from tactful.predict import forgetting
from tactful.store.database import Database
from tactful.store.learned import answers as past
from tactful.store.reading import reader
from tactful.store.sensed import memories
from tactful.uses.training.replay import Replay, lessons_of
from tactful.uses.training.ways import WAYS

# Answers that are gone through at most, of one organisation and of all together.
EACH, ALL = 200_000, 1_000_000
# How old a lesson may be; what was known before counts all the same.
LESSONS = timedelta(days=365)


def read(database: Database, *, until: datetime) -> pl.DataFrame:
    """ANSWERED of every organisation up to `until`, each in order of time."""
    with reader(database, few=False) as source:
        counted = past.counted(source, until=until)
        most = min(EACH, ALL // max(len(counted), 1))
        told = [past.answers(source, one, until=until, share=most / count) for one, count in counted.items()]
    return pl.concat([pl.DataFrame(schema=past.ANSWERED), *told])


def described(database: Database) -> pl.DataFrame:
    """Content of every organisation, as it is described now."""
    with reader(database, few=False) as source:
        return past.described(source)


def memory(log: pl.DataFrame, settings: Settings, *, until: datetime) -> Replay | None:
    """What `log` (ANSWERED) teaches about forgetting; nothing where no answer ever came after some days."""
    log = log.filter(pl.col("skill_id").is_not_null())
    happened = memories.answers(log.rename({"topic_id": "topic", "at": "occurred_at"})).select(*ANSWER)
    stood, after = forgetting.advance(forgetting.State(), happened)
    elsewhere = others(happened.with_columns(log["organisation_id"]), stood, after)
    truth = forgetting.labels(happened, stood)
    proves = truth.is_not_null() & (log["at"] > until - LESSONS)
    if not proves.any():
        return None
    given = forgetting.given(log.select("at", "hour"), stood, elsewhere).filter(proves)
    asked = log.filter(proves).select("organisation_id", "person_id", "at", known_at="at")
    lessons = lessons_of(asked, given, forgetting.cold(given, settings), truth.filter(proves).to_numpy())
    return Replay("forgetting", forgetting.FACTORS, WAYS["forgetting"], asked, lessons)
