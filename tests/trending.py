"""An organisation whose people's moods have a known course, told to the store message by message."""

from datetime import timedelta

import polars as pl

from tactful.facts.interactions import HEARD, Interaction
from tactful.facts.moments import INSTANT
from tactful.store.database import Database
from tactful.store.sensed import interactions
from tactful.store.sensed.interactions import Said
from tests.living import NOW
from tests.predict.mood_trend.writers import AFTER, AT, log

LATER = NOW - (AT + timedelta(days=AFTER))
PEOPLE = 90


def write(database: Database, people: int = PEOPLE) -> pl.DataFrame:
    """Count what these people say, of which the last was said just before NOW; answers it."""
    said = log(people).with_columns((pl.col("at") + LATER).cast(INSTANT))
    heard = dict.fromkeys(HEARD) | {"confidence": 1.0, "topics": [], "sentiment_type": "neutral", "language": "en"}
    told = [
        Said(
            "acme",
            Interaction(f"p{row['person_id']:03}", "words", row["at"]),
            heard | {"sentiment_score": row["score"], "engagement_quality_score": row["quality"]},
        )
        for row in said.to_dicts()
    ]
    interactions.write(database, told, now=NOW, keep=timedelta(days=90))
    return said
