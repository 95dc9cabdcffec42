"""Whoever stops gets nothing more, at whatever stage something for them is, and whichever way they say it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import httpx
import pytest

from tactful.api.app import create_app
from tactful.api.auth import issue
from tactful.bootstrap import Engine
from tactful.bootstrap.settings import JWT_SECRET
from tactful.kernel.chance import mix
from tactful.kernel.clock import SetClock
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.testing.pubsub_peer import PubsubPeer
from tactful.testing.telegram import TelegramPeer
from tactful.uses.sending.wave import prepare
from tests.api.conftest import KEY, calling, engine_settings
from tests.chats import chatting, hear
from tests.deliver.waiting import RULES
from tests.living import NOW, one, rows
from tests.uses.sending import CHANNEL, Line, met, plan, reached, send

OUTSIDE = RULES.replace(channels=frozenset({CHANNEL}))
THEIRS = "p.id = d.person_id AND p.external_id = ANY(%(people)s)"
# Where what is for them stands when they stop, and what makes it so once it was planned.
STAGES = {
    "due": "",
    "planned": f"UPDATE deliveries d SET due_at = due_at + interval '1 hour' FROM people p WHERE {THEIRS}",
    # What was put off has no delivery yet.
    "deferred": f"""WITH later AS (
                      UPDATE intervention_logs i SET state = 'deferred', due_at = due_at + interval '1 hour'
                        FROM people p WHERE p.id = i.user_id AND p.external_id = ANY(%(people)s))
                    DELETE FROM deliveries d USING people p WHERE {THEIRS}""",
    "being sent": f"UPDATE deliveries d SET state = 'sending', claimed_at = %(now)s FROM people p WHERE {THEIRS}",
    "given up": f"UPDATE deliveries d SET state = 'refused', refusal = 'retry' FROM people p WHERE {THEIRS}",
    "asked for": """DELETE FROM intervention_logs i USING people p
                     WHERE p.id = i.user_id AND p.external_id = ANY(%(people)s)""",
    "snoozed": "",
}


@dataclass
class Standing:
    """An engine, and the other sides of its channels."""

    engine: Engine
    client: httpx.AsyncClient
    chats: TelegramPeer
    heard: PubsubPeer
    clock: SetClock

    def bearer(self, scope: str) -> dict[str, str]:
        token = issue(KEY, sub="olga", org="acme", scope=scope, now=self.clock.now(), hours=1)
        return {"Authorization": f"Bearer {token}"}

    async def call(self, method: str, path: str, body: object) -> None:
        told = await self.client.request(method, path, json=body, headers=self.bearer("service"))
        assert told.status_code == 200, told.text


async def in_their_chat(at: Standing, who: str) -> None:
    at.chats.says(at.chats.address(who), "/stop")
    await hear(at.engine, "telegram")


async def by_the_link_in_a_message(at: Standing, who: str) -> None:
    wanted = """SELECT a.token FROM addresses a JOIN people p ON p.id = a.person_id
                 WHERE p.external_id = %s AND a.channel = 'pubsub'"""
    token = one(at.engine.database, wanted, who)
    # As mail programs press it by themselves.
    told = await at.client.post(f"/api/v1/out/{token.hex}", data={"List-Unsubscribe": "One-Click"})
    assert told.status_code == 200, told.text


async def by_their_product(at: Standing, who: str) -> None:
    await at.call("POST", "/api/v1/stop", {"user_id": who})


async def by_taking_back_consent(at: Standing, who: str) -> None:
    await at.call("PUT", "/proactive/consent", {"user_id": who, "engagement": False})


async def by_being_described(at: Standing, who: str) -> None:
    await at.call("PUT", f"/api/v1/people/{who}", {"consent": {"outreach": False}})


WAYS: dict[str, Callable[[Standing, str], Awaitable[None]]] = {
    each.__name__: each
    for each in (in_their_chat, by_the_link_in_a_message, by_their_product, by_taking_back_consent, by_being_described)
}


@pytest.fixture
async def standing(closed_database: Database, redis_url: str, anyio_backend: str) -> AsyncIterator[Standing]:
    clock = SetClock(NOW)
    with TelegramPeer(clock=clock, wait=0) as chats, PubsubPeer(redis_url) as heard:
        more = {**heard.settings(), JWT_SECRET.name: KEY}
        async with (
            chatting(closed_database, redis_url, chats, clock, **more) as engine,
            calling(create_app(engine)) as client,
        ):
            yield Standing(engine, client, chats, heard, clock)


async def stand(at: Standing, stage: str, people: list[str]) -> None:
    """Let something be on its way to each of these people, just there."""
    plan(at.engine.database, *people, channel="pubsub")
    with at.engine.database.batch() as connection:
        if STAGES[stage]:
            connection.execute(STAGES[stage], {"people": people, "now": NOW})
    if stage == "asked for":
        for who in people:
            await at.engine.request_outreach("acme", who, "check_in", scheduled_time=NOW + timedelta(hours=1))
    if stage == "snoozed":
        await at.engine.send_due("pubsub")
        shown = """SELECT p.external_id AS who, i.id FROM intervention_logs i JOIN people p ON p.id = i.user_id
                    WHERE p.external_id = ANY(%s)"""
        for row in rows(at.engine.database, shown, people):
            await at.engine.answer("acme", row["who"], row["id"], "snoozed")


async def days_go_by(at: Standing) -> None:
    """Everything is tried again by hand, and by itself, for two days."""
    doubtful = await at.engine.undelivered("acme", limit=100)
    await at.engine.replay_deliveries("acme", [each["id"] for each in doubtful["deliveries"]])
    for step in (1, 10, 60, 60, 24 * 60, 18 * 60):
        at.clock.advance(timedelta(minutes=step))
        await at.engine.tick(everybody=True)
        await at.engine.wake_channels()
        for channel in ("pubsub", "telegram"):
            await at.engine.send_due(channel)


async def test_nothing_reaches_who_has_stopped_from_wherever_it_stands(standing: Standing) -> None:
    who = {(stage, way): f"p{number}" for number, (stage, way) in enumerate(product(STAGES, ["", *WAYS]))}
    met(standing.engine.database, *who.values(), channel="telegram")
    with standing.engine.database.batch() as connection:
        reached(connection, "pubsub", *who.values(), prefix="to-")
        connection.execute("DELETE FROM addresses WHERE channel = 'telegram'")
    for each in who.values():
        link = await standing.engine.link_started("acme", each, "telegram")
        assert await standing.engine.linked("telegram", link["token"], standing.chats.address(each)) is not None
    # What is due last, for whoever snoozes is sent something before.
    for stage in reversed(STAGES):
        await stand(standing, stage, [each for (at, _), each in who.items() if at == stage])
    before = len(standing.heard.taken)
    for (_, way), each in who.items():
        if way:
            await WAYS[way](standing, each)
    replies = len(standing.chats.taken)
    await days_go_by(standing)
    told = {each.who for each in (*standing.heard.taken[before:], *standing.chats.taken[replies:])}
    sent = {told_to for told_to, each in who.items() if told & {f"to-{each}", standing.chats.address(each)}}
    assert {(stage, way) for stage, way in sent if way} == set()
    # Whoever did not stop was sent it, so each stage is one from which something comes.
    assert {stage for stage, way in sent if not way} >= STAGES.keys() - {"snoozed"}


async def test_stopping_one_channel_stops_that_one_and_is_no_yes_to_others(standing: Standing) -> None:
    database = standing.engine.database
    met(database, "ana", "ben", "cleo", channel="telegram")
    with database.batch() as connection:
        connection.execute("DELETE FROM addresses")
        reached(connection, "pubsub", "ana", "ben", "cleo", prefix="to-")
    plan(database, "ana", "ben", "cleo", channel="pubsub")
    wanted = "SELECT a.token FROM addresses a JOIN people p ON p.id = a.person_id WHERE p.external_id = %s"
    stale = one(database, wanted, "ben")
    await standing.engine.stop("acme", "ben")
    for token in (one(database, wanted, "ana"), stale):
        told = await standing.client.post(f"/api/v1/out/{token.hex}", data={"do": "only"})
        assert told.status_code == 200, told.text
    assert (await standing.engine.preferences("acme", "ana"))["disabled_channels"] == ["pubsub"]
    assert await standing.engine.consent_history("acme", "ana") == []
    assert (await standing.engine.consent("acme", "ben"))["outreach"] is False
    await standing.engine.send_due("pubsub")
    assert [each.who for each in standing.heard.taken] == ["to-cleo"]


BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def test_who_says_no_while_a_worker_looks_is_answered_after_it_or_sent_nothing(closed_database: Database) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    with ThreadPoolExecutor(1) as thread, closed_database.batch() as saying:
        saying.execute("SELECT 1 FROM people FOR NO KEY UPDATE")
        saying.execute("""UPDATE people SET consent = '{"outreach": false}'""")
        # It neither waits for them nor goes by what they allowed before.
        looked = thread.submit(prepare, closed_database, OUTSIDE, Settings({}), CHANNEL, at=NOW, size=10)
        assert looked.result(timeout=20).parcels == []
    assert prepare(closed_database, OUTSIDE, Settings({}), CHANNEL, at=NOW, size=10).parcels == []


def test_who_is_just_being_sent_something_is_answered_only_when_that_is_certain(closed_database: Database) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    no = """UPDATE people SET consent = '{"outreach": false}'"""

    def say_no() -> None:
        with closed_database.batch() as saying:
            saying.execute(no)

    with ThreadPoolExecutor(2) as threads, closed_database.batch() as held:
        # Whoever looked is kept from noting that it goes.
        held.execute("LOCK TABLE deliveries IN SHARE MODE")
        looking = threads.submit(prepare, closed_database, OUTSIDE, Settings({}), CHANNEL, at=NOW, size=10)
        while one(closed_database, BLOCKED) < 1:
            assert not looking.done()
        saying = threads.submit(say_no)
        while one(closed_database, BLOCKED) < 2:
            assert not saying.done()
        held.commit()
        saying.result(timeout=20)
        # It was on its way before the answer came.
        assert rows(closed_database, "SELECT state FROM deliveries") == [{"state": "sending"}]
        assert len(looking.result(timeout=20).parcels) == 1


PEOPLE, SENDERS = 60, 3
ON_ITS_WAY = """
SELECT d.mark FROM deliveries d JOIN people p ON p.id = d.person_id WHERE p.external_id = %s AND d.state <> 'due'
"""


def test_what_was_not_on_its_way_when_the_answer_came_never_goes(closed_database: Database, redis_url: str) -> None:
    people = [f"p{number}" for number in range(PEOPLE)]
    met(closed_database, *people)
    line, begun, done = Line(pace=20), threading.Event(), threading.Event()
    plan(closed_database, *people)
    allowed: dict[str, set[str]] = {}

    def work() -> None:
        assert begun.wait(60)
        while not done.is_set():
            asyncio.run(send(closed_database, redis_url, line))

    async def stop() -> None:
        async with Engine(engine_settings(closed_database, redis_url), clock=SetClock(NOW)) as engine:
            begun.set()
            for who in sorted(people, key=lambda each: mix(7, int(each[1:]))):
                await engine.stop("acme", who)
                allowed[who] = {row["mark"].hex for row in rows(closed_database, ON_ITS_WAY, who)}

    with ThreadPoolExecutor(SENDERS) as threads:
        working = [threads.submit(work) for _ in range(SENDERS)]
        asyncio.run(stop())
        done.set()
        for each in working:
            each.result()
    asyncio.run(send(closed_database, redis_url, line, at=NOW + timedelta(hours=1)))
    late = [each.mark for each in line.taken if each.mark not in allowed[str(each.address).removeprefix("to ")]]
    assert late == []
    assert 0 < len(line.taken) < PEOPLE
