"""What the daily tick does about beliefs as such: their scale, and what is kept of them to be held to what comes."""

from datetime import datetime, timedelta

from tactful.decide import Rules
from tactful.kernel.settings import Settings
from tactful.predict import dropout, mood_trend
from tactful.predict.forgetting.settings import CONFIDENT_ANSWERS
from tactful.predict.plateau.labels import LEAST
from tactful.predict.plateau.settings import RISE
from tactful.store.database import Connection, Database
from tactful.store.decided import risk
from tactful.store.learned import forgotten, predictions, replied, stuck, trended, versions
from tactful.store.learned.predictions import EVERY, MOST
from tactful.store.reading import RowReader, reader
from tactful.store.sensed import sounding
from tactful.uses import foreseeing


def rescale(database: Database, rules: Rules, at: datetime) -> None:
    """Set the scale of learned risks anew from everybody's, so that no more than the set share is critical."""
    with reader(database, few=False) as source:
        learned = risk.learned(source)
    scales = {
        organisation: dropout.scale(mine["probability"].to_numpy(), mine["days_silent"], Settings(rules.values))
        for (organisation,), mine in learned.partition_by("organization_id", as_dict=True).items()
    }
    with database.batch() as connection:
        versions.rescale(connection, scales, at=at)


def keep(database: Database, rules: Rules, at: datetime) -> None:
    """Note what came of beliefs, and keep once a week what is believed now, to be held to what comes of it.

    Beliefs about being stuck and about timing are kept where they are made: by their pass, and as somebody is reached.
    """
    settings = Settings(rules.values)
    horizon, confident = timedelta(days=settings[dropout.HORIZON]), settings[CONFIDENT_ANSWERS]
    with database.batch() as connection:
        forgotten.settle(connection, at=at)
        stuck.settle(connection, at=at, least=LEAST, rise=settings[RISE])
        replied.settle(connection, at=at)
        forgotten.note(connection, at=at, every=EVERY, most=MOST, confident=confident)
        predictions.note_risks(connection, at=at, horizon=horizon, every=EVERY, most=MOST)
        _moods(connection, settings, at)


def _moods(connection: Connection, settings: Settings, at: datetime) -> None:
    """How moods were expected to go on, and how they are from here."""
    trended.settle(connection, at=at, moved=mood_trend.MOVED, least=mood_trend.LEAST)
    source = RowReader(connection)
    sounded = sounding.now(source, trended.whom(connection, at=at), at)
    if not sounded.is_empty():
        told = foreseeing.beliefs(source, sounded, at=at, settings=settings)
        trended.note(connection, told, at=at, horizon=timedelta(days=mood_trend.HORIZON_DAYS))
