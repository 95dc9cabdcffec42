"""People and their groups."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tactful.kernel.errors import BadInput, Conflict, NotFound, NotReady
from tactful.kernel.records import Event
from tactful.store.database import AsyncConnection, Database
from tactful.store.described import erasure, organisations, people
from tactful.store.described.addresses import KNOWN
from tactful.store.described.lookup import find
from tactful.store.described.memberships import Membership
from tactful.store.described.people import Person
from tactful.store.sensed import events, resolve
from tactful.store.sensed.events import Row
from tactful.store.sensed.resolve import BUCKETS, Key, Known, holdout_bucket
from tactful.store.steps import run, run_async

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BLOCKED = "SELECT EXISTS (SELECT FROM pg_locks WHERE %s = ANY(pg_blocking_pids(pid))) AS somebody"


async def write(database: Database, *told: Person, now: datetime = NOW) -> None:
    async with database.service() as connection:
        await people.write(connection, "acme", told, now=now)


async def read(database: Database, person: str) -> dict[str, Any]:
    async with database.service() as connection:
        return await people.read(connection, "acme", person)


async def rows(database: Database, statement: str) -> list[dict[str, Any]]:
    async with database.service() as connection:
        return await (await connection.execute(statement)).fetchall()


async def test_what_is_left_out_stays(database: Database) -> None:
    await write(
        database,
        Person("ana", name="Ana", zone="Europe/Lisbon", locale="pt", addresses={"email": "a@example.org"}),
        Person("ben"),
    )
    await write(database, Person("ana", consent={"engagement": False}))
    await write(database, Person("ana", consent={"research": True}, locale="en"))
    ana, ben = await read(database, "ana"), await read(database, "ben")
    assert (ana["name"], ana["zone"], ana["zone_source"], ana["locale"]) == ("Ana", "Europe/Lisbon", "person", "en")
    assert ana["addresses"] == {"email": "a@example.org"}
    assert ana["consent"] == {"engagement": False, "research": True}
    assert (ben["name"], ben["zone"], ben["zone_source"], ben["locale"]) == (None, "UTC", "default", "en")


async def test_whose_word_counts_for_a_zone(database: Database) -> None:
    await write(database, Person("ana"), Person("ben", device_zone="Asia/Tokyo"))
    await write(database, Person("ana", device_zone="Asia/Kolkata"), Person("ben", zone="Europe/Paris"))
    await write(database, Person("ben", device_zone="Asia/Tokyo"))
    ana, ben = await read(database, "ana"), await read(database, "ben")
    assert (ana["zone"], ana["zone_source"]) == ("Asia/Kolkata", "device")
    assert (ben["zone"], ben["zone_source"]) == ("Europe/Paris", "person")


async def test_somebody_named_twice_is_refused_with_the_field(database: Database) -> None:
    with pytest.raises(BadInput) as refused:
        await write(database, Person("ana"), Person("ana"))
    assert refused.value.fields == ["people[1]"]


async def test_a_person_who_did_nothing_yet_is_due(database: Database) -> None:
    await write(database, Person("ana"))
    later = NOW + timedelta(days=2)
    assert await rows(database, "SELECT first_seen_at, next_due_at FROM person_state") == [
        {"first_seen_at": None, "next_due_at": NOW}
    ]
    async with database.service() as connection:
        await connection.execute("UPDATE person_state SET next_due_at = %s", (later,))
    await write(database, Person("ana", locale="pt"), now=NOW + timedelta(days=1))
    assert (await rows(database, "SELECT next_due_at FROM person_state"))[0]["next_due_at"] == NOW + timedelta(days=1)


async def test_groups_replace_what_was_there(database: Database) -> None:
    await write(
        database,
        Person("ana", groups=[Membership("5a", name="Class 5a"), Membership("chess")]),
        Person("ben", groups=[Membership("5a", role="educator")]),
    )
    await write(database, Person("ana", groups=[Membership("5a")]), Person("ben", name="Ben"))
    members = await rows(
        database,
        """SELECT p.external_id AS person, g.external_id AS "group", g.name, m.role FROM group_members m
             JOIN groups g ON g.id = m.group_id JOIN people p ON p.id = m.person_id ORDER BY 1, 2""",
    )
    assert members == [
        {"person": "ana", "group": "5a", "name": "Class 5a", "role": "member"},
        {"person": "ben", "group": "5a", "name": "Class 5a", "role": "educator"},
    ]
    await write(database, Person("ana", groups=[]))
    assert len(await rows(database, "SELECT 1 AS one FROM group_members")) == 1


async def test_batches_of_the_same_people_in_any_order_do_not_block_each_other(database: Database) -> None:
    told = [Person(f"p{number}", name="x", device_zone="Asia/Tokyo") for number in range(300)]
    await asyncio.gather(*(write(database, *(told if turn % 2 else told[::-1])) for turn in range(6)))
    assert await rows(database, "SELECT count(*) AS n FROM people") == [{"n": 300}]


async def test_batches_that_move_different_people_do_not_wait_in_a_circle(database: Database) -> None:
    names = [f"p{number:03}" for number in range(200)]
    await write(database, *map(Person, names))

    async def move(which: int) -> None:
        for zone in ("Asia/Tokyo", "Asia/Kolkata", "Europe/Paris"):
            zones = (zone if number % 4 == which else None for number in range(len(names)))
            told = (Person(name, device_zone=own) for name, own in zip(names, zones, strict=True))
            await write(database, *told)

    async def move_organisation() -> None:
        for zone in ("Asia/Tokyo", "Europe/Paris"):
            async with database.service() as connection:
                await organisations.write(connection, "acme", zone=zone, now=NOW)

    await asyncio.gather(*map(move, range(4)), move_organisation())
    assert await rows(database, "SELECT zone, zone_source, count(*) AS n FROM people GROUP BY 1, 2") == [
        {"zone": "Europe/Paris", "zone_source": "device", "n": 200}
    ]


async def test_somebody_on_a_page_is_described_while_their_first_event_is_counted(database: Database) -> None:
    """A person known from beats has no state row; describing and counting both make it, in any order."""
    names = [f"p{number}" for number in range(40)]

    async def count(name: str) -> None:
        async with database.service() as connection:
            done = Event(f"e-{name}", name, "visit", NOW)
            await run_async(connection, events.count_rows([("acme", done)], now=NOW))

    for name in names:
        async with database.service() as connection:
            await run_async(connection, resolve.people({("acme", name): None}))
        await asyncio.gather(count(name), write(database, Person(name, name="x")), count(name))
    state = await rows(database, "SELECT count(*) AS n, sum(events) AS counted FROM person_state")
    assert state == [{"n": 40, "counted": 40}]


async def test_what_two_say_of_one_person_at_once_is_both_kept(database: Database) -> None:
    channels = [f"channel_{number}" for number in range(12)]
    await asyncio.gather(
        *(
            write(database, Person("ana", addresses={name: name}, consent={name: True}, groups=[Membership(name)]))
            for name in channels
        )
    )
    ana = await read(database, "ana")
    assert ana["addresses"] == {name: name for name in channels}
    assert ana["consent"] == dict.fromkeys(channels, True)
    # Groups are replaced as a whole: one of them was last.
    assert await rows(database, "SELECT count(*) AS n FROM group_members") == [{"n": 1}]


async def test_saying_the_same_again_changes_nothing(database: Database) -> None:
    ana = Person(
        "ana", "Ana", "Europe/Lisbon", "Asia/Tokyo", "pt", {"email": "a@example.org", "push": None},
        {"engagement": True, "research": None}, [Membership("5a", "Class 5a", "educator")],
    )  # fmt: skip
    everything = f"SELECT name, zone, zone_source, locale, {KNOWN}, consent, holdout_bucket FROM people p"
    await write(database, ana)
    first = await rows(database, everything)
    await write(database, ana, now=NOW + timedelta(days=1))
    assert await rows(database, everything) == first
    assert first[0] | {"holdout_bucket": 0} == {
        "name": "Ana", "zone": "Europe/Lisbon", "zone_source": "person", "locale": "pt",
        "addresses": {"email": "a@example.org"}, "consent": {"engagement": True}, "holdout_bucket": 0,
    }  # fmt: skip
    assert await rows(database, "SELECT role FROM group_members") == [{"role": "educator"}]


async def test_a_device_tells_the_zone_of_somebody_new(database: Database) -> None:
    await write(database, Person("ana", device_zone="Asia/Tokyo"), Person("ben", "Ben", "Asia/Tokyo", "Europe/Paris"))
    ana, ben = await read(database, "ana"), await read(database, "ben")
    assert (ana["zone"], ana["zone_source"]) == ("Asia/Tokyo", "device")
    assert (ben["zone"], ben["zone_source"]) == ("Asia/Tokyo", "person")


async def test_nobody_is_found_who_is_not_there(database: Database) -> None:
    await write(database, Person("ana"))
    async with database.service() as connection:
        with pytest.raises(NotFound, match="nobody"):
            await people.read(connection, "other", "ana")


async def test_erasing_leaves_nothing_of_a_person_and_nothing_of_anybody_else_changes(database: Database) -> None:
    await write(database, Person("ana", groups=[Membership("5a")]), Person("ben"))
    with database.batch() as connection:
        for person in ("ana", "ben"):
            done = Event(person, person, "answer", NOW, skill_id="s", properties={"score": 1})
            run(connection, events.count_rows([("acme", done)], now=NOW))
        ana, ben = (find(connection, "acme", person) for person in ("ana", "ben"))
        erasure.erase(connection, "acme", "ana")
        with pytest.raises(NotFound):
            find(connection, "acme", "ana")
        owned = connection.execute(
            """SELECT c.table_name, c.column_name FROM information_schema.columns c
                 JOIN pg_class k ON k.relname = c.table_name AND k.relnamespace = 'public'::regnamespace
                WHERE c.table_schema = 'public' AND NOT k.relispartition
                  AND c.column_name IN ('person_id', 'user_id')"""
        ).fetchall()
        assert len(owned) > 10
        for row in owned:
            left = connection.execute(
                f"SELECT count(*) AS n FROM {row['table_name']} WHERE {row['column_name']} = %s", (ana,)
            ).fetchone()
            assert left == {"n": 0}, row
        kept = connection.execute("SELECT events FROM person_state WHERE person_id = %s", (ben,)).fetchone()
        assert kept == {"events": 1}


async def test_what_is_being_counted_while_somebody_is_erased_goes_with_them(database: Database) -> None:
    await write(database, Person("ana"))
    done = Event("e", "ana", "visit", NOW)
    async with database.service() as connection:
        await run_async(connection, events.count_rows([("acme", done)], now=NOW))
        erasing = asyncio.create_task(asyncio.to_thread(_erase, database, "ana"))
        # Until it waits for the events above.
        while not await _blocks_somebody(connection, connection.info.backend_pid):
            await asyncio.sleep(0.01)
    await erasing
    for table in ("people", "events", "person_day", "person_hour", "person_session", "person_state"):
        assert await rows(database, f"SELECT count(*) AS n FROM {table}") == [{"n": 0}], table


async def test_nothing_is_counted_for_somebody_who_was_erased_in_the_meantime(database: Database) -> None:
    rows_ = [("acme", Event("e", "ana", "visit", NOW))]
    async with database.service() as connection:
        known = await events.meet(connection, rows_)
    await run_group(database, [("acme", Event("before", "ana", "visit", NOW))])
    with database.batch() as erasing:
        erasure.erase(erasing, "acme", "ana")
        counting = asyncio.create_task(run_group(database, rows_, known))
        async with database.service() as watching:
            while not await _blocks_somebody(watching, erasing.info.backend_pid):
                await asyncio.sleep(0.01)
    with pytest.raises(Conflict, match="erased"):
        await counting
    for table in ("people", "events", "person_day", "person_hour", "person_session", "person_state"):
        assert await rows(database, f"SELECT count(*) AS n FROM {table}") == [{"n": 0}], table
    await run_group(database, rows_)
    assert await rows(database, "SELECT count(*) AS n FROM events") == [{"n": 1}]


async def run_group(database: Database, rows_: Sequence[Row], known: Mapping[Key, Known] | None = None) -> None:
    async with database.service() as connection:
        known = known or await events.meet(connection, rows_)
        await events.write_group(connection, rows_, known, now=NOW)


async def test_who_is_erased_while_being_described_is_not_half_written(database: Database) -> None:
    await write(database, Person("ana"), Person("ben"))
    with database.batch() as connection:
        erasure.erase(connection, "acme", "ana")
        describing = asyncio.create_task(write(database, Person("ben", name="Ben"), Person("ana", name="Ana")))
        async with database.service() as watching:
            while not await _blocks_somebody(watching, connection.info.backend_pid):
                await asyncio.sleep(0.01)
    with pytest.raises(NotReady, match="erased"):
        await describing
    assert await rows(database, "SELECT external_id, name FROM people") == [{"external_id": "ben", "name": None}]
    await write(database, Person("ana", name="Ana"))
    assert (await read(database, "ana"))["name"] == "Ana"


def _erase(database: Database, person: str) -> None:
    with database.batch() as connection:
        erasure.erase(connection, "acme", person)


async def _blocks_somebody(watching: AsyncConnection, process: int) -> bool:
    row = await (await watching.execute(BLOCKED, (process,))).fetchone()
    return row is not None and bool(row["somebody"])


def test_holdout_buckets_are_spread_evenly_and_differ_between_organisations() -> None:
    buckets = [holdout_bucket(7, str(number)) for number in range(5000)]
    assert all(0 <= bucket < BUCKETS for bucket in buckets)
    tenth = sum(bucket < BUCKETS / 10 for bucket in buckets)
    assert 400 < tenth < 600
    assert buckets != [holdout_bucket(8, str(number)) for number in range(5000)]
