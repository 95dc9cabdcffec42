"""Answers that are told again: while nothing new is known, no longer than the setting, and of nobody else."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.kernel.clock import SetClock, SystemClock
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.running.answers import Asked
from tactful.store.settings import ANSWER_SECONDS
from tests.api.conftest import bearer, engine_settings
from tests.api.test_insights import lived
from tests.api.test_interventions import planned
from tests.api.test_plateaus import tried
from tests.api.test_risk import fell_silent

ADDRESSES = {
    name: f"/api/v1/predictive/{path}"
    for name, path in (
        ("risk", "dropout/risk"), ("plateaus", "plateaus"), ("regressions", "regressions"),
        ("timing", "timing/profile"), ("insights", "insights"),
    )
}  # fmt: skip
RISK, PLATEAUS, REGRESSIONS = (ADDRESSES[name] for name in ("risk", "plateaus", "regressions"))
# What nobody would be told who is not told again.
FORGED: dict[str, dict[str, Any]] = {
    "risk": {"reasons": ["Forged."]}, "plateaus": {"topic": "Forged"}, "regressions": {"skill_name": "Forged"},
    "timing": {"sessions_analyzed": 99}, "insights": {"total_insights": 99},
}  # fmt: skip
SERVICE = bearer("backend", "service")
each_question = pytest.mark.parametrize("question", ADDRESSES)


async def kept(engine: Engine, question: str, person: str = "42", org: str = "acme") -> bytes | None:
    """What is kept, past the person's answer."""
    (found,) = await engine.keeping.submit([Asked(org, person, question)])
    return found.answer


async def forged(engine: Engine, question: str, answer: bytes) -> None:
    """Put another answer in the place of the one that is kept, so that it shows where it is told from."""
    (found,) = await engine.keeping.submit([Asked("acme", "42", question)])
    await engine.keep(found, answer)


async def visited(engine: Engine, number: int, person: str = "42") -> None:
    await engine.accept("acme", [Event(f"{person} {number}", person, "visit", engine.clock.now())])


async def risk(client: httpx.AsyncClient, person: str = "42", org: str = "acme") -> Any:
    return (await client.get(RISK, headers=bearer(person, org=org))).json()


@each_question
async def test_an_answer_is_told_again_word_for_word(engine: Engine, client: httpx.AsyncClient, question: str) -> None:
    await lived(engine)
    for _ in range(2):
        # Judging a plateau for the first time may itself be news about the person.
        first = await client.get(ADDRESSES[question], headers=bearer())
    assert (await kept(engine, question)) == first.content
    assert (await client.get(ADDRESSES[question], headers=bearer())).content == first.content
    forgery = first.json()
    (forgery[0] if isinstance(forgery, list) else forgery).update(FORGED[question])
    assert forgery != first.json()
    await forged(engine, question, json.dumps(forgery).encode())
    assert (await client.get(ADDRESSES[question], headers=bearer())).json() == forgery


@each_question
async def test_a_new_fact_ends_it(engine: Engine, client: httpx.AsyncClient, question: str) -> None:
    await tried(engine, "42")
    await client.get(ADDRESSES[question], headers=bearer())
    assert await kept(engine, question)
    await visited(engine, 1)
    assert await kept(engine, question) is None


async def described(engine: Engine, client: httpx.AsyncClient) -> None:
    assert (await client.put("/api/v1/people/42", json={"zone": "Asia/Tokyo"}, headers=SERVICE)).status_code == 200


async def answered(engine: Engine, client: httpx.AsyncClient) -> None:
    number = (await client.get("/proactive/interventions", headers=bearer())).json()["interventions"][0]["id"]
    body = {"intervention_log_id": number, "user_response": "engaged"}
    assert (await client.post("/proactive/interventions/response", json=body, headers=bearer())).status_code == 200


async def vouched_for(engine: Engine, client: httpx.AsyncClient) -> None:
    async with engine.database.service() as connection:
        await connection.execute(
            "INSERT INTO wrong_flags (organisation_id, person_id, actor, at, until, risk_level)"
            " SELECT organisation_id, id, 'service backend', now(), now() + interval '1 day', 'critical' FROM people"
        )


@pytest.mark.parametrize("change", [described, answered, vouched_for])
async def test_what_they_answer_and_what_is_said_of_them_ends_it_too(
    engine: Engine, client: httpx.AsyncClient, change: Callable[[Engine, httpx.AsyncClient], Awaitable[None]]
) -> None:
    await planned(engine)
    await risk(client)
    assert await kept(engine, "risk")
    await change(engine, client)
    assert await kept(engine, "risk") is None


async def test_nobody_is_told_what_is_kept_of_somebody_else(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "42", "43")
    await fell_silent(engine, "42", org="umbrella")
    whom = (("42", "acme"), ("43", "acme"), ("42", "umbrella"))
    told = [await risk(client, person, org) for person, org in whom]
    answers = [await kept(engine, "risk", person, org) for person, org in whom]
    assert len({each["calculated_at"] for each in told}) == len(set(answers)) == 3
    keys = sorted(await engine.valkey.keys("tactful:answer:*"))
    values: Any = await engine.valkey.mget(keys)
    # Exchanged in Valkey, none of them is believed.
    for key, value in zip(keys, [*values[1:], values[0]], strict=True):
        await engine.valkey.set(key, value)
    assert [await kept(engine, "risk", person, org) for person, org in whom] == [None] * 3


async def test_of_strangers_nothing_is_kept(engine: Engine, client: httpx.AsyncClient) -> None:
    assert (await risk(client, "nobody"))["risk_level"] == "unknown"
    assert await engine.valkey.keys("tactful:answer:*") == []


async def test_only_the_usual_question_is_kept(engine: Engine, client: httpx.AsyncClient) -> None:
    await tried(engine, "42")
    for limit in range(1, 30):
        await client.get(PLATEAUS, params={"limit": limit}, headers=bearer())
        await client.get(REGRESSIONS, params={"active_only": "false"}, headers=bearer())
    assert await engine.valkey.keys("tactful:answer:*") == []


async def test_it_is_never_older_than_the_setting_by_any_clock(closed_database: Database, redis_url: str) -> None:
    settings = engine_settings(closed_database, redis_url).replace(**{ANSWER_SECONDS.name: 60.0})
    clock = SetClock(SystemClock().now())
    async with Engine(settings, clock=clock) as engine:
        await engine.valkey.flushdb()
        await engine.accept("acme", [Event("1", "42", "visit", clock.now())])
        (place,) = await engine.keeping.submit([Asked("acme", "42", "risk")])
        await engine.keep(place, b"{}")
        assert 0 < await engine.valkey.pttl(place.key) <= 60_000
        for later, answer in ((59.0, b"{}"), (1.0, None), (-61.0, None), (1.5, b"{}")):
            clock.advance(timedelta(seconds=later))
            assert await kept(engine, "risk") == answer


async def test_with_other_settings_it_is_another_answer(closed_database: Database, redis_url: str) -> None:
    settings = engine_settings(closed_database, redis_url)
    async with Engine(settings) as engine:
        await engine.accept("acme", [Event("1", "42", "visit", engine.clock.now())])
        (place,) = await engine.keeping.submit([Asked("acme", "42", "risk")])
        await engine.keep(place, b"{}")
        assert await kept(engine, "risk") == b"{}"
        async with Engine(settings.replace(dropout__horizon_days=14)) as other:
            assert await kept(other, "risk") is None
        async with Engine(settings.replace(**{ANSWER_SECONDS.name: 0.0})) as never:
            assert await never.kept("acme", "42", "risk") != place


async def test_an_old_answer_written_back_late_is_never_told(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "42")
    (before,) = await engine.keeping.submit([Asked("acme", "42", "risk")])
    await visited(engine, 1)
    await engine.keep(before, b'"old"')
    assert await kept(engine, "risk") is None
    await risk(client)
    new = await kept(engine, "risk")
    assert new
    await engine.keep(before, b'"old"')
    assert await kept(engine, "risk") in (None, new)


async def test_nobody_reads_what_they_wrote_before_however_all_race(engine: Engine, client: httpx.AsyncClient) -> None:
    """Readers never rest; a writer reads after each of its events, and must be told of every one of them."""
    await visited(engine, 0)
    done = asyncio.Event()

    async def write_back() -> None:
        """Works out what is known and keeps it a moment later, whatever has come meanwhile."""
        while not done.is_set():
            place = await engine.kept("acme", "42", "risk")
            async with engine.database.service() as connection:
                row = await (await connection.execute("SELECT events FROM person_state")).fetchone()
            assert row is not None
            await asyncio.sleep(0.002)
            await engine.keep(place, str(row["events"]).encode())

    readers = [asyncio.create_task(write_back()) for _ in range(8)]
    told = 0
    for number in range(1, 120):
        await visited(engine, number)
        for _ in range(4):
            answer = await kept(engine, "risk")
            assert answer in (None, str(number + 1).encode())
            told += answer is not None
            await asyncio.sleep(0.002)
    done.set()
    await asyncio.gather(*readers)
    assert told > 20


async def test_a_broken_valkey_makes_answers_slower_and_not_wrong(closed_database: Database, redis_url: str) -> None:
    async with Engine(engine_settings(closed_database, redis_url)) as engine:
        await visited(engine, 1)
        place = await engine.kept("acme", "42", "risk")
        await engine.keep(place, b"{}")
        answers = await gone(engine)
        assert (await engine.kept("acme", "42", "risk")).answer is None
        assert engine.answers.resting
        # While it is away a fact comes; what Valkey brings back with it does not fit any more.
        await visited(engine, 2)
        engine.answers = answers
        assert await engine.valkey.get(place.key)
        assert (await engine.kept("acme", "42", "risk")).answer is None


async def gone(engine: Engine) -> Any:
    """Let the engine look for a Valkey where none is; answers what it had."""
    had = engine.answers
    nowhere = type(engine.valkey).from_url("redis://127.0.0.1:1/0")
    engine.answers = type(had)(nowhere, seconds=300, print="")
    return had


async def test_a_valkey_that_hangs_holds_nobody_up_twice(engine: Engine, client: httpx.AsyncClient) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    await fell_silent(engine, "42")
    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    engine.answers = type(engine.answers)(
        type(engine.valkey).from_url(f"redis://127.0.0.1:{port}/0"), seconds=300, print=""
    )
    begun = asyncio.get_running_loop().time()
    for _ in range(5):
        assert (await risk(client))["risk_level"] != "unknown"
    assert engine.answers.resting
    assert asyncio.get_running_loop().time() - begun < 4
    server.close()
