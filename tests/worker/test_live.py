"""Listening to live sessions: what is noticed is acted upon once, whoever listens, dies or sleeps meanwhile."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.decide.live.settings import CONTROL, COOLDOWN
from tactful.facts.audiences import Item, LiveSession, Signal
from tactful.kernel.clock import SetClock
from tactful.store.database import Database
from tactful.store.running import partitions
from tactful.store.tables.live import PARTITIONS
from tactful.uses.rooms.acts import ANOMALIES, INTERVENTIONS
from tactful.uses.rooms.noticed import Noticed
from tests.api.conftest import engine_settings
from tests.noticing import DROP
from tests.worker.listening import KNOWN, Room, holding, listened

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
# Long enough for silence to be noticed, and for noticing it twice.
SILENT = 100


@pytest.fixture
async def engine(closed_database: Database, redis_url: str) -> AsyncIterator[Engine]:
    """An engine whose clock stands at noon, that leaves nothing alone on purpose."""
    settings = engine_settings(closed_database, redis_url, **{CONTROL.name: 0.0})
    async with Engine(settings, clock=SetClock(NOON)) as engine:
        await engine.valkey.flushdb()
        yield engine


@pytest.fixture
async def room(engine: Engine) -> Room:
    """A session in the middle of its life."""
    assert isinstance(engine.clock, SetClock)
    room = Room(engine, engine.clock)
    await room.begin(known=KNOWN)
    return room


@pytest.fixture
async def young(engine: Engine) -> Room:
    """A session that has just begun."""
    assert isinstance(engine.clock, SetClock)
    room = Room(engine, engine.clock)
    await room.begin()
    return room


async def rows(engine: Engine, statement: str) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute(statement)).fetchall()


async def test_a_room_that_falls_silent_gets_something_once(room: Room, engine: Engine) -> None:
    holder = holding(engine)
    assert await listened(room, 10, holder) == []
    room.rate = 0.0
    told = await listened(room, SILENT, holder)
    [anomaly] = [entry["body"] for entry in told if entry["channel"] == ANOMALIES]
    assert (anomaly["anomaly_type"], anomaly["session_id"]) == ("SUDDEN_DROP", "keynote")
    [done] = [entry["body"] for entry in told if entry["channel"] == INTERVENTIONS]
    [row] = await rows(engine, "SELECT id::text, session_id, event_id, type, confidence, reasoning FROM interventions")
    assert (done["intervention_id"], done["type"]) == (row["id"], row["type"])
    assert row["confidence"] == pytest.approx(done["metadata"]["confidence"])
    assert "fell from about" in row["reasoning"]
    ledger = await rows(engine, "SELECT result, chosen, kinds, live_session_id FROM decisions")
    assert [(each["result"], each["chosen"]) for each in ledger] == [("acted", row["type"])]


async def test_who_was_away_catches_up_from_the_stream(room: Room, engine: Engine) -> None:
    holder = holding(engine)
    await listened(room, 10, holder)
    room.rate = 0.0
    told = await listened(room, SILENT, holder)
    stored: Any = await engine.valkey.xrange(INTERVENTIONS)
    assert [json.loads(fields[b"message"]) for _, fields in stored] == [
        entry["body"] for entry in told if entry["channel"] == INTERVENTIONS
    ]
    assert await rows(engine, "SELECT id FROM outbox WHERE published_at IS NULL") == []


async def test_silence_is_heard_without_a_single_signal(young: Room, engine: Engine) -> None:
    holder = holding(engine)
    await listened(young, 120, holder)
    young.rate = 0.0
    await listened(young, 60, holder)
    scores = [row["score"] for row in await rows(engine, "SELECT score FROM engagement ORDER BY at DESC LIMIT 7")]
    assert scores == sorted(scores)
    assert scores[0] < 0.4 < 0.55 < scores[-1]


async def test_another_goes_on_exactly_where_one_died(room: Room, engine: Engine) -> None:
    """The same as one listener throughout: same anomaly, same instant, nothing twice."""
    first = holding(engine)
    await listened(room, 10, first)
    room.rate = 0.0
    before = await listened(room, 15, first)
    await forget(engine, first.name)
    second = holding(engine)
    after = await listened(room, 100, second)
    told = [entry["body"] for entry in (*before, *after) if entry["channel"] == ANOMALIES]
    assert [each["anomaly_type"] for each in told] == ["SUDDEN_DROP"]
    assert len([entry for entry in (*before, *after) if entry["channel"] == INTERVENTIONS]) == 1
    [row] = await rows(engine, "SELECT count(*) AS n, count(DISTINCT bin) AS bins, max(bin) AS last FROM engagement")
    assert row["n"] == row["bins"] == row["last"] + 1


async def test_whoever_takes_over_knows_who_came_and_went_meanwhile(young: Room, engine: Engine) -> None:
    first = holding(engine)
    await listened(young, 30, first)
    await forget(engine, first.name)
    young.rate = 0.0
    for _ in range(15):
        await young.go_on()
    await young.tell(*(Signal(f"l{n}", young.name, "leave", young.clock.now(), f"p{n}") for n in range(100)))
    for _ in range(25):
        await young.go_on()
    await listened(young, 5, holding(engine))
    told = await rows(engine, "SELECT viewers, score FROM engagement ORDER BY bin")
    assert [row["viewers"] for row in told] == [200] * 4 + [100] * 3
    # How engaged they were while nobody listened is not known afterwards.
    assert [row["score"] is None for row in told] == [False] * 2 + [True] * 4 + [False]


async def test_a_session_that_began_before_it_was_told_of_is_known_at_once(young: Room, engine: Engine) -> None:
    """What was heard since is told first; then nobody waits until the detectors know the room."""
    early = Room(engine, young.clock, name="early")
    began = young.clock.now()
    await engine.add_live_session("acme", LiveSession("early", "conference", mode="automatic"))
    await early.tell(*(Signal(f"j{n}", "early", "join", began, f"p{n}") for n in range(early.viewers)))
    for _ in range(120):
        await early.go_on()
    await engine.start_live_session("acme", "early", started_at=began)
    holder = holding(engine)
    early.rate = 0.0
    told = await listened(early, 100, holder)
    heard = await rows(
        engine,
        """SELECT e.viewers, e.signals FROM engagement e JOIN live_sessions s
                                      ON s.id = e.live_session_id WHERE s.session_id = 'early' ORDER BY e.bin""",
    )
    assert [row["viewers"] for row in heard] == [200] * len(heard)
    assert [row["signals"] for row in heard[:12]] == [10] * 12
    found = {(entry["body"]["session_id"], entry["body"]["anomaly_type"]) for entry in told
             if entry["channel"] == ANOMALIES}  # fmt: skip
    assert ("early", "SUDDEN_DROP") in found


async def test_one_that_slept_writes_nothing_about_what_others_took(room: Room, engine: Engine) -> None:
    sleeper = holding(engine)
    await listened(room, 10, sleeper)
    await forget(engine, sleeper.name)
    other = holding(engine)
    room.rate = 0.0
    # The sleeper still believes that it holds the session; both look at every second.
    told = await listened(room, SILENT, sleeper, other)
    assert len([entry for entry in told if entry["channel"] == INTERVENTIONS]) == 1
    assert len(await rows(engine, "SELECT 1 FROM interventions")) == 1
    other.hold()
    sleeper.hold()
    assert not sleeper.epochs.keys() & other.epochs.keys()


async def test_what_was_acted_upon_but_not_published_is_published_by_the_next(room: Room, engine: Engine) -> None:
    holder = holding(engine)
    await listened(room, 10, holder)
    room.rate = 0.0
    for _ in range(SILENT):
        await room.go_on()
        holder.second(room.clock.now(), await engine.live_deciding())
        holder.keep()
    assert await engine.valkey.xlen(INTERVENTIONS) == 0
    await engine.publish()
    await engine.publish()
    assert await engine.valkey.xlen(INTERVENTIONS) == 1


async def test_nothing_is_published_twice_by_two_at_once(room: Room, engine: Engine) -> None:
    holder = holding(engine)
    await listened(room, 10, holder)
    room.rate = 0.0
    for _ in range(SILENT):
        await room.go_on()
        holder.second(room.clock.now(), await engine.live_deciding())
        holder.keep()
    await asyncio.gather(*(engine.publish() for _ in range(5)))
    assert await engine.valkey.xlen(INTERVENTIONS) == 1


async def test_cooldowns_hold_over_takeovers(room: Room, engine: Engine) -> None:
    [session] = await rows(engine, "SELECT id FROM live_sessions")
    for _ in range(8):
        holder = holding(engine)
        holder._noticed = [noticed(session["id"], room.clock.now())]
        holder.second(room.clock.now(), await engine.live_deciding())
        await forget(engine, holder.name)
        # The detectors may have noticed the same some seconds before.
        room.clock.advance(timedelta(seconds=75))
    done = await rows(engine, "SELECT type, timestamp FROM interventions ORDER BY timestamp")
    asked = await rows(engine, "SELECT at, kinds, verdicts FROM decisions ORDER BY at")
    assert (len(done), len(asked)) == (8, 8)
    before: dict[str, datetime] = {}
    for one, each in zip(done, asked, strict=True):
        for kind, verdict in zip(each["kinds"], each["verdicts"], strict=True):
            waited = each["at"] - before.get(kind, datetime.min.replace(tzinfo=UTC))
            assert bool(verdict) == (waited.total_seconds() < COOLDOWN[kind].default), (
                "a cooldown was forgotten, or late"
            )
        before[one["type"]] = one["timestamp"]
    # Nothing else speaks against either, so that both were done, and waited for.
    assert set(before) == {"POLL", "CHAT_PROMPT"}
    assert any(any(each["verdicts"]) for each in asked)


async def test_a_session_of_which_nothing_can_be_decided_holds_up_no_other(room: Room, engine: Engine) -> None:
    # The database takes no number that is none.
    assert isinstance(engine.clock, SetClock)
    broken = Room(engine, engine.clock, name="broken")
    await broken.begin()
    holder = holding(engine)
    at = room.clock.now()
    ids = {row["session_id"]: row["id"] for row in await rows(engine, "SELECT id, session_id FROM live_sessions")}
    holder.second(at, await engine.live_deciding())
    holder._noticed = [noticed(ids["broken"], at, change=float("nan")), noticed(ids["keynote"], at)]
    done = holder.second(at, await engine.live_deciding())
    assert [row["session_id"] for row in await rows(engine, "SELECT session_id FROM anomalies")] == ["keynote"]
    assert [each["body"]["session_id"] for each in done.entries if each["channel"] == ANOMALIES] == ["keynote"]
    assert holder.second(at, await engine.live_deciding()).entries == []


async def test_a_snapshot_that_cannot_be_read_costs_its_session_alone(young: Room, engine: Engine) -> None:
    holder = holding(engine)
    await listened(young, 40, holder)
    await rows(engine, "UPDATE live_snapshots SET body = 'of another version' RETURNING 1")
    await forget(engine, holder.name)
    other = holding(engine)
    await listened(young, 30, other)
    [row] = await rows(engine, "SELECT count(*) AS n, max(bin) AS last FROM engagement")
    assert row["n"] == row["last"] + 1 == 6


async def test_what_valkey_forgot_when_it_was_killed_is_told_again_and_nothing_twice(
    room: Room, engine: Engine
) -> None:
    holder = holding(engine)
    await listened(room, 10, holder)
    room.rate = 0.0
    await listened(room, SILENT, holder)
    await engine.publish()
    valkey: Any = engine.valkey
    [kept] = await valkey.xrange(INTERVENTIONS)
    # As after a crash: the end of what it was told is gone, and it has another name.
    await engine.valkey.flushdb()
    engine._valkey_seen = "before", asyncio.get_running_loop().time()
    await engine.publish()
    await engine.publish()
    [again] = await valkey.xrange(INTERVENTIONS)
    assert again[1] == kept[1]
    engine._valkey_seen = "once more", asyncio.get_running_loop().time()
    await engine.publish()
    assert await engine.valkey.xlen(INTERVENTIONS) == 1


async def test_manual_sessions_only_propose(engine: Engine) -> None:
    assert isinstance(engine.clock, SetClock)
    room = Room(engine, engine.clock, name="careful")
    await room.begin(known=KNOWN, mode="manual")
    holder = holding(engine)
    await listened(room, 10, holder)
    room.rate = 0.0
    told = await listened(room, SILENT, holder)
    assert [entry for entry in told if entry["channel"] == INTERVENTIONS] == []
    assert await rows(engine, "SELECT 1 FROM interventions") == []
    [row] = await rows(engine, "SELECT state, type, content FROM live_suggestions")
    assert row["state"] == "waiting"
    assert row["content"]["anomaly_type"] == "SUDDEN_DROP"


async def test_a_planned_break_is_no_news(engine: Engine) -> None:
    assert isinstance(engine.clock, SetClock)
    room = Room(engine, engine.clock, name="paused")
    coffee = Item("break", NOON + timedelta(seconds=10), NOON + timedelta(seconds=120))
    await room.begin(known=KNOWN, agenda=[coffee])
    holder = holding(engine)
    await listened(room, 10, holder)
    room.rate = 0.0
    assert await listened(room, 110, holder) == []


async def test_holders_share_what_there_is_and_the_rest_follows_when_one_leaves(engine: Engine) -> None:
    one, two = engine.holder(), engine.holder()
    one.prepare()
    one.hold()
    assert len(one.epochs) == PARTITIONS
    two.hold()
    one.hold()
    two.hold()
    assert len(one.epochs) == len(two.epochs) == PARTITIONS // 2
    assert not one.epochs.keys() & two.epochs.keys()
    two.part()
    one.hold()
    assert len(one.epochs) == PARTITIONS


async def test_a_hold_that_is_not_renewed_is_taken_within_three_seconds(engine: Engine) -> None:
    one, two = engine.holder(), engine.holder()
    one.prepare()
    one.hold()
    start = time.monotonic()
    while len(two.epochs) < PARTITIONS and time.monotonic() - start < 10:
        two.hold()
        await asyncio.sleep(0.1)
    assert len(two.epochs) == PARTITIONS
    with engine.database.batch() as connection:
        assert partitions.still(connection, one.name, one.epochs) == set()
        assert partitions.still(connection, two.name, two.epochs) == set(two.epochs)


def noticed(session: int, at: datetime, **more: Any) -> Noticed:
    return Noticed(live_session_id=session, bin=0, at=at, **(DROP | more))


async def forget(engine: Engine, holder: str) -> None:
    """As if its holder had been silent for too long."""
    async with engine.database.service() as connection:
        await connection.execute("DELETE FROM live_holders WHERE holder = %s", (holder,))
