"""Why something was done in a live session, or left alone: in words, from the ledger."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.decide.live.settings import CONTROL, PER_HOUR
from tactful.kernel.clock import SetClock, SystemClock
from tactful.store.database import Database
from tests.api.conftest import bearer, engine_settings
from tests.noticing import notice

ROOM = "/api/v1/live/sessions"
SERVICE = bearer("backend", "service")
OLGA = bearer("olga", "operator:organiser")


@pytest.fixture
async def engine(closed_database: Database, redis_url: str) -> AsyncIterator[Engine]:
    """An engine with a clock of its own, that leaves nothing alone on purpose unless told to."""
    settings = engine_settings(closed_database, redis_url, **{CONTROL.name: 0.0})
    async with Engine(settings, clock=SetClock(SystemClock().now())) as engine:
        await engine.valkey.flushdb()
        yield engine


async def begin(client: httpx.AsyncClient, mode: str = "automatic", viewers: int = 80) -> None:
    told = {"session_id": "keynote", "event_id": "conference", "mode": mode}
    assert (await client.post(ROOM, json=told, headers=SERVICE)).is_success
    assert (await client.post(f"{ROOM}/keynote/start", headers=OLGA)).is_success
    signals = [{"id": "j", "kind": "join", "count": viewers}]
    assert (await client.post(f"{ROOM}/keynote/signals", json={"signals": signals}, headers=SERVICE)).is_success


def pass_seconds(engine: Engine, seconds: float) -> None:
    assert isinstance(engine.clock, SetClock)
    engine.clock.advance(timedelta(seconds=seconds))


async def explained(client: httpx.AsyncClient, engine: Engine, which: int = -1) -> dict[str, Any]:
    async with engine.database.service() as connection:
        found = await (await connection.execute("SELECT id FROM decisions ORDER BY id")).fetchall()
    told = await client.get(f"/api/v1/decisions/{found[which]['id']}", headers=SERVICE)
    assert told.status_code == 200, told.text
    return dict(told.json())


async def test_what_was_noticed_considered_and_drawn_is_told(client: httpx.AsyncClient, engine: Engine) -> None:
    await begin(client)
    notice(engine)
    told = await explained(client, engine)
    assert (told["session_id"], told["user_id"], told["decision"]["result"]) == ("keynote", None, "acted")
    words = told["words"]
    assert words[0] == "SUDDEN_DROP was noticed, high. Signals of each viewer fell from about 5 to 1."
    assert words[1] == "Engagement was 0.30 where 0.50 was expected; 80 viewers were there."
    assert words[2] == "Poll was done."
    assert words[3].startswith("Poll was considered. Everybody fell silent at once; a question brings them back.")
    assert words[3].endswith("It was expected to add 0.15. Every guard rail allowed it.")
    assert "Not considered: notification, gamification. No rule proposes that for SUDDEN_DROP." in words
    assert any(
        line.startswith("Of 2 that were allowed it was drawn with a chance of 100% (ranked/1;") for line in words
    )
    assert any(line.startswith("It is intervention ") for line in words)


async def test_what_was_left_alone_on_purpose_says_so(client: httpx.AsyncClient, engine: Engine) -> None:
    await begin(client)
    # Half of them; the seed decides which, so until one is.
    half = engine.settings.replace(**{CONTROL.name: 0.5, PER_HOUR.name: 240})
    for _ in range(25):
        pass_seconds(engine, 125)
        notice(engine, settings=half)
        told = await explained(client, engine)
        if told["decision"]["result"] == "control":
            break
    assert (
        "Poll was chosen and left alone on purpose, so that it can be told what would have come of it."
        in (told["words"])
    )
    assert told["words"][-1].startswith("50% of such moments are left alone on purpose;")
    assert told["words"][-1].endswith("had a chance of 50%.")


async def test_what_each_guard_rail_said_is_told(client: httpx.AsyncClient, engine: Engine) -> None:
    await begin(client, viewers=3)
    notice(engine)
    words = (await explained(client, engine))["words"]
    assert words[2] == "Nothing was chosen."
    assert words[3].endswith("1 guard rail spoke against it.")
    assert words[4] == "  audience: Too few people are there to take part: 3. To allow it: more of them come."


async def test_what_was_proposed_says_what_became_of_it(client: httpx.AsyncClient, engine: Engine) -> None:
    await begin(client, "manual")
    notice(engine)
    assert (
        "Poll was proposed to an organiser: manual sessions wait for one."
        in ((told := await explained(client, engine))["words"])
    )
    assert told["words"][-1].startswith("It waits for an answer until ")
    suggestions = (await client.get(f"{ROOM}/keynote/suggestions", headers=SERVICE)).json()["suggestions"]
    number = suggestions[0]["id"]
    edit = {"content": {"poll": {"question": "All well?"}}}
    assert (await client.post(f"/api/v1/live/suggestions/{number}/approve", json=edit, headers=OLGA)).is_success
    before, after = await explained(client, engine, 0), await explained(client, engine, 1)
    assert before["words"][-1].startswith("operator:organiser olga approved it at ")
    pass_seconds(engine, 125)
    notice(engine)
    pass_seconds(engine, 125)
    assert (await explained(client, engine))["words"][-1].startswith("Nobody answered until ")
    assert f"operator:organiser olga wanted it, by approving suggestion {number}." in after["words"]
    assert "The words were changed before." in after["words"]
    assert after["words"][0].startswith("SUDDEN_DROP was noticed")


async def test_what_an_organiser_set_off_says_who_why_and_in_spite_of_what(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    await begin(client)
    told = {"session_id": "keynote", "event_id": "conference", "intervention_type": "POLL", "reason": "A show of hands"}
    for override in (False, True):
        asked = await client.post("/api/v1/interventions/manual", json=told | {"override": override}, headers=OLGA)
        assert asked.status_code == 200, asked.text
    words = (await explained(client, engine))["words"]
    assert words[0] == "operator:organiser olga wanted it: A show of hands."
    assert words[1].endswith("s of the cooldown were left; the organiser overrode it.")
    assert (
        "  cooldown: They had one of this kind too short a while ago. To allow it: the cooldown of this kind ends."
        in (words)
    )
    elsewhere = bearer("oscar", "operator:admin", org="zenith")
    assert (await client.get(f"/api/v1/decisions/{2}", headers=elsewhere)).status_code == 404
