"""Where people are: each beat moves their presence and their visit; a closed visit becomes an event.

A visit closes when no beat of its tab came for `store.visit_timeout`. The event's id follows from
the visit, so closing it twice is one event.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from msgspec.json import encode
from msgspec.structs import asdict

from tactful.facts.beats import Beat, Heard
from tactful.facts.streaks import REST_DAYS
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import AsyncConnection, Database
from tactful.store.described.erasure import keep_everybody
from tactful.store.sensed import events, naming, resolve, told
from tactful.store.sensed.claims import Stretch
from tactful.store.sensed.resolve import Key, Known
from tactful.store.sensed.visits import Open, Place, Visit
from tactful.store.settings import PRESENCE_CONSENT, TAB_TOLERANCE, VISIT_TIMEOUT
from tactful.store.steps import Say, Steps, run, run_async

# An organisation's name and a beat from it.
Row = tuple[str, Beat]

# Visits closed in one go by the periodic job.
CLOSE = 10_000

# A beat of a page that was left does not take anybody back there, nor does one that a later one of its visit overtook.
STANDS = """(s.visit_id = excluded.visit_id AND s.seq > excluded.seq
             OR excluded.page_left AND s.visit_id <> excluded.visit_id) IS TRUE"""
PLACE = (
    "current_page", "current_topic", "current_content_id", "time_on_page", "scroll_count", "mouse_hesitations",
    "visit_id", "seq", "page_left",
)  # fmt: skip
SHOWN = ",\n       ".join(f"{name} = CASE WHEN {STANDS} THEN s.{name} ELSE excluded.{name} END" for name in PLACE)

# Rows travel as one JSON text: psycopg makes arrays value by value, which took a tenth of the time a beat takes.
# The row lock this takes on every person, in order, is what makes groups of beats wait for each other.
# The answer: until when each one's time was counted before. Those whose later beats were are left out.
PRESENCE = f"""
INSERT INTO ambient_presence_states AS s (user_id, organization_id, current_page, current_topic, current_content_id,
       last_content_id, time_on_page, scroll_count, mouse_hesitations, last_seen_at, counters_day, visit_id, seq,
       page_left)
SELECT person_id, organisation_id, page, topic, content_id, content_id, time_on_page, scroll_count, mouse_hesitations,
       at, (at AT TIME ZONE zone)::date, nullif(visit, ''), seq, final
  FROM json_to_recordset(%s) AS w (person_id bigint, organisation_id bigint, page text, topic text, content_id text,
       time_on_page float8, scroll_count int, mouse_hesitations int, at timestamptz, zone text, visit text, seq int,
       final boolean)
 ORDER BY person_id
    ON CONFLICT (user_id) DO UPDATE
   SET {SHOWN},
       last_content_id = coalesce(excluded.last_content_id, s.last_content_id),
       last_seen_at = excluded.last_seen_at, seen_before_at = s.last_seen_at, counters_day = excluded.counters_day,
       quick_access_count_today = CASE WHEN s.counters_day = excluded.counters_day
                                       THEN s.quick_access_count_today ELSE 0 END,
       inline_help_count_today = CASE WHEN s.counters_day = excluded.counters_day
                                      THEN s.inline_help_count_today ELSE 0 END
 WHERE s.last_seen_at <= excluded.last_seen_at
RETURNING user_id, seen_before_at
"""

VISITS = """
SELECT v.* FROM visits v JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS w (person_id, page, content_id)
       USING (person_id, page, content_id) ORDER BY v.person_id, v.page, v.content_id, v.opened_at FOR UPDATE OF v
"""

KEEP = """
INSERT INTO visits (person_id, page, content_id, opened_at, organisation_id, topic, last_beat_at, time_on_page, seconds,
                    scroll_count, mouse_hesitations, visit_id, since, before, claims)
SELECT * FROM json_to_recordset(%s) AS w (person_id bigint, page text, content_id text, opened_at timestamptz,
       organisation_id bigint, topic text, last_beat_at timestamptz, time_on_page float8, seconds float8,
       scroll_count int, mouse_hesitations int, visit_id text, since timestamptz, before float8, claims float8[])
    ON CONFLICT (person_id, page, content_id, opened_at, visit_id) DO UPDATE
   SET topic = excluded.topic, last_beat_at = excluded.last_beat_at, time_on_page = excluded.time_on_page,
       seconds = excluded.seconds, scroll_count = excluded.scroll_count, mouse_hesitations = excluded.mouse_hesitations,
       since = excluded.since, claims = excluded.claims
"""

END = """
DELETE FROM visits v USING unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])
    AS w (person_id, page, content_id, opened_at, visit_id)
 WHERE (v.person_id, v.page, v.content_id, v.opened_at, v.visit_id)
     = (w.person_id, w.page, w.content_id, w.opened_at, w.visit_id)
"""

STALE = """
DELETE FROM visits v USING (
  SELECT person_id, page, content_id, opened_at, visit_id FROM visits WHERE last_beat_at < %s
   ORDER BY last_beat_at LIMIT %s FOR UPDATE SKIP LOCKED) old, people p, organisations o
 WHERE (v.person_id, v.page, v.content_id, v.opened_at, v.visit_id)
     = (old.person_id, old.page, old.content_id, old.opened_at, old.visit_id)
   AND p.id = v.person_id AND o.id = v.organisation_id
RETURNING v.*, p.external_id, o.name
"""


async def write_group(
    connection: AsyncConnection, rows: Sequence[Row], *, now: datetime, settings: Settings
) -> list[Heard]:
    """Write a group of (organisation, beat) pairs: what became of each.

    On a connection as service_role; the caller commits.
    """
    return await run_async(connection, write(rows, now=now, settings=settings))


def write_again(database: Database, rows: Sequence[Row], *, now: datetime, settings: Settings) -> list[Heard]:
    """`write_group` once more, after it was `events.INTERRUPTED`; while nobody is erased."""
    with database.batch() as connection:
        keep_everybody(connection)
        return run(connection, write(rows, now=now, settings=settings))


async def close_stale(connection: AsyncConnection, at: datetime, *, settings: Settings) -> int:
    """Close visits that fell silent, and count them as events. Answers how many; call again while it is many."""
    before = at - timedelta(seconds=settings[VISIT_TIMEOUT])
    return await run_async(connection, _close_stale(before, now=at, rest_days=settings[REST_DAYS]))


def write(rows: Sequence[Row], *, now: datetime, settings: Settings) -> Steps[list[Heard]]:
    """The steps of `write_group`."""
    known, became = yield from _let_in(rows, asked_first=not settings[PRESENCE_CONSENT])
    heard = [
        (known[whose, beat.person], beat) for (whose, beat), how in zip(rows, became, strict=True) if how is Heard.OK
    ]
    if heard:
        heard.sort(key=lambda one: (one[1].at, one[1].seq))
        yield from _write(heard, {person.id: key for key, person in known.items()}, now=now, settings=settings)
    return became


def _let_in(rows: Sequence[Row], *, asked_first: bool) -> Steps[tuple[dict[Key, Known], list[Heard]]]:
    """The people of these beats, and what becomes of each: nobody is followed who said no, or who was erased.

    asked_first: nor who was never asked; they do not come into being by it.
    """
    wanted: dict[Key, str | None] = {(organisation, beat.person): None for organisation, beat in rows}
    known = yield from (resolve.known(list(wanted)) if asked_first else resolve.people(wanted))
    missing = Heard.NO_CONSENT if asked_first else Heard.ERASED
    no = False if not asked_first else None
    hows = {
        key: missing if key not in known
        else Heard.NO_CONSENT if known[key].presence in (False, no)
        else Heard.OK
        for key in wanted
    }  # fmt: skip
    return known, [hows[organisation, beat.person] for organisation, beat in rows]


def _write(
    heard: Sequence[tuple[Known, Beat]], names: dict[int, Key], *, now: datetime, settings: Settings
) -> Steps[None]:
    """The same for beats in order of time. names: of people, as the product knows them."""
    last = dict(heard)
    seen = yield Say(PRESENCE, _rows(_presence(person, beat) for person, beat in last.items()))
    found = yield Say(VISITS, _columns({_place(person, beat) for person, beat in heard}))
    standing = [Visit(**row) for row in found]
    # Of whoever was heard later on, all of this time was counted.
    counted: dict[int, datetime | None] = {person.id: beat.at for person, beat in last.items()}
    counted |= {row["user_id"]: row["seen_before_at"] for row in seen}
    times, taken = yield from naming.look(heard, standing, counted)
    timeout, tolerance = timedelta(seconds=settings[VISIT_TIMEOUT]), settings[TAB_TOLERANCE]
    visits = Open(standing, timeout=timeout, tolerance=tolerance, told=times)
    _hear(heard, visits, counted, taken)
    if visits.ended:
        yield Say(END, _columns(visit.key for visit in visits.ended))
        yield from told.remember(visits.ended)
        ended = [_event(names[visit.person_id], visit) for visit in visits.ended]
        yield from events.count_rows(ended, now=now, rest_days=settings[REST_DAYS])
    yield Say(KEEP, _rows(visits.standing))


def _hear(
    heard: Iterable[tuple[Known, Beat]],
    visits: Open,
    counted: dict[int, datetime | None],
    taken: dict[int, list[Stretch]],
) -> None:
    """Beats in order of time. counted: until when each person's time was. taken: of those whose pages name visits, what
    of their time counts for something.
    """
    for person, beat in heard:
        until = counted[person.id]
        if beat.visit:
            visits.hear_named(_place(person, beat), person.organisation_id, beat, taken[person.id])
        else:
            visits.hear(_place(person, beat), person.organisation_id, beat, until)
            if person.id in taken:
                taken[person.id].append(naming.stretch(beat, until))
        counted[person.id] = beat.at if until is None else max(until, beat.at)


def _place(person: Known, beat: Beat) -> Place:
    return person.id, beat.page, beat.content_id or ""


def _presence(person: Known, beat: Beat) -> dict[str, Any]:
    return {"person_id": person.id, "organisation_id": person.organisation_id, "zone": person.zone, **asdict(beat)}


def _rows(rows: Iterable[Any]) -> tuple[str]:
    return (encode(list(rows)).decode(),)


def _columns(rows: Iterable[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*rows, strict=True)))


def _event(key: Key, visit: Visit) -> events.Row:
    """The event a visit becomes: it happened when it was last heard of; `seconds` of the person's time are its own."""
    organisation, person = key
    # A tab that fell silent and went on makes two visits that were opened at the same moment.
    times = (when.astimezone(UTC).isoformat() for when in (visit.opened_at, visit.last_beat_at))
    name = "\n".join((person, visit.page, visit.content_id, *times, *filter(None, [visit.visit_id])))
    properties: dict[str, Any] = {
        "page": visit.page,
        "seconds": round(visit.seconds, 3),
        "scroll_count": visit.scroll_count,
        "mouse_hesitations": visit.mouse_hesitations,
    }
    if visit.visit_id:
        properties["visit_id"] = visit.visit_id
    return organisation, Event(
        id=f"visit-{blake2b(name.encode(), digest_size=16).hexdigest()}",
        person=person,
        kind="visit",
        occurred_at=visit.last_beat_at,
        content_id=visit.content_id or None,
        topic=visit.topic,
        properties=properties,
    )


def _close_stale(before: datetime, *, now: datetime, rest_days: int) -> Steps[int]:
    gone = yield Say(STALE, (before, CLOSE))
    closed = [((row.pop("name"), row.pop("external_id")), Visit(**row)) for row in gone]
    if closed:
        yield from told.remember([visit for _, visit in closed])
        yield from events.count_rows([_event(key, visit) for key, visit in closed], now=now, rest_days=rest_days)
    return len(closed)
