"""What people say to us: what is told of their messages, and counting them.

Words are read by `predict.mood`; how much somebody put into them, and what they are about, by `sense`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tactful.facts.interactions import HEARD, Interaction
from tactful.facts.streaks import REST_DAYS
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import mood
from tactful.sense.quality import quality
from tactful.sense.settings import SENTIMENT
from tactful.sense.stopwords import stop_words
from tactful.sense.topics import Names, topics
from tactful.store.database import Connection, Database
from tactful.store.described import naming
from tactful.store.described.naming import Stamp
from tactful.store.learned import moods
from tactful.store.reading import RowReader
from tactful.store.sensed import interactions
from tactful.store.sensed.interactions import Answer, Said
from tactful.store.settings import MESSAGE_DAYS

# An organisation's name and a message from it.
Row = tuple[str, Interaction]
UNREAD: dict[str, Any] = dict.fromkeys(HEARD)
# Catalogues that stay read.
KEPT = 200


class Known(NamedTuple):
    """What is known of an organisation that its messages are read by: its subjects, and what it learned of moods."""

    names: Names
    served: mood.Served | None


NOTHING = Known(Names(), None)


class Talking:
    """Counts messages. One for each engine: it remembers what organisations call their subjects."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._names: dict[str, tuple[Stamp, Names]] = {}

    def write(self, rows: Sequence[Row], now: datetime) -> list[Answer]:
        """Count messages, each once, and answer what is told of each, after the commit."""
        known = self._known({organisation for organisation, _ in rows}, now)
        said = [
            Said(organisation, one, heard)
            for (organisation, one), heard in zip(rows, self._heard(rows, known), strict=True)
        ]
        keep = timedelta(days=self._settings[MESSAGE_DAYS])
        return interactions.write(self._database, said, now=now, keep=keep, rest_days=self._settings[REST_DAYS])

    def _heard(self, rows: Sequence[Row], known: Mapping[str, Known]) -> list[dict[str, Any]]:
        worded = self._settings[MESSAGE_DAYS] > 0
        read = self._read(rows, known)
        return [
            heard(one, each, known.get(organisation, NOTHING).names, key_words=worded)
            for (organisation, one), each in zip(rows, read, strict=True)
        ]

    def _read(self, rows: Sequence[Row], known: Mapping[str, Known]) -> list[dict[str, Any]]:
        """What the words of each say of its writer's mood, by what their organisation has learned of it."""
        read = [UNREAD] * len(rows)
        if not self._settings[SENTIMENT]:
            return read
        theirs: defaultdict[str, list[int]] = defaultdict(list)
        for place, (organisation, _) in enumerate(rows):
            theirs[organisation].append(place)
        for organisation, places in theirs.items():
            texts = [rows[place][1].message_text for place in places]
            told = mood.analyse(texts, served=known.get(organisation, NOTHING).served)
            for place, each in zip(places, told.iter_rows(named=True), strict=True):
                read[place] = each
        return read

    def _known(self, organisations: set[str], now: datetime) -> dict[str, Known]:
        with self._database.batch() as connection:
            stamps = naming.stamps(connection, organisations)
            numbers = [number for number, *_ in stamps.values()] if self._settings[PREDICTING] else []
            served = moods.serving(RowReader(connection), numbers, now) if numbers else {}
            return {
                name: Known(self._named(connection, name, stamp), served.get(stamp[0]))
                for name, stamp in stamps.items()
            }

    def _named(self, connection: Connection, organisation: str, stamp: Stamp) -> Names:
        kept = self._names.get(organisation)
        if kept is None or kept[0] != stamp:
            if len(self._names) >= KEPT:
                self._names.clear()
            kept = self._names[organisation] = stamp, Names.of(naming.names(connection, organisation))
        return kept[1]


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
