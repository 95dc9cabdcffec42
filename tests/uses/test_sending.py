"""What leaves the product: asked about again, sent once, tried again, or sent another way; and never after a stop."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tactful.kernel.errors import ChannelRefused, Refusal
from tactful.kernel.ports import Promise
from tactful.kernel.records import Delivery
from tactful.store.database import Database
from tactful.uses.sending.settings import ACTION_URL, DOUBTFUL_WAVE, LEASE, TRIES
from tests.living import NOW, one, rows
from tests.uses.sending import CHANNEL, Line, deliveries, met, plan, reached, send

PEOPLE = [f"p{number}" for number in range(40)]


def refusing(refusal: Refusal, after: float | None = None) -> Any:
    return lambda delivery: ChannelRefused("No.", refusal=refusal, after=after)


def cut_off(delivery: Delivery) -> Exception:
    return ConnectionResetError("the line is dead")


async def test_what_is_due_is_worded_sent_and_noted(closed_database: Database, redis_url: str) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    line = Line()
    assert await send(closed_database, redis_url, line) == 1
    (taken,), (row,) = line.taken, deliveries(closed_database)
    assert (row["state"], row["reference"], row["attempts"], row["sent_at"]) == ("sent", "taken 1", 1, NOW)
    assert (row["intervention"], row["shown_at"]) == ("shown", NOW)
    assert (taken.message.title, taken.message.body) == (row["title"], row["message"])
    assert taken.message.title
    assert (taken.address, taken.mark) == ("to ana", row["mark"].hex)
    assert one(closed_database, "SELECT sent FROM addresses") == 1


async def test_the_link_is_the_products_own_and_the_way_out_is_ours(closed_database: Database, redis_url: str) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    line = Line()
    settings = {
        ACTION_URL.name: "https://learn.example/go/{action}?m={mark}",
        "deliver.public_url": "https://t.example/",
    }
    await send(closed_database, redis_url, line, settings=settings)
    (taken,) = line.taken
    token = one(closed_database, "SELECT token FROM addresses")
    assert taken.message.action.startswith("https://learn.example/go/")
    assert taken.message.action.endswith(f"?m={taken.mark}")
    assert taken.out == f"https://t.example/api/v1/out/{token.hex}"


async def test_several_workers_send_each_once(closed_database: Database, redis_url: str) -> None:
    met(closed_database, *PEOPLE)
    plan(closed_database, *PEOPLE)
    line = Line(Promise.AT_MOST_ONCE)
    await asyncio.gather(*(send(closed_database, redis_url, line) for _ in range(3)))
    assert sorted(each.address or "" for each in line.taken) == sorted(f"to {who}" for who in PEOPLE)
    assert {row["state"] for row in deliveries(closed_database)} == {"sent"}


FORBIDDEN = {
    "do not disturb": """INSERT INTO user_notification_preferences (user_id, organization_id, max_notifications_per_day,
                         dnd_enabled) SELECT id, organisation_id, 5, true FROM people""",
    "channel switched off": """INSERT INTO user_notification_preferences (user_id, organization_id,
                               max_notifications_per_day, disabled_channels)
                               SELECT id, organisation_id, 5, '{line}' FROM people""",
    "stopped": """UPDATE people SET consent = '{"outreach": false}'""",
    "consent taken back": """UPDATE people SET consent = '{"engagement": false}'""",
    "paused": "INSERT INTO pauses (organisation_id, scope, name, actor) SELECT 1, 'channel', 'line', 'test'",
}


@pytest.mark.parametrize("why", FORBIDDEN)
async def test_what_was_forbidden_meanwhile_does_not_go(why: str, closed_database: Database, redis_url: str) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    with closed_database.batch() as connection:
        connection.execute(FORBIDDEN[why])
    line = Line()
    assert await send(closed_database, redis_url, line) == 0
    assert line.taken == []
    (row,) = deliveries(closed_database)
    assert row["state"] in ("withdrawn", "due")
    assert row["attempts"] == 0


async def test_what_would_wake_them_waits_for_the_morning(closed_database: Database, redis_url: str) -> None:
    met(closed_database, "ana")
    night = NOW.replace(hour=22, minute=0)
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO user_notification_preferences (user_id, organization_id, max_notifications_per_day,
               quiet_hours_start, quiet_hours_end) SELECT id, organisation_id, 5, '21:00', '23:00' FROM people"""
        )
    plan(closed_database, "ana", at=night)
    line = Line()
    assert await send(closed_database, redis_url, line, at=night) == 0
    (row,) = deliveries(closed_database)
    assert (row["state"], row["due_at"]) == ("due", night.replace(hour=23))
    assert await send(closed_database, redis_url, line, at=night.replace(hour=23)) == 1


async def test_what_is_not_taken_now_is_tried_later_and_later(closed_database: Database, redis_url: str) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    line, at, waits = Line(answer=refusing(Refusal.RETRY)), NOW, []
    for _ in range(4):
        await send(closed_database, redis_url, line, at=at, settings={TRIES.name: 4})
        (row,) = deliveries(closed_database)[:1]
        waits.append((row["due_at"] - at).total_seconds())
        at = row["due_at"]
        # A provider that was away is left alone; here it has come back.
        with_rest_over(redis_url)
    assert waits[:3] == [30, 60, 120]
    assert (row["state"], row["attempts"], row["error"]) == ("refused", 4, "No.")


def with_rest_over(redis_url: str) -> None:
    import redis

    with redis.Redis.from_url(redis_url) as valkey:
        for key in valkey.scan_iter("tactful:pace:*"):
            valkey.delete(key)


async def test_words_that_cannot_be_stored_keep_nothing_else_from_being_noted(
    closed_database: Database, redis_url: str
) -> None:
    met(closed_database, "ana", "ben")
    plan(closed_database, "ana", "ben")

    def odd(delivery: Delivery) -> Exception | None:
        said = ChannelRefused("No\x00, \ud800.", refusal=Refusal.INVALID)
        return said if delivery.address == "to ana" else None

    assert await send(closed_database, redis_url, Line(answer=odd)) == 1
    ana, ben, *_ = deliveries(closed_database)
    assert (ana["state"], ana["error"], ben["state"]) == ("refused", "No , ?.", "sent")


async def test_a_provider_that_asks_for_rest_gets_it_with_all_its_messages(
    closed_database: Database, redis_url: str
) -> None:
    met(closed_database, *PEOPLE)
    plan(closed_database, *PEOPLE)
    line = Line(Promise.AT_MOST_ONCE, refusing(Refusal.RETRY, after=40), pace=1000)
    await send(closed_database, redis_url, line, settings={DOUBTFUL_WAVE.name: 4})
    states = [row["attempts"] for row in deliveries(closed_database)]
    # What was on its way when it said so; the rest was not even tried.
    assert 0 < sum(states) <= 8
    line.answer = lambda delivery: None
    assert await send(closed_database, redis_url, line, at=NOW + timedelta(hours=1)) == 0
    woken = rows(closed_database, "SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = 'tactful.send'")
    assert woken
    assert all(row["args"]["channel"] == CHANNEL for row in woken)
    with_rest_over(redis_url)
    assert await send(closed_database, redis_url, line, at=NOW + timedelta(hours=1)) == len(PEOPLE)


@pytest.mark.parametrize("refusal", [Refusal.GONE, Refusal.BLOCKED])
async def test_who_is_not_there_or_does_not_want_it_is_found_another_way(
    refusal: Refusal, closed_database: Database, redis_url: str
) -> None:
    met(closed_database, "ana")
    with closed_database.batch() as connection:
        reached(connection, "other", "ana")
    plan(closed_database, "ana")
    await send(closed_database, redis_url, Line(answer=refusing(refusal)))
    first, second = deliveries(closed_database)
    assert (first["state"], first["refusal"], first["now_through"]) == ("refused", refusal, "other")
    assert (second["channel"], second["state"]) == ("other", "due")
    off = rows(closed_database, "SELECT disabled_because FROM addresses WHERE channel = 'line'")
    assert [row["disabled_because"] for row in off] == [refusal]


async def test_what_gets_through_nowhere_waits_inside_the_product(closed_database: Database, redis_url: str) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    await send(closed_database, redis_url, Line(answer=refusing(Refusal.INVALID)))
    refused, waiting = deliveries(closed_database)
    assert (refused["state"], waiting["channel"], waiting["state"]) == ("refused", "in_app", "due")
    assert waiting["intervention"] == "planned"
    # The message was wrong, not the address.
    assert one(closed_database, "SELECT disabled_at FROM addresses") is None


@pytest.mark.parametrize(("promise", "state"), [(Promise.IDEMPOTENT, "due"), (Promise.AT_MOST_ONCE, "unknown")])
async def test_what_may_have_arrived_goes_again_only_where_a_copy_is_known(
    promise: Promise, state: str, closed_database: Database, redis_url: str
) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    await send(closed_database, redis_url, Line(promise, cut_off))
    (row,) = deliveries(closed_database)
    assert (row["state"], row["intervention"]) == (state, "planned")
    assert "the line is dead" in row["error"]


@pytest.mark.parametrize(("promise", "taken"), [(Promise.IDEMPOTENT, 1), (Promise.AT_MOST_ONCE, 0)])
async def test_what_a_worker_was_cut_off_from_is_taken_up(
    promise: Promise, taken: int, closed_database: Database, redis_url: str
) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    with closed_database.batch() as connection:
        connection.execute("UPDATE deliveries SET state = 'sending', claimed_at = %s, attempts = 1", (NOW,))
    line = Line(promise)
    assert await send(closed_database, redis_url, line, at=NOW + timedelta(seconds=LEASE.default)) == 0
    later = NOW + timedelta(seconds=LEASE.default + 1)
    assert await send(closed_database, redis_url, line, at=later) == taken
    (row,) = deliveries(closed_database)
    assert row["state"] == ("sent" if taken else "unknown")
    assert len(line.taken) == taken


async def test_a_provider_is_sent_no_more_than_it_takes(closed_database: Database, redis_url: str) -> None:
    met(closed_database, *PEOPLE)
    plan(closed_database, *PEOPLE)
    line = Line(pace=20)
    began = asyncio.get_running_loop().time()
    assert await send(closed_database, redis_url, line) == len(PEOPLE)
    # A second's worth at once, and the others no faster than twenty a second.
    assert asyncio.get_running_loop().time() - began > 0.9
