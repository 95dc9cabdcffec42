"""People, their groups and the catalogue."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tactful.kernel.errors import BadInput, NotFound
from tactful.kernel.records import Event
from tactful.store import catalogue, events, people
from tactful.store.catalogue import Content, Skill
from tactful.store.database import Database, Identity
from tactful.store.memberships import Membership
from tactful.store.people import Person
from tactful.store.resolve import BUCKETS, holdout_bucket
from tactful.store.steps import run

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


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
        ana, ben = (people.find(connection, "acme", person) for person in ("ana", "ben"))
        people.erase(connection, "acme", "ana")
        with pytest.raises(NotFound):
            people.find(connection, "acme", "ana")
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


async def test_the_catalogue_keeps_what_was_written_last(database: Database) -> None:
    await write(database, Person("ana"))
    async with database.acting_as(Identity("acme")) as connection:
        await catalogue.write_skill(connection, Skill("limits", title="Limits", difficulty=0.4))
        await catalogue.write_content(connection, Content("l1", title="Lesson", skills=["limits"], topics=["calculus"]))
        await catalogue.write_content(connection, Content("l1", title="Lesson 1", kind="video"))
        lesson = await catalogue.content(connection, "l1")
        limits = await catalogue.skill(connection, "limits")
        missing = await catalogue.skill(connection, "nothing")
    assert lesson is not None
    assert (lesson["title"], lesson["kind"], lesson["skills"], lesson["topics"]) == ("Lesson 1", "video", [], [])
    assert limits is not None
    assert limits["difficulty"] == 0.4
    assert missing is None


def test_holdout_buckets_are_spread_evenly_and_differ_between_organisations() -> None:
    buckets = [holdout_bucket(7, str(number)) for number in range(5000)]
    assert all(0 <= bucket < BUCKETS for bucket in buckets)
    tenth = sum(bucket < BUCKETS / 10 for bucket in buckets)
    assert 400 < tenth < 600
    assert buckets != [holdout_bucket(8, str(number)) for number in range(5000)]
