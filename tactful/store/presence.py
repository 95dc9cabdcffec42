"""Where people are: each beat moves their presence and their visit; a closed visit becomes an event.

A visit closes when no beat came for `store.visit_timeout`, or when the page was opened anew (its
time on page restarts). The event's id follows from the visit, so closing it twice is one event.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from tactful.kernel.records import Beat, Event
from tactful.kernel.settings import Settings
from tactful.store import events, resolve
from tactful.store.database import AsyncConnection
from tactful.store.resolve import Key, Known
from tactful.store.settings import VISIT_TIMEOUT
from tactful.store.steps import Say, Steps, run_async

# An organisation's name and a beat from it.
Row = tuple[str, Beat]

# Clocks of browsers are read to the second.
RESTART = 1.0
# Visits closed in one go by the periodic job.
CLOSE = 10_000

# The row lock this takes on every person, in order, is what makes groups of beats wait for each other.
PRESENCE = """
INSERT INTO ambient_presence_states AS s (user_id, organization_id, current_page, current_topic, current_content_id,
       time_on_page, scroll_count, mouse_hesitations, last_seen_at, counters_day)
SELECT person_id, organisation_id, page, topic, content_id, seconds, scrolls, hesitations, at,
       (at AT TIME ZONE zone)::date
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::int[], %s::int[],
              %s::timestamptz[], %s::text[])
       AS w (person_id, organisation_id, page, topic, content_id, seconds, scrolls, hesitations, at, zone)
 ORDER BY person_id
    ON CONFLICT (user_id) DO UPDATE
   SET current_page = excluded.current_page, current_topic = excluded.current_topic,
       current_content_id = excluded.current_content_id, time_on_page = excluded.time_on_page,
       scroll_count = excluded.scroll_count, mouse_hesitations = excluded.mouse_hesitations,
       last_seen_at = excluded.last_seen_at, counters_day = excluded.counters_day,
       quick_access_count_today = CASE WHEN s.counters_day = excluded.counters_day
                                       THEN s.quick_access_count_today ELSE 0 END,
       inline_help_count_today = CASE WHEN s.counters_day = excluded.counters_day
                                      THEN s.inline_help_count_today ELSE 0 END
 WHERE s.last_seen_at <= excluded.last_seen_at
"""

VISITS = """
SELECT v.* FROM visits v JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS w (person_id, page, content_id)
       USING (person_id, page, content_id) ORDER BY v.person_id, v.page, v.content_id FOR UPDATE OF v
"""

KEEP = """
INSERT INTO visits (person_id, page, content_id, organisation_id, topic, opened_at, last_beat_at, seconds,
                    scroll_count, mouse_hesitations)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::timestamptz[],
                     %s::timestamptz[], %s::float8[], %s::int[], %s::int[])
    ON CONFLICT (person_id, page, content_id) DO UPDATE
   SET topic = excluded.topic, opened_at = excluded.opened_at, last_beat_at = excluded.last_beat_at,
       seconds = excluded.seconds, scroll_count = excluded.scroll_count, mouse_hesitations = excluded.mouse_hesitations
"""

STALE = """
DELETE FROM visits v USING (
  SELECT person_id, page, content_id FROM visits WHERE last_beat_at < %s
   ORDER BY last_beat_at LIMIT %s FOR UPDATE SKIP LOCKED) old, people p, organisations o
 WHERE (v.person_id, v.page, v.content_id) = (old.person_id, old.page, old.content_id)
   AND p.id = v.person_id AND o.id = v.organisation_id
RETURNING v.*, p.external_id, o.name
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay on one page. seconds: the longest time on page that was told; `content_id` is '' for none."""

    person_id: int
    page: str
    content_id: str
    organisation_id: int
    topic: str | None
    opened_at: datetime
    last_beat_at: datetime
    seconds: float
    scroll_count: int
    mouse_hesitations: int

    @property
    def place(self) -> tuple[int, str, str]:
        """What tells open visits apart."""
        return self.person_id, self.page, self.content_id

    def goes_on(self, beat: Beat, timeout: timedelta) -> bool:
        """Whether `beat` belongs to this visit."""
        late = beat.at < self.last_beat_at
        restarted = beat.time_on_page + RESTART < self.seconds
        return late or (not restarted and beat.at - self.last_beat_at <= timeout)

    def with_beat(self, beat: Beat) -> "Visit":
        """This visit, a beat longer."""
        return replace(
            self,
            topic=beat.topic or self.topic,
            last_beat_at=max(self.last_beat_at, beat.at),
            seconds=max(self.seconds, beat.time_on_page),
            scroll_count=max(self.scroll_count, beat.scroll_count),
            mouse_hesitations=max(self.mouse_hesitations, beat.mouse_hesitations),
        )


async def write_group(
    connection: AsyncConnection, rows: Sequence[Row], *, now: datetime, settings: Settings
) -> list[None]:
    """Write a group of (organisation, beat) pairs. On a connection as service_role; the caller commits."""
    await run_async(connection, write(rows, now=now, timeout=timedelta(seconds=settings[VISIT_TIMEOUT])))
    return [None] * len(rows)


async def close_stale(connection: AsyncConnection, at: datetime, *, settings: Settings) -> int:
    """Close visits that fell silent, and count them as events. Answers how many; call again while it is many."""
    before = at - timedelta(seconds=settings[VISIT_TIMEOUT])
    return await run_async(connection, _close_stale(before, now=at))


def write(rows: Sequence[Row], *, now: datetime, timeout: timedelta) -> Steps[None]:
    """The steps of `write_group`."""
    if not rows:
        return
    known = yield from resolve.people({(organisation, beat.person): None for organisation, beat in rows})
    ordered = sorted(rows, key=lambda row: row[1].at)
    last = {known[organisation, beat.person]: beat for organisation, beat in ordered}
    yield Say(PRESENCE, _columns(_presence(person, beat) for person, beat in last.items()))
    open_visits = yield from _open(ordered, known)
    closed = _fold(ordered, known, open_visits, timeout)
    kept = sorted(open_visits.values(), key=lambda visit: visit.place)
    yield Say(KEEP, _columns(_row(visit) for visit in kept))
    if closed:
        yield from events.count_rows([_event(key, visit) for key, visit in closed], now=now)


def _open(rows: Iterable[Row], known: Mapping[Key, Known]) -> Steps[dict[tuple[int, str, str], Visit]]:
    places = {_place(known[organisation, beat.person], beat) for organisation, beat in rows}
    found = yield Say(VISITS, _columns(places))
    return {visit.place: visit for visit in (Visit(**row) for row in found)}


def _fold(
    rows: Iterable[Row], known: Mapping[Key, Known], open_visits: dict[tuple[int, str, str], Visit], timeout: timedelta
) -> list[tuple[Key, Visit]]:
    """Bring `open_visits` up to date with beats in order of time; answers the visits that ended."""
    closed = []
    for organisation, beat in rows:
        person = known[organisation, beat.person]
        place = _place(person, beat)
        visit = open_visits.get(place)
        if visit is not None and not visit.goes_on(beat, timeout):
            closed.append(((organisation, beat.person), visit))
            visit = None
        open_visits[place] = _opened(person, beat) if visit is None else visit.with_beat(beat)
    return closed


def _place(person: Known, beat: Beat) -> tuple[int, str, str]:
    return person.id, beat.page, beat.content_id or ""


def _opened(person: Known, beat: Beat) -> Visit:
    return Visit(
        *_place(person, beat),
        person.organisation_id,
        beat.topic,
        beat.at - timedelta(seconds=beat.time_on_page),
        beat.at,
        beat.time_on_page,
        beat.scroll_count,
        beat.mouse_hesitations,
    )


def _presence(person: Known, beat: Beat) -> tuple[Any, ...]:
    said = (beat.page, beat.topic, beat.content_id, beat.time_on_page, beat.scroll_count, beat.mouse_hesitations)
    return person.id, person.organisation_id, *said, beat.at, person.zone


def _row(visit: Visit) -> tuple[Any, ...]:
    seen = (visit.topic, visit.opened_at, visit.last_beat_at, visit.seconds)
    return *visit.place, visit.organisation_id, *seen, visit.scroll_count, visit.mouse_hesitations


def _columns(rows: Iterable[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*rows, strict=True)))


def _event(key: Key, visit: Visit) -> events.Row:
    """The event a visit becomes: it happened when it was last heard of, and lasted `seconds`."""
    organisation, person = key
    name = "\n".join((person, visit.page, visit.content_id, visit.opened_at.astimezone(UTC).isoformat()))
    properties = {
        "page": visit.page,
        "seconds": round(visit.seconds, 3),
        "scroll_count": visit.scroll_count,
        "mouse_hesitations": visit.mouse_hesitations,
    }
    return organisation, Event(
        id=f"visit-{blake2b(name.encode(), digest_size=16).hexdigest()}",
        person=person,
        kind="visit",
        occurred_at=visit.last_beat_at,
        content_id=visit.content_id or None,
        topic=visit.topic,
        properties=properties,
    )


def _close_stale(before: datetime, *, now: datetime) -> Steps[int]:
    gone = yield Say(STALE, (before, CLOSE))
    rows = list(_closed(gone))
    if rows:
        yield from events.count_rows(rows, now=now)
    return len(rows)


def _closed(gone: Iterable[dict[str, Any]]) -> Iterator[events.Row]:
    for row in gone:
        key = (row.pop("name"), row.pop("external_id"))
        yield _event(key, Visit(**row))
