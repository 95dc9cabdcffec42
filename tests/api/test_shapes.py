"""Every error and every address, one by one."""

import json
import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tactful.api.address import Address
from tactful.api.app import ADDRESSES
from tactful.api.auth import SCOPES
from tactful.api.errors import answer
from tactful.kernel.errors import ChannelRefused, Refusal, TactfulError
from tests.api.conftest import bearer

# Beside health: what people reach from a message, who need no token to say stop or to answer it.
OPEN = {
    "/healthz", "/readyz", "/api/health/detailed", "/metrics", "/api/v1/out/{token}", "/api/v1/responses/{mark}",
    "/api/v1/telegram",
}  # fmt: skip


def everything(kind: type[TactfulError] = TactfulError) -> list[type[TactfulError]]:
    return [kind, *(below for each in kind.__subclasses__() for below in everything(each))]


def filled(address: Address) -> str:
    path = address.path.replace("{name}", "acme").replace("{poll_id}", "11111111-1111-4111-8111-111111111111")
    return re.sub(r"\{(question_)?id\}", "7", path)


def shaped(response: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert set(body) == {"error", "detail", "fields"}
    assert isinstance(body["error"], str)
    assert body["detail"].endswith((".", "!", "?"))
    assert all(isinstance(field, str) for field in body["fields"])
    return body


def name(address: Address) -> str:
    return f"{address.method} {address.path}"


ALL = pytest.mark.parametrize("address", ADDRESSES, ids=name)
GUARDED = pytest.mark.parametrize("address", [each for each in ADDRESSES if each.scopes is not None], ids=name)


@pytest.mark.parametrize("kind", everything(), ids=lambda kind: kind.__name__)
def test_every_error_has_one_shape(kind: type[TactfulError]) -> None:
    error = kind(refusal=Refusal.GONE) if issubclass(kind, ChannelRefused) else kind()
    told = answer(error)
    body = json.loads(bytes(told.body))
    assert body == {"error": kind.__name__, "detail": (kind.__doc__ or "").strip(), "fields": []}
    assert 400 <= told.status_code == kind.status < 600


def test_no_two_errors_share_a_name() -> None:
    names = [kind.__name__ for kind in everything()]
    assert len(names) == len(set(names))


def test_only_health_and_ways_out_are_open() -> None:
    assert {address.path for address in ADDRESSES if address.scopes is None} == OPEN


def test_every_scope_is_one_we_know() -> None:
    assert all(address.scopes is None or address.scopes <= set(SCOPES) for address in ADDRESSES)


async def test_every_address_is_served_and_every_route_is_an_address(shared_app: FastAPI) -> None:
    described = {
        (method.upper(), path) for path, methods in shared_app.openapi()["paths"].items() for method in methods
    }
    assert described == {(address.method, address.path) for address in ADDRESSES}


@GUARDED
async def test_without_a_token_nobody_comes_in(address: Address, shared_client: httpx.AsyncClient) -> None:
    for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}, {"Authorization": "Bearer x"}):
        told = await shared_client.request(address.method, filled(address), headers=headers, content=b"{broken")
        assert told.status_code == 401
        assert told.headers["WWW-Authenticate"] == "Bearer"
        assert shaped(told)["error"] == "NotSignedIn"


@GUARDED
async def test_a_scope_that_may_not_is_refused(address: Address, shared_client: httpx.AsyncClient) -> None:
    for scope in set(SCOPES) - (address.scopes or set()):
        told = await shared_client.request(
            address.method, filled(address), headers=bearer(scope=scope), content=b"{broken"
        )
        assert (told.status_code, shaped(told)["error"]) == (403, "NotAllowed")


@ALL
async def test_every_address_documents_what_it_answers(address: Address, shared_app: FastAPI) -> None:
    told = shared_app.openapi()["paths"][address.path][address.method.lower()]["responses"]
    for kind in address.errors():
        content = told[str(kind.status)]["content"]["application/json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in json.dumps(told)


@ALL
async def test_a_wrong_method_is_told_the_right_one(address: Address, shared_client: httpx.AsyncClient) -> None:
    told = await shared_client.request("PATCH", filled(address))
    assert (told.status_code, shaped(told)["error"]) == (405, "MethodNotAllowed")
    assert address.method in told.headers["Allow"]


READ = [each for each in ADDRESSES if each.method == "GET" and each.head]


@pytest.mark.parametrize("address", READ, ids=name)
async def test_head_answers_as_get_does(address: Address, shared_client: httpx.AsyncClient) -> None:
    scope = next(iter(sorted(address.scopes or {"person"})))
    told = [
        await shared_client.request(method, filled(address), headers=bearer(scope=scope)) for method in ("GET", "HEAD")
    ]
    assert told[0].status_code == told[1].status_code != 405
    assert told[0].headers["Content-Type"] == told[1].headers["Content-Type"]
    assert "HEAD" in (await shared_client.request("PATCH", filled(address))).headers["Allow"]


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/start.js", "/openapi.json"])
async def test_head_answers_for_pages_too(path: str, shared_client: httpx.AsyncClient) -> None:
    assert (await shared_client.head(path)).status_code == 200


async def test_head_shows_nobody_anything(shared_client: httpx.AsyncClient) -> None:
    told = await shared_client.head("/proactive/interventions", headers=bearer())
    assert (told.status_code, told.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1", "/docs/../etc/passwd", "/docs/passwd", "/%00", "/a" * 2000])
async def test_an_unknown_address_is_not_found(path: str, shared_client: httpx.AsyncClient) -> None:
    told = await shared_client.get(path)
    assert (told.status_code, shaped(told)["error"]) == (404, "NotFound")


async def test_a_request_keeps_its_id_and_gets_one_if_it_has_none(shared_client: httpx.AsyncClient) -> None:
    assert (await shared_client.get("/healthz", headers={"X-Request-ID": "abc-1"})).headers["X-Request-ID"] == "abc-1"
    odd = (await shared_client.get("/healthz", headers={"X-Request-ID": "a b\tc" * 40})).headers["X-Request-ID"]
    assert re.fullmatch(r"[\w-]{12}", odd)


async def test_no_route_escapes_the_door(shared_app: FastAPI) -> None:
    plain = {route.path for route in shared_app.routes if isinstance(route, APIRoute) and type(route) is APIRoute}
    assert plain <= {"/", "/status.css", "/docs", "/docs/start.js", "/docs/{name}"}
