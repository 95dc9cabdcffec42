"""Counting events: each id once within its organisation, with all state that features read.

People are found or created first. Then a group of events is one transaction: ids are claimed, events
stored, the rows of their people locked in order and roll-ups brought up to date, set by set.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import polars as pl
from msgspec.json import Encoder

from tactful.facts.streaks import REST_DAYS
from tactful.facts.zones import known
from tactful.kernel.errors import Conflict
from tactful.kernel.records import Event
from tactful.store.database import AsyncConnection, Database
from tactful.store.described import erasure
from tactful.store.described.erasure import keep_everybody
from tactful.store.sensed import counting, resolve
from tactful.store.sensed.counting import GROUP, INSTANT, LARGE
from tactful.store.sensed.measures import measures
from tactful.store.sensed.resolve import Key, Known
from tactful.store.steps import Steps, run, run_async

# An organisation's name and a fact from it.
Row = tuple[str, Event]

# A device's zone, told with the event that it sent.
ZONE = "zone"

LINES = Encoder()

# What the transaction of a group ends with when somebody in it is erased; nothing of it is counted then.
INTERRUPTED = (*erasure.INTERRUPTED, Conflict)

# A group from this size on is written in a thread of its own.
BUSY = 500


async def meet(connection: AsyncConnection, rows: Sequence[Row]) -> dict[Key, Known]:
    """The people of a group of (organisation, event) pairs; organisations and people that are new come into being.

    In a transaction of its own, before the one that counts: a group with the same newcomers then
    does not wait until this one is counted.
    """
    return await run_async(connection, resolve.people(_people(rows)))


async def write_group(
    connection: AsyncConnection, rows: Sequence[Row], people: Mapping[Key, Known], *, now: datetime,
    rest_days: int = REST_DAYS.default,
) -> list[bool | None]:  # fmt: skip
    """Count a group of (organisation, event) pairs; for each, False if its id had been counted before.

    None where it is about somebody who was erased and has not been described again; nothing of it is stored.

    people: those of `meet`. rest_days: see `counting.count`. On a connection as service_role; the caller commits.
    """
    return await run_async(connection, count_known(rows, people, now, rest_days=rest_days))


def write_large(
    database: Database, rows: Sequence[Row], *, now: datetime, rest_days: int = REST_DAYS.default
) -> list[bool | None]:
    """`meet` and `write_group` for a group of BUSY events or more, in the caller's thread.

    Making such a group ready keeps Python busy for tens of milliseconds, in which an event loop
    would answer nobody and the other group's transaction would stand still. Once more where somebody was erased
    meanwhile, see `write_again`.
    """
    try:
        with database.batch() as connection:
            people = run(connection, resolve.people(_people(rows)))
        with database.batch() as connection:
            return run(connection, count_known(rows, people, now, rest_days=rest_days))
    except INTERRUPTED:
        return write_again(database, rows, now=now, rest_days=rest_days)


def write_again(
    database: Database, rows: Sequence[Row], *, now: datetime, rest_days: int = REST_DAYS.default
) -> list[bool | None]:
    """The same, after it was INTERRUPTED: all in one transaction, while which nobody is erased.

    Who was erased meanwhile comes into being anew, with what is said of them here and nothing else; unless it is
    remembered that they were (`described.endings`).
    """
    with database.batch() as connection:
        keep_everybody(connection)
        return run(connection, count_rows(rows, now=now, rest_days=rest_days))


def count_rows(
    rows: Sequence[Row], *, now: datetime, large: int = LARGE, rest_days: int = REST_DAYS.default
) -> Steps[list[bool | None]]:
    """The steps of `meet` and `write_group`, for a transaction that has more to do. The rest: see `counting.count`."""
    people = yield from resolve.people(_people(rows))
    return (yield from count_known(rows, people, now, large, rest_days=rest_days))


def count_known(
    rows: Sequence[Row],
    people: Mapping[Key, Known],
    now: datetime,
    large: int = LARGE,
    *,
    rest_days: int = REST_DAYS.default,
) -> Steps[list[bool | None]]:
    """The steps of `write_group`, for a transaction that has more to do. large: see `counting.count`."""
    accepted: list[bool | None] = [False] * len(rows)
    numbers = _once(rows)
    if any((organisation, event.person) not in people for organisation, event in rows):
        accepted = [False if (whose, event.person) in people else None for whose, event in rows]
        numbers = [number for number in numbers if accepted[number] is not None]
    fresh = yield from counting.count(_group(rows, numbers, people), now=now, large=large, rest_days=rest_days)
    for number in fresh["number"].to_list():
        accepted[number] = True
    return accepted


def _once(rows: Sequence[Row]) -> list[int]:
    """The numbers of rows whose id did not occur before in the group."""
    first: dict[Key, int] = {}
    for number, (organisation, event) in enumerate(rows):
        first.setdefault((organisation, event.id), number)
    return list(first.values())


def _people(rows: Iterable[Row]) -> dict[Key, str | None]:
    wanted: dict[Key, str | None] = {}
    for organisation, event in rows:
        key = (organisation, event.person)
        zone = event.properties.get(ZONE)
        if known(zone) or key not in wanted:
            wanted[key] = zone if known(zone) else None
    return wanted


def _group(rows: Sequence[Row], numbers: list[int], resolved: Mapping[Key, Known]) -> pl.DataFrame:
    pairs = [rows[number] for number in numbers]
    people = [resolved[organisation, event.person] for organisation, event in pairs]
    events = [event for _, event in pairs]
    said = [event.properties for event in events]
    return pl.DataFrame(
        {
            "number": numbers,
            "organisation_id": [person.organisation_id for person in people],
            "person_id": [person.id for person in people],
            "zone": [person.zone for person in people],
            "id": [event.id for event in events],
            "kind": [event.kind for event in events],
            "occurred_at": pl.Series([round(event.occurred_at.timestamp() * 1e6) for event in events]).cast(INSTANT),
            "content_id": [event.content_id for event in events],
            "skill_id": [event.skill_id for event in events],
            "topic": [event.topic for event in events],
            "properties": LINES.encode_lines(said).decode().split("\n")[:-1],
            **measures([event.kind for event in events], said),
        },
        schema=GROUP,
    )
