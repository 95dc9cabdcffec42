"""At which hours people are at their best: their rhythms told by `predict.timing`, and kept in user_timing_profiles.

A pass goes through everybody who was heard of since the last one, once a week; whoever asks about one person has that
person looked at first, so the answer knows every session that was counted.
"""

from datetime import datetime
from functools import partial
from typing import Any

from tactful.facts.rhythm import by_usual
from tactful.kernel.settings import Settings
from tactful.predict import timing
from tactful.predict.timing import settings as rows
from tactful.store.database import Connection, Database
from tactful.store.decided import timing as stored
from tactful.store.decided.moments import Scope
from tactful.store.described import lookup
from tactful.store.described.erasure import despite_erasure
from tactful.store.learned import usual
from tactful.store.reading import RowReader
from tactful.store.running.fingerprint import fingerprint
from tactful.store.sensed import contacts

NAME = "timing"


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
