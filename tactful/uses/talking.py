"""What people say to us: what is told of their messages, and counting them.

Words are read by `predict.mood`; how much somebody put into them, and what they are about, by `sense`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.facts.interactions import HEARD, Interaction
from tactful.kernel.settings import Settings
from tactful.predict import mood
from tactful.sense.quality import quality
from tactful.sense.settings import SENTIMENT
from tactful.sense.stopwords import stop_words
from tactful.sense.topics import Names, topics
from tactful.store.database import Connection, Database
from tactful.store.described import naming
from tactful.store.described.naming import Stamp
from tactful.store.sensed import interactions
from tactful.store.sensed.interactions import Answer, Said
from tactful.store.settings import MESSAGE_DAYS

# An organisation's name and a message from it.
Row = tuple[str, Interaction]
NOTHING = Names()
UNREAD: dict[str, Any] = dict.fromkeys(HEARD)
# Catalogues that stay read.
KEPT = 200


class Talking:
    """Counts messages. One for each engine: it remembers what organisations call their subjects."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._names: dict[str, tuple[Stamp, Names]] = {}

    def write(self, rows: Sequence[Row], now: datetime) -> list[Answer]:
        """Count messages, each once, and answer what is told of each, after the commit."""
        with self._database.batch() as connection:
            names = self._named(connection, {organisation for organisation, _ in rows})
        said = [
            Said(organisation, one, heard)
            for (organisation, one), heard in zip(rows, self._heard(rows, names), strict=True)
        ]
        keep = timedelta(days=self._settings[MESSAGE_DAYS])
        return interactions.write(self._database, said, now=now, keep=keep)

    def _heard(self, rows: Sequence[Row], names: Mapping[str, Names]) -> list[dict[str, Any]]:
        read = [UNREAD] * len(rows)
        if self._settings[SENTIMENT]:
            read = mood.analyse([one.message_text for _, one in rows]).to_dicts()
        worded = self._settings[MESSAGE_DAYS] > 0
        return [
            heard(one, each, names.get(organisation, NOTHING), key_words=worded)
            for (organisation, one), each in zip(rows, read, strict=True)
        ]

    def _named(self, connection: Connection, organisations: set[str]) -> dict[str, Names]:
        told = {}
        for name, stamp in naming.stamps(connection, organisations).items():
            kept = self._names.get(name)
            if kept is None or kept[0] != stamp:
                kept = stamp, Names.of(naming.names(connection, name))
                if len(self._names) >= KEPT:
                    self._names.clear()
                self._names[name] = kept
            told[name] = kept[1]
        return told


def heard(one: Interaction, read: Mapping[str, Any], names: Names, *, key_words: bool) -> dict[str, Any]:
    """HEARD of a message. read: what `predict.mood` says of it, or nulls; key_words: see `sense.topics`."""
    stop = stop_words(read["language"])
    return {
        **{name: read[name] for name in HEARD if name in read},
        "engagement_quality_score": quality(
            one.message_text,
            one.previous_bot_message,
            at=one.occurred_at,
            before_at=one.previous_bot_message_at,
            stop=stop,
        ),
        "topics": topics(one.message_text, names, stop=stop, key_words=key_words),
    }
