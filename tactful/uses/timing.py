"""At which hours people are at their best: their rhythms told by `predict.timing`, and kept in user_timing_profiles.

A pass goes through everybody who was heard of since the last one, once a week; whoever asks about one person has that
person looked at first, so the answer knows every session that was counted.

What is believed of writing to people as a tick reaches them is kept, to be held to whether they answer.
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from tactful.facts.believing import side_by_side
from tactful.facts.rhythm import by_usual
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import timing
from tactful.predict.timing import settings as rows
from tactful.store.database import Connection, Database
from tactful.store.decided import timing as stored
from tactful.store.decided.moments import Scope
from tactful.store.described import lookup
from tactful.store.described.erasure import despite_erasure
from tactful.store.learned import predictions, replied, usual, versions
from tactful.store.reading import RowReader
from tactful.store.running.fingerprint import fingerprint
from tactful.store.sensed import contacts

NAME = "timing"
# What the registry calls the belief about timing.
CAPABILITY = "timing"
MOMENT = stored.Question(timing.features, timing.ASKED)
# Beliefs that are kept of those whom a tick reaches, at most: it shall not wait for more.
AT_ONCE = 500


def judge(
    connection: Connection, scope: Scope, *, at: datetime, settings: Settings, since: datetime | None = None
) -> None:
    """Work out the profiles of the people in `scope`; the caller commits.

    since: who was not heard of after it keeps theirs, where nothing was learned since; None looks at all.
    """
    contacts.bring_up_to_date(connection, scope, at=at)
    known = stored.known(RowReader(connection), scope, at=at, since=since)
    if not known.is_empty():
        whose = known["organisation_id"]
        learned = usual.serving(RowReader(connection), whose.unique().to_list(), at)
        told = by_usual(known, whose, learned, partial(timing.profile, settings=settings))
        stored.write(connection, told.with_columns(whose), at=at)


def note(
    connection: Connection, people: Collection[int], *, at: datetime, settings: Settings, most: int = AT_ONCE
) -> None:
    """Keep what is believed of writing to `people` at `at`, of `most` of them; the caller commits.

    For those who are reached at this moment: later nobody knows any more what was known then.
    """
    whom = replied.sample(connection, people, each=predictions.MOST, most=most)
    if not whom:
        return
    contacts.bring_up_to_date(connection, Scope(people=whom), at=at)
    known = MOMENT.ask(RowReader(connection), Scope(people=whom), at=at)
    # Of whom something later is in already, what was known then cannot be told.
    still = known.filter((pl.col("person_moved_at") <= at).fill_null(value=True))
    if not still.is_empty():
        replied.note(connection, _believed(connection, still, at, settings), at=at, horizon=timing.HORIZONS["24h"])


def _believed(connection: Connection, known: pl.DataFrame, at: datetime, settings: Settings) -> pl.DataFrame:
    """How likely each answers within a day, by the rule and by what was learned; of whom anything is known."""
    # Who writes is the engine of their organisation.
    source, whose = RowReader(connection), -known["sender_id"]
    organisations = whose.unique().to_list()
    given = by_usual(known, whose, usual.serving(source, organisations, at), timing.given)
    served = versions.serving(source, CAPABILITY, organisations, at, wanted=settings[PREDICTING])
    belief = side_by_side(timing.FACTORS, given, timing.cold(given, settings), whose, served)
    told = belief.with_columns(person_id=known["person_id"], organisation_id=whose)
    return told.filter(pl.col("score").is_not_null())


def configuration(settings: Settings) -> str:
    """A print of all that a profile depends on besides the person."""
    return fingerprint(settings, rows.SETTINGS)


def of(database: Database, settings: Settings, whom: tuple[str, str], at: datetime) -> dict[str, Any] | None:
    """The profile of one (organisation, person) as of now; None of whom nothing is known."""
    return despite_erasure(database, partial(_of, settings, whom, at))


def _of(settings: Settings, whom: tuple[str, str], at: datetime, connection: Connection) -> dict[str, Any] | None:
    mine = lookup.find_all(connection, [whom])
    if not mine:
        return None
    judge(connection, Scope(people=mine), at=at, settings=settings)
    return stored.read(connection, mine[0])
