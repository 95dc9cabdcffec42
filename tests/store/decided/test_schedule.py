"""Whoever is described, moved or heard of while a tick looks at them is looked at again by the next one."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from tactful.facts.moments import INSTANT
from tactful.store.database import AsyncConnection, Database
from tactful.store.decided import schedule
from tactful.store.described import organisations, people
from tactful.store.described.people import Person
from tests.living import NOW, one, rows, settle_in

LATER = NOW + timedelta(hours=9)
DUE = "SELECT count(*) FROM person_state WHERE next_due_at <= %s"


def look(database: Database) -> pl.DataFrame:
    """What a tick remembers of the people it is about to decide about."""
    return pl.DataFrame(
        rows(database, "SELECT person_id, changed_at FROM person_state"),
        {"person_id": pl.Int64, "changed_at": INSTANT},
    )


def decide(database: Database, seen: pl.DataFrame, *, due: datetime = LATER) -> None:
    """The end of that tick: nobody it looked at needs another look before `due`."""
    with database.batch() as connection:
        schedule.next_due(connection, seen, seen.select("person_id", pl.lit(due).alias("next_due_at")))


async def describe(connection: AsyncConnection) -> None:
    names = await (await connection.execute("SELECT external_id FROM people")).fetchall()
    told = [Person(row["external_id"], consent={"engagement": False}) for row in names]
    await people.write(connection, "acme", told, now=NOW)


async def move(connection: AsyncConnection) -> None:
    await connection.execute("UPDATE people SET zone_source = 'default'")
    await organisations.write(connection, "acme", zone="Asia/Kathmandu", now=NOW)


@pytest.mark.parametrize("change", [describe, move])
async def test_a_change_while_a_tick_is_at_work_is_not_slept_through(
    database: Database, change: Callable[[AsyncConnection], Awaitable[None]]
) -> None:
    settle_in(database, count=5)
    seen = look(database)
    async with database.service() as connection:
        await change(connection)
    decide(database, seen)
    assert one(database, DUE, NOW) == 5


async def test_a_new_zone_of_the_organisation_wakes_those_who_follow_it_only(database: Database) -> None:
    settle_in(database, count=6)
    decide(database, look(database))
    with database.batch() as connection:
        connection.execute("UPDATE people SET zone_source = CASE WHEN id % 2 = 0 THEN 'person' ELSE 'default' END")
    following = one(database, "SELECT count(*) FROM people WHERE zone_source = 'default'")
    assert 0 < following < 6
    await write_zone(database, "Asia/Kathmandu")
    assert one(database, DUE, NOW) == following
    decide(database, look(database))
    await write_zone(database, "Asia/Kathmandu")
    assert one(database, DUE, NOW) == 0, "the same zone again is no news"


async def write_zone(database: Database, zone: str) -> dict[str, Any]:
    async with database.service() as connection:
        return await organisations.write(connection, "acme", zone=zone, now=NOW)
