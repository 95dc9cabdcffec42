"""A database with people who come at hours of their own: sessions, and what was told to them, as a test writes them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.running.passes import Pass
from tactful.store.sensed import resolve
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import passing, timing
from tests.living import one

# A Thursday.
TODAY = date(2026, 3, 12)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
DEFAULT = Settings({})


def wall(day: date, hour: float, zone: str = "UTC") -> datetime:
    """The instant at which the clock there shows that hour of that day."""
    there = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(hours=hour)
    return there.astimezone(UTC)


def comings(
    hour: float,
    days: Iterable[int],
    *,
    person: str = "ana",
    zone: str = "UTC",
    length: int = 20,
    score: float | None = None,
) -> list[Event]:
    """On each of `days`, counted from TODAY, an event every five minutes for `length` minutes from that local hour."""
    properties = {} if score is None else {"score": score}
    return [
        Event(f"{person}-{day}-{hour}-{minute}", person, "answer", at, None, None, None, properties)
        for day in days
        for minute in range(0, length + 1, 5)
        if (at := wall(TODAY + day * DAY, hour, zone) + minute * MINUTE)
    ]


def counted(
    database: Database, told: Sequence[Event], *, organisation: str = "acme", now: datetime | None = None
) -> None:
    """Count these events at once."""
    with database.batch() as connection:
        run(
            connection, count_rows([(organisation, each) for each in told], now=now or max(e.occurred_at for e in told))
        )


def told(database: Database, at: datetime, *, person: str = "ana", kind: str = "gentle_nudge") -> None:
    """The engine showed this person something."""
    with database.batch() as connection:
        connection.execute(
            """INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state,
                                              triggered_at, due_at, expires_at, shown_at)
               SELECT id, organisation_id, %s, 5, 'test', 'shown', %s, %s, %s, %s FROM people WHERE external_id = %s""",
            (kind, at, at, at + 2 * DAY, at, person),
        )


def responded(database: Database, at: datetime, response: str = "engaged", *, person: str = "ana") -> None:
    """They responded to the last thing that was shown to them."""
    with database.batch() as connection:
        connection.execute(
            """UPDATE intervention_logs SET state = 'answered', user_response = %s, responded_at = %s
                WHERE id = (SELECT max(i.id) FROM intervention_logs i JOIN people p ON p.id = i.user_id
                             WHERE p.external_id = %s)""",
            (response, at, person),
        )


def number(database: Database, person: str = "ana") -> int:
    """Our own number of somebody."""
    found = one(database, "SELECT id FROM people WHERE external_id = %s ORDER BY id LIMIT 1", person)
    assert isinstance(found, int)
    return found


def live_in(database: Database, person: str, zone: str) -> None:
    """Let somebody be, and let their clock be that zone's."""
    with database.batch() as connection:
        run(connection, resolve.people({("acme", person): None}))
        connection.execute("UPDATE people SET zone = %s, zone_source = 'person' WHERE external_id = %s", (zone, person))


def go(database: Database, at: datetime, **more: Any) -> Pass:
    """Carry out the pass that learns everybody's hours."""
    done = passing.go(database, timing.NAME, DEFAULT, at=at, **more)
    assert done is not None
    return done
