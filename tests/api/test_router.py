"""The router in somebody else's application: it brings its own door and its own errors."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

import tactful
from tactful.api.app import create_app
from tactful.api.settings import ORIGINS
from tactful.bootstrap import Engine
from tactful.kernel.errors import BadSetting
from tests.api.conftest import bearer, calling
from tests.api.test_shapes import shaped


@pytest.fixture
async def host(engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    """An application that has a life of its own and includes ours under a prefix."""
    app = FastAPI()

    @app.get("/lessons")
    async def lessons() -> list[str]:
        return ["one"]

    @app.get("/lessons/{number}")
    async def lesson(number: int) -> int:
        return number

    app.include_router(tactful.router(engine), prefix="/companion")
    async with calling(app) as client:
        yield client


async def test_the_host_goes_on_as_before(host: httpx.AsyncClient) -> None:
    assert (await host.get("/lessons")).json() == ["one"]
    assert "detail" in (await host.get("/lessons/x")).json()
    assert (await host.get("/nowhere")).json() == {"detail": "Not Found"}


async def test_ours_answers_with_its_own_errors(host: httpx.AsyncClient) -> None:
    told = await host.get("/companion/proactive/preferences", headers=bearer())
    assert told.json()["user_id"] == 42
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"json": {"page": "x"}}, 401, "NotSignedIn"),
        ({"json": {"page": ""}, "headers": bearer()}, 422, "BadInput"),
        ({"content": b"{", "headers": bearer() | {"Content-Type": "application/json"}}, 400, "BadRequest"),
        ({"json": {"page": "x"}, "headers": bearer("v", "operator:viewer")}, 403, "NotAllowed"),
    ]
    for request, status, error in cases:
        told = await host.post("/companion/ambient/presence/update", **request)
        assert (told.status_code, shaped(told)["error"]) == (status, error)
    assert (await host.get("/companion/api/v1/decisions/zero", headers=bearer("s", "service"))).status_code == 422


async def test_what_nobody_foresaw_keeps_the_shape_and_tells_nothing(engine: Engine, host: httpx.AsyncClient) -> None:
    with psycopg.connect(engine.database.owner_url) as owner:
        owner.execute("ALTER TABLE user_notification_preferences RENAME TO lost")
    told = await host.get("/companion/proactive/preferences", headers=bearer())
    assert (told.status_code, shaped(told)["error"]) == (500, "TactfulError")
    assert "preferences" not in told.text


async def test_ours_is_described_with_the_host(host: httpx.AsyncClient) -> None:
    told = (await host.get("/openapi.json")).json()
    assert told["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    beat = told["paths"]["/companion/ambient/presence/update"]["post"]
    assert beat["security"] == [{"bearer": []}]
    assert "401" in beat["responses"]


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [
        ("", None),
        ("https://learn.example.org/, https://b.example", "https://learn.example.org"),
        ("https://b.example", None),
    ],
)
async def test_only_pages_that_were_named_may_call_from_a_browser(
    origins: str, allowed: str | None, shared_engine: Engine
) -> None:
    engine = Engine(shared_engine.settings.replace(**{ORIGINS.name: origins}))
    client = calling(create_app(engine))
    asked = {"Origin": "https://learn.example.org", "Access-Control-Request-Method": "PUT"}
    told = await client.options("/proactive/preferences", headers=asked)
    assert told.headers.get("Access-Control-Allow-Origin") == allowed
    told = await client.get("/healthz", headers={"Origin": "https://learn.example.org"})
    assert told.headers.get("Access-Control-Allow-Origin") == allowed


async def asked_first(engine: Engine, **headers: str) -> httpx.Response:
    """What a browser hears that asks before it sends something."""
    named = Engine(engine.settings.replace(**{ORIGINS.name: "https://learn.example.org"}))
    asked = {"Origin": "https://learn.example.org", "Access-Control-Request-Method": "GET"}
    asked |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await calling(create_app(named)).options("/api/v1/live/sessions/keynote/stream", headers=asked)


async def test_a_page_may_go_on_where_its_stream_broke_and_asks_but_once(shared_engine: Engine) -> None:
    told = await asked_first(
        shared_engine, Access_Control_Request_Headers="authorization, content-type, last-event-id, x-request-id"
    )
    assert told.status_code == 200
    assert told.headers["Access-Control-Max-Age"] == "7200"
    assert "Access-Control-Allow-Credentials" not in told.headers
    assert (await asked_first(shared_engine, Access_Control_Request_Headers="x-strange")).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "https://learn.example.org.evil.example"},
        {"Origin": "http://learn.example.org"},
        {"Access_Control_Request_Private_Network": "true"},
    ],
)
async def test_pages_without_an_origin_and_ways_into_private_networks_are_refused(
    headers: dict[str, str], shared_engine: Engine
) -> None:
    told = await asked_first(shared_engine, **headers)
    assert told.status_code == 400
    assert told.headers.get("Access-Control-Allow-Origin") in (None, "https://learn.example.org")
    assert "Access-Control-Allow-Private-Network" not in told.headers


@pytest.mark.parametrize("origins", ["null", "*", "https://*.example.org", "file://"])
def test_origins_that_name_no_page_are_refused(origins: str) -> None:
    with pytest.raises(BadSetting):
        ORIGINS.parse(origins, source="tactful.toml")
