"""Data rights over HTTP: everything that is stored, and nothing any more."""

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.store.described.people import Person
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped
from tests.api.test_widget_tokens import minted, of_a_page

SERVICE, ADMIN = bearer("backend", "service"), bearer("olga", "operator:admin")
BEAT = {"page": "lesson", "topic": "algebra"}


@pytest.mark.parametrize("who", [bearer(), of_a_page()], ids=["person", "widget"])
async def test_people_take_along_what_is_stored_of_them(who: dict[str, str], client: httpx.AsyncClient) -> None:
    await client.post("/ambient/presence/update", json=BEAT, headers=who)
    told = await client.get("/proactive/my-data", headers=who)
    assert told.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert told.headers["Cache-Control"] == "no-store"
    tables = told.json()["tables"]
    assert {"people", "visits", "ambient_presence_states"} == set(tables)
    assert tables["ambient_presence_states"][0]["current_topic"] == "algebra"
    assert tables["people"][0]["external_id"] == "42"


@pytest.mark.parametrize("who", [SERVICE, ADMIN], ids=["service", "admin"])
async def test_an_organisation_tells_and_erases_its_people(who: dict[str, str], client: httpx.AsyncClient) -> None:
    await client.put("/api/v1/people/a%2Fb", json={"name": "Ana"}, headers=SERVICE)
    told = await client.get("/api/v1/people/a%2Fb/export", headers=who)
    assert told.json()["tables"]["people"][0]["name"] == "Ana"
    for already in (False, True):
        gone = await client.delete("/api/v1/people/a%2Fb", headers=who)
        assert gone.json() == {"user_id": "a/b", "erased": True, "already": already}
    assert (await client.get("/api/v1/people/a%2Fb/export", headers=who)).status_code == 404


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_nobody_of_that_name_or_of_another_organisation_is_found(method: str, client: httpx.AsyncClient) -> None:
    await client.put("/api/v1/people/42", json={"name": "Ana"}, headers=SERVICE)
    path = "/api/v1/people/{}" + ("/export" if method == "GET" else "")
    strangers = bearer("backend", "service", org="zenith")
    assert (await client.request(method, path.format("nobody"), headers=SERVICE)).status_code == 404
    assert (await client.request(method, path.format("42"), headers=strangers)).status_code == 404
    assert (await client.get("/api/v1/people/42/export", headers=SERVICE)).status_code == 200


async def test_people_are_forgotten_once_they_say_so(client: httpx.AsyncClient, engine: Engine) -> None:
    page = await minted(client)
    await client.post("/ambient/presence/update", json=BEAT, headers=page)
    for wrong in ({}, {"confirm": "yes"}, {"confirm": 43}):
        refused = await client.post("/proactive/forget-me", json=wrong, headers=page)
        assert (refused.status_code, shaped(refused)["fields"]) == (422, ["confirm"])
    told = await client.post("/proactive/forget-me", json={"confirm": 42}, headers=page)
    assert told.json() == {"user_id": 42, "erased": True, "already": False}
    # The page's token is worth nothing any more, and what another token says brings nobody back.
    assert (await client.post("/ambient/presence/update", json=BEAT, headers=page)).status_code == 401
    late = await client.post("/ambient/presence/update", json=BEAT, headers=bearer())
    assert late.json() == {"status": "erased"}
    event = {"id": "1", "user_id": 42, "kind": "visit", "occurred_at": "2026-01-31T08:00:00Z"}
    sent = await client.post("/api/v1/events", json={"events": [event]}, headers=SERVICE)
    assert sent.json() == {"accepted": 0, "duplicate": 0, "erased": 1}
    for address, body in (("preferences", {"dnd_enabled": True}), ("consent", {"presence": True})):
        assert (await client.put(f"/proactive/{address}", json=body, headers=bearer())).status_code == 409
    asked = {"content_metadata": {"content_id": "lesson_42"}}
    struggle = await client.post("/api/v1/predictive/struggle/predict", json=asked, headers=bearer())
    assert struggle.status_code == 409
    assert (await client.get("/proactive/my-data", headers=bearer())).json()["tables"] == {}
    await engine.describe("acme", [Person("42")])
    assert (await client.post("/ambient/presence/update", json=BEAT, headers=page)).status_code == 401
    assert (await client.post("/ambient/presence/update", json=BEAT, headers=bearer())).json() == {"status": "ok"}


async def test_the_audit_log_says_that_somebody_was_erased_and_not_who(engine: Engine) -> None:
    await engine.describe("acme", [Person("ana-of-lisbon")])
    await engine.erase("acme", "ana-of-lisbon", themselves=True)
    async with engine.database.service() as connection:
        [row] = await (await connection.execute("SELECT actor, act, detail::text FROM audit_log")).fetchall()
    assert (row["actor"], row["act"]) == ("the person themselves", "erase person")
    assert "ana" not in row["detail"]


async def test_pages_of_who_was_erased_are_answered_and_leave_nothing(client: httpx.AsyncClient) -> None:
    await client.post("/ambient/presence/update", json={"page": "lesson"}, headers=bearer())
    await client.request("DELETE", "/api/v1/people/42", headers=bearer(scope="service"))
    service = bearer(scope="service")
    asked = {"user_behavior": {"time_on_section": 60}, "current_context": {"page": "lesson"}, "user_id": 42}
    told = (await client.post("/ambient/inline-help/check", json=asked, headers=service)).json()
    assert (told["should_show"], told["reason"]) == (False, "They were erased; nothing is decided about them.")
    chosen = {"action_id": "preferences", "current_page": "lesson", "user_id": 42}
    told = (await client.post("/ambient/quick-actions/used", json=chosen, headers=service)).json()
    assert told["status"] == "erased"
    exported = await client.get("/api/v1/people/42/export", headers=service)
    assert exported.status_code == 404
