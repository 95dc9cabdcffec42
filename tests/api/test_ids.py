"""The product's own ids may hold anything that can be read, slashes too; in an address they are percent-encoded."""

from datetime import datetime, timedelta
from urllib.parse import quote

import httpx
import pytest

from tactful.kernel.clock import SystemClock
from tests.api.conftest import bearer

STRANGE = ["ana/maria", "a/explain/b", "100%", "who?", "ü #1", "at-risk"]


def yesterday() -> str:
    seen: datetime = SystemClock().now() - timedelta(days=1)
    return f"{seen:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("person", STRANGE)
async def test_a_person_of_any_id_can_be_described_and_explained(person: str, client: httpx.AsyncClient) -> None:
    service, path = bearer("shop", "service"), f"/api/v1/people/{quote(person, safe='')}"
    described = await client.put(path, json={"name": "Ana"}, headers=service)
    assert (described.status_code, described.json()["user_id"]) == (200, person)
    event = {"id": "1", "user_id": person, "kind": "visit", "occurred_at": yesterday()}
    await client.post("/api/v1/events", json={"events": [event]}, headers=service)
    told = await client.get(f"{path}/explain", headers=service)
    assert (told.status_code, told.json()["user_id"]) == (200, person)


@pytest.mark.parametrize("item", STRANGE)
@pytest.mark.parametrize("kind", ["content", "skills"])
async def test_an_entry_of_the_catalogue_may_have_any_id(kind: str, item: str, client: httpx.AsyncClient) -> None:
    path = f"/api/v1/catalogue/{kind}/{quote(item, safe='')}"
    told = await client.put(path, json={"title": "Fractions"}, headers=bearer("shop", "service"))
    assert (told.status_code, told.json()["id"]) == (200, item)
