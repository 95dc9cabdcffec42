"""Tokens for people's browsers: what they are good for, whom they speak for, and how they end."""

import time
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest

from tactful.api.address import Address
from tactful.api.app import ADDRESSES, create_app
from tactful.api.auth import WIDGET, Verifier
from tactful.bootstrap import Engine
from tactful.bootstrap.settings import JWKS
from tactful.kernel.clock import SetClock, SystemClock
from tactful.kernel.errors import Conflict
from tactful.kernel.settings import Settings
from tactful.store.described.people import Person
from tests.api.conftest import KEY, bearer, calling
from tests.api.test_auth import NOW, key_set, refused, signed
from tests.api.test_room import ROOM, begin
from tests.api.test_shapes import filled, name, shaped

SERVICE = bearer("backend", "service")
# Beside all of /ambient, which is there for pages.
GOOD_FOR = {
    "GET /proactive/interventions",
    "POST /proactive/interventions/response",
    "GET /proactive/interventions/{id}/why",
    "GET /proactive/preferences",
    "PUT /proactive/preferences",
    "GET /proactive/consent",
    "PUT /proactive/consent",
    "GET /proactive/my-data",
    "POST /proactive/forget-me",
    "GET /api/v1/milestones",
    "GET /api/v1/push/key",
    "POST /api/v1/addresses",
    "DELETE /api/v1/addresses",
    "GET /api/v1/links",
    "POST /api/v1/links",
    "POST /api/v1/stop",
    "GET /api/v1/live/sessions/{id}/polls",
    "GET /api/v1/live/sessions/{id}/polls/{poll_id}",
    "POST /api/v1/live/sessions/{id}/polls/{poll_id}/vote",
    "GET /api/v1/live/sessions/{id}/questions",
    "POST /api/v1/live/sessions/{id}/questions",
    "POST /api/v1/live/sessions/{id}/questions/{question_id}/vote",
    "DELETE /api/v1/live/sessions/{id}/questions/{question_id}/vote",
    "GET /api/v1/live/sessions/{id}/leaderboard",
    "GET /api/v1/live/sessions/{id}/achievements",
    "POST /api/v1/live/sessions/{id}/signals",
    "POST /api/v1/live/sessions/{id}/ticket",
    "GET /api/v1/live/sessions/{id}/stream",
}


def of_a_page(sub: str = "42", **more: Any) -> dict[str, str]:
    return bearer(sub, WIDGET, **more)


async def minted(client: httpx.AsyncClient, **body: Any) -> dict[str, str]:
    told = await client.post("/api/v1/tokens/widget", json={"user_id": 42, **body}, headers=SERVICE)
    assert told.status_code == 200, told.text
    return {"Authorization": f"Bearer {told.json()['token']}"}


def expected(address: Address) -> bool:
    return name(address) in GOOD_FOR or address.path.startswith("/ambient/")


def test_what_a_page_may_do_is_written_down_here() -> None:
    may = {name(each) for each in ADDRESSES if each.scopes is not None and WIDGET in each.scopes}
    assert may == {name(each) for each in ADDRESSES if expected(each)}
    assert may >= GOOD_FOR


@pytest.mark.parametrize("address", [each for each in ADDRESSES if each.scopes is not None], ids=name)
async def test_every_address_lets_a_page_in_or_keeps_it_out(address: Address, shared_client: httpx.AsyncClient) -> None:
    told = await shared_client.request(address.method, filled(address), headers=of_a_page(), content=b"{broken")
    assert (told.status_code == 403) is not expected(address), told.text


async def test_a_service_hands_one_out_for_half_an_hour(client: httpx.AsyncClient, engine: Engine) -> None:
    before = SystemClock().now()
    told = await client.post("/api/v1/tokens/widget", json={"user_id": 42}, headers=SERVICE)
    assert told.json()["user_id"] == 42
    verifier = Verifier(engine.settings, key=engine.signing_key, clock=engine.clock)
    token = await verifier.verify(told.json()["token"])
    assert (token.subject, token.organisation, token.scope, token.session) == ("42", "acme", WIDGET, None)
    assert token.expires - before.timestamp() == pytest.approx(1800, abs=10)
    mine = await client.get("/proactive/preferences", headers={"Authorization": f"Bearer {told.json()['token']}"})
    assert mine.json()["user_id"] == 42


@pytest.mark.parametrize("scope", ["person", "widget", "operator:viewer", "operator:organiser", "operator:admin"])
async def test_nobody_else_hands_one_out(scope: str, shared_client: httpx.AsyncClient) -> None:
    told = await shared_client.post("/api/v1/tokens/widget", json={"user_id": 42}, headers=bearer(scope=scope))
    assert told.status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"user_id": ""}, {"user_id": 42, "minutes": 0}, {"user_id": 42, "minutes": 721},
             {"user_id": 42, "scope": "service"}, {"user_id": 42, "session_id": ""}],
)  # fmt: skip
async def test_what_cannot_be_is_refused(body: dict[str, Any], shared_client: httpx.AsyncClient) -> None:
    told = await shared_client.post("/api/v1/tokens/widget", json=body, headers=SERVICE)
    assert (told.status_code, shaped(told)["error"]) == (422, "BadInput")


async def test_a_page_speaks_for_one_person_alone(client: httpx.AsyncClient) -> None:
    page = await minted(client)
    other = await client.get("/proactive/preferences", params={"user_id": 43}, headers=page)
    assert (other.status_code, shaped(other)["fields"]) == (403, ["user_id"])
    beat = await client.post("/ambient/presence/update", json={"page": "x", "user_id": 43}, headers=page)
    assert beat.status_code == 403


async def test_one_for_a_live_session_is_good_in_no_other(client: httpx.AsyncClient) -> None:
    await begin(client, "keynote")
    await begin(client, "other")
    page = await minted(client, session_id="keynote")
    assert (await client.get(f"{ROOM}/polls", headers=page)).status_code == 200
    elsewhere = ROOM.replace("keynote", "other")
    for method, path in (("GET", "polls"), ("POST", "ticket"), ("GET", "stream")):
        assert (await client.request(method, f"{elsewhere}/{path}", headers=page)).status_code == 403


async def test_one_that_lasts_long_or_does_not_say_since_when_is_refused() -> None:
    at = int(NOW.timestamp())
    assert "12" not in await refused(signed(scope=WIDGET, iat=None))
    assert "720 minutes" in await refused(signed(scope=WIDGET, iat=at, exp=at + 720 * 60 + 1))
    verifier = Verifier(Settings({JWKS.name: ""}), key=KEY, clock=SetClock(NOW))
    token = jwt.encode(
        {"sub": "42", "org": "acme", "scope": WIDGET, "aud": "tactful", "iat": at, "exp": at + 720 * 60}, KEY
    )
    assert (await verifier.verify(token)).scope == WIDGET


async def test_those_that_were_ended_are_refused_and_new_ones_are_not(client: httpx.AsyncClient) -> None:
    page, other = await minted(client), await minted(client, user_id=43)
    assert (await client.get("/proactive/preferences", headers=page)).status_code == 200
    ended = await client.delete("/api/v1/tokens/widget", params={"user_id": 42}, headers=SERVICE)
    assert ended.json() == {"user_id": 42, "ended": True}
    told = await client.get("/proactive/preferences", headers=page)
    assert (told.status_code, shaped(told)["error"]) == (401, "NotSignedIn")
    assert (await client.get("/proactive/preferences", headers=other)).status_code == 200
    time.sleep(0.01)
    assert (await client.get("/proactive/preferences", headers=await minted(client))).status_code == 200


async def test_other_processes_follow(client: httpx.AsyncClient, engine: Engine) -> None:
    page = await minted(client)
    settings = engine.settings.replace(api__token_check_seconds=0)
    async with Engine(settings) as other, calling(create_app(other)) as there:
        assert (await there.get("/proactive/preferences", headers=page)).status_code == 200
        await engine.end_widget_tokens("acme", "42")
        assert (await there.get("/proactive/preferences", headers=page)).status_code == 401


async def test_a_person_has_one_limit_whichever_token_they_show(engine: Engine, client: httpx.AsyncClient) -> None:
    async with Engine(engine.settings.replace(api__person_per_minute=4)) as few, calling(create_app(few)) as there:
        told = [
            (await there.get("/proactive/preferences", headers=who)).status_code
            for who in (bearer("7"), of_a_page("7"), bearer("7"), of_a_page("7"), of_a_page("7"), bearer("7"))
        ]
        assert told[:3] == [200] * 3
        assert told[-1] == 429
        assert (await there.get("/proactive/preferences", headers=of_a_page("8"))).status_code == 200


async def test_keys_of_your_own_issuer_sign_them_too_and_then_none_is_handed_out_here(engine: Engine) -> None:
    async with Engine(engine.settings.replace(api__jwks=key_set(), api__jwt_secret="")) as theirs:
        with pytest.raises(Conflict):
            await theirs.widget_token("acme", "42")


async def test_none_is_handed_out_for_who_was_erased_until_they_are_described_again(engine: Engine) -> None:
    await engine.describe("acme", [Person("42")])
    await engine.erase("acme", "42")
    with pytest.raises(Conflict):
        await engine.widget_token("acme", "42")
    await engine.describe("acme", [Person("42")])
    assert (await engine.widget_token("acme", "42"))["expires_at"] > engine.clock.now() + timedelta(minutes=29)
