"""What people leave unanswered, take up or put off changes what comes next to them."""

from datetime import datetime, timedelta

from tactful.store.database import Database, Identity
from tactful.store.decided import inbox, interventions, snoozed
from tests.living import NOW, one, rows
from tests.uses.sending import Line, deliveries, met, plan, send

DAY = timedelta(days=1)
KIND = "proactive_checkin"


async def answer(database: Database, person: str, response: str, at: datetime = NOW) -> None:
    number = one(database, "SELECT max(i.id) FROM intervention_logs i JOIN people p ON p.id = i.user_id "
                           f"WHERE p.external_id = '{person}'")  # fmt: skip
    async with database.acting_as(Identity("acme", person)) as connection:
        told = await inbox.answer(connection, number, response, at=at, snooze=timedelta(hours=1))
    assert told is not None


def ignored(database: Database) -> dict[str, dict[str, int]]:
    return {
        row["external_id"]: row["ignored_by_kind"]
        for row in rows(
            database,
            "SELECT external_id, ignored_by_kind FROM people p JOIN attention a ON a.person_id = p.id ORDER BY 1",
        )
    }


def attended(database: Database) -> None:
    with database.batch() as connection:
        connection.execute(
            "INSERT INTO attention (person_id, organisation_id, local_day) "
            "SELECT id, organisation_id, '2026-01-01' FROM people ON CONFLICT DO NOTHING"
        )


def over(database: Database, days: int) -> None:
    with database.batch() as connection:
        interventions.expire(connection, NOW + days * DAY)


async def test_what_was_seen_and_left_is_counted_and_taking_one_up_starts_anew(
    database: Database, redis_url: str
) -> None:
    met(database, "ana", "ben", "cid")
    attended(database)
    for round_ in range(2):
        plan(database, "ana", "ben", at=NOW + 7 * round_ * DAY)
        await send(database, redis_url, Line(), at=NOW + 7 * round_ * DAY)
        over(database, 7 * round_ + 1)
    # What nobody was sent is not ignored either.
    plan(database, "cid")
    over(database, 1)
    assert ignored(database) == {"ana": {KIND: 2}, "ben": {KIND: 2}, "cid": {}}
    plan(database, "ana", "ben", at=NOW + 21 * DAY)
    await send(database, redis_url, Line(), at=NOW + 21 * DAY)
    await answer(database, "ana", "engaged", NOW + 21 * DAY)
    await answer(database, "ben", "dismissed", NOW + 21 * DAY)
    assert ignored(database) == {"ana": {}, "ben": {KIND: 2}, "cid": {}}
    told = {row["address"]: row["answered"] for row in rows(database, "SELECT address, answered FROM addresses")}
    assert told == {"to ana": 1, "to ben": 0, "to cid": 0}


async def test_what_was_put_off_is_sent_again_once_and_with_a_mark_of_its_own(
    database: Database, redis_url: str
) -> None:
    met(database, "ana")
    plan(database, "ana")
    line = Line()
    await send(database, redis_url, line)
    await answer(database, "ana", "snoozed")
    for minutes in (30, 60, 61, 75):
        at = NOW + timedelta(minutes=minutes)
        with database.batch() as connection:
            assert snoozed.back(connection, at) == (minutes == 60)
        await send(database, redis_url, line, at=at)
    assert len(line.taken) == len({each.mark for each in line.taken}) == 2
    assert [row["state"] for row in deliveries(database)] == ["sent", "sent"]
    await answer(database, "ana", "engaged", NOW + timedelta(minutes=80))
    assert one(database, "SELECT state FROM intervention_logs") == "answered"


async def test_what_was_put_off_on_one_device_does_not_come_on_another_meanwhile(
    database: Database, redis_url: str
) -> None:
    met(database, "ana")
    plan(database, "ana")
    await answer(database, "ana", "snoozed")
    line = Line()
    await send(database, redis_url, line)
    assert line.taken == []
    with database.batch() as connection:
        assert snoozed.back(connection, NOW + timedelta(hours=1)) == 1
    await send(database, redis_url, line, at=NOW + timedelta(hours=1))
    assert len(line.taken) == 1
