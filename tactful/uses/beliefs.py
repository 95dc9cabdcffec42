"""What the daily tick does about beliefs as such: their scale, and what is kept of them to be held to what comes."""

from datetime import datetime, timedelta

from tactful.decide import Rules
from tactful.kernel.settings import Settings
from tactful.predict import dropout
from tactful.predict.forgetting.settings import CONFIDENT_ANSWERS
from tactful.store.database import Database
from tactful.store.decided import risk
from tactful.store.learned import forgotten, predictions, versions
from tactful.store.reading import reader

# How often beliefs are kept, and about how many people (or skills) of an organisation.
WATCHED_EVERY = timedelta(days=6, hours=12)
WATCHED = 50_000


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
    """Keep what is believed now, once a week, to be held to what comes of it."""
    settings = Settings(rules.values)
    horizon, confident = timedelta(days=settings[dropout.HORIZON]), settings[CONFIDENT_ANSWERS]
    with database.batch() as connection:
        forgotten.settle(connection, at=at)
        forgotten.note(connection, at=at, every=WATCHED_EVERY, most=WATCHED, confident=confident)
        predictions.note_risks(connection, at=at, horizon=horizon, every=WATCHED_EVERY, most=WATCHED)
