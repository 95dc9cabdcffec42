"""The report of a live session over HTTP: all that happened as JSON, and as one table that a spreadsheet opens."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.compose.spreadsheets import safe
from tactful.decide.live.settings import CONTROL
from tactful.kernel.clock import SetClock, SystemClock
from tactful.store.database import Database
from tactful.uses.rooms.sheet import COLUMNS
from tests.api.conftest import bearer, engine_settings
from tests.noticing import notice
from tests.worker.listening import Room, holding, listened

ROOM = "/api/v1/live/sessions/keynote"
SERVICE = bearer("backend", "service")
OLGA = bearer("olga", "operator:organiser")
VIEWER = bearer("victor", "operator:viewer")
# What spreadsheets would carry out, and what they would not.
FORMULAS = ('=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1")


@pytest.fixture
async def engine(closed_database: Database, redis_url: str) -> AsyncIterator[Engine]:
    """An engine with a clock of its own, that leaves nothing alone on purpose."""
    settings = engine_settings(closed_database, redis_url, **{CONTROL.name: 0.0})
    clock = SetClock(SystemClock().now().replace(microsecond=0) - timedelta(minutes=5))
    async with Engine(settings, clock=clock) as engine:
        await engine.valkey.flushdb()
        yield engine


@pytest.fixture
async def lived(client: httpx.AsyncClient, engine: Engine) -> httpx.AsyncClient:
    """A client of a server at which a keynote of 42 s took place, with an anomaly, a poll and a question at 31 s."""
    assert isinstance(engine.clock, SetClock)
    room = Room(engine, engine.clock, viewers=50)
    await room.begin(mode="manual")
    holder = holding(engine)
    await listened(room, 31, holder)
    notice(engine)
    told = {
        "session_id": "keynote", "event_id": "conference", "intervention_type": "POLL", "reason": "x",
        "context": {"question": "=1+1?", "options": ["two", "three"], "duration": 15},
    }  # fmt: skip
    done = (await client.post("/api/v1/interventions/manual", json=told, headers=OLGA)).json()
    poll = done["details"]["content"]["poll"]["poll_id"]
    for person in ("ana", "ben"):
        assert (await client.post(f"{ROOM}/polls/{poll}/vote", json={"choice": 1}, headers=bearer(person))).is_success
    asked = {"words": FORMULAS[0]}
    assert (await client.post(f"{ROOM}/questions", json=asked, headers=bearer("ana"))).is_success
    await listened(room, 11, holder)
    assert (await client.post(f"{ROOM}/end", headers=OLGA)).is_success
    return client


async def report(client: httpx.AsyncClient) -> dict[str, Any]:
    told = await client.get(f"{ROOM}/report", headers=VIEWER)
    assert (told.status_code, told.headers["Content-Type"]) == (200, "application/json"), told.text
    return dict(told.json())


async def table(client: httpx.AsyncClient) -> list[dict[str, str]]:
    told = await client.get(f"{ROOM}/report", params={"format": "csv"}, headers=VIEWER)
    assert (told.status_code, told.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert told.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(told.content.decode("utf-8-sig"))))


async def test_all_that_happened_is_told(lived: httpx.AsyncClient) -> None:
    told = await report(lived)
    assert (told["session"]["state"], told["summary"]["seconds"], told["summary"]["most_viewers"]) == ("ended", 42, 52)
    assert [row["bin"] for row in told["timeline"]] == list(range(len(told["timeline"])))
    assert len(told["timeline"]) >= 4
    assert all(0 <= row["engagement"] <= 1 for row in told["timeline"])
    [anomaly] = told["anomalies"]
    assert (anomaly["anomaly_type"], anomaly["severity"], anomaly["deviation"]) == ("SUDDEN_DROP", "high", 40.0)
    [suggestion] = told["suggestions"]
    assert suggestion["state"] == "waiting"
    [done] = told["interventions"]
    [poll] = told["polls"]
    assert (poll["intervention_id"], poll["votes"], poll["counts"]) == (done["id"], 2, [0, 2])
    [question] = told["questions"]
    assert (question["user_id"], question["words"]) == ("ana", FORMULAS[0])
    assert (
        told["leaderboard"][0] == {"user_id": "ana", "points": 10, "place": 1} or told["leaderboard"][0]["points"] > 5
    )
    assert told["cut"] == []


async def test_the_table_has_a_row_for_every_ten_seconds_with_what_happened_in_it(lived: httpx.AsyncClient) -> None:
    rows = await table(lived)
    assert tuple(rows[0]) == COLUMNS
    assert [row["minute"] for row in rows[:4]] == ["0.17", "0.33", "0.5", "0.67"]
    # Whoever votes is there.
    assert [row["viewers"] for row in rows[:4]] == ["50", "50", "50", "52"]
    fourth = rows[3]
    assert fourth["noticed"].startswith("SUDDEN_DROP (high): Signals of each viewer fell")
    assert fourth["done"] == "POLL: =1+1?"
    assert fourth["proposed"].split(" ")[1] == "(waiting):"
    assert [row["noticed"] for row in rows if row is not fourth] == [""] * (len(rows) - 1)
    # Told where the poll was over.
    assert [row["polls"] for row in rows if row["polls"]] == ["'=1+1? (2 votes: two 0, three 2)"]


async def test_no_text_is_a_formula(lived: httpx.AsyncClient) -> None:
    [asked] = [row["questions"] for row in await table(lived) if row["questions"]]
    assert asked == f"'{FORMULAS[0]} (0 votes)"
    assert [safe(text) for text in FORMULAS] == [f"'{text}" for text in FORMULAS]
    assert safe("2 = 1 + 1") == "2 = 1 + 1"


async def test_a_session_that_never_ran_has_an_empty_report(client: httpx.AsyncClient) -> None:
    made = {"session_id": "keynote", "event_id": "conference"}
    assert (await client.post("/api/v1/live/sessions", json=made, headers=SERVICE)).is_success
    told = await report(client)
    assert (told["timeline"], told["summary"]["seconds"], told["summary"]["engagement"]) == ([], None, None)
    assert await table(client) == []


async def test_only_those_who_run_the_event_read_it(lived: httpx.AsyncClient) -> None:
    assert (await lived.get(f"{ROOM}/report", headers=bearer("ana"))).status_code == 403
    elsewhere = bearer("oscar", "operator:admin", org="zenith")
    assert (await lived.get(f"{ROOM}/report", headers=elsewhere)).status_code == 404
    strange = await lived.get(f"{ROOM}/report", params={"format": "xlsx"}, headers=VIEWER)
    assert (strange.status_code, strange.json()["fields"]) == (422, ["format"])
