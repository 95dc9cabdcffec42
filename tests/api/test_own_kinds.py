"""Own kinds over HTTP: who may, what is answered, and that what is refused changes nothing."""

import httpx
import pytest

from tactful.store.database import Database
from tests.api.conftest import bearer
from tests.api.own_kinds_calls import BASE, FILE
from tests.living import one, settle_in

ADMIN = bearer("cleo", "operator:admin")
VIEWER = bearer("vera", "operator:viewer")


@pytest.fixture(autouse=True)
def acme(closed_database: Database) -> None:
    settle_in(closed_database, count=5)


async def test_a_file_is_checked_saved_tried_put_live_and_taken_back(client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{BASE}/check", json={"file": FILE}, headers=VIEWER)).json()["fine"]
    saved = await client.post(BASE, json={"file": FILE, "note": "autumn"}, headers=ADMIN)
    assert saved.json()["changes"] == ["triggers.long_quiet"]
    assert (await client.post(f"{BASE}/live", json={"version": 1}, headers=ADMIN)).status_code == 409
    tried = (await client.post(f"{BASE}/try", json={"days": 1, "every_hours": 12}, headers=ADMIN)).json()
    assert (tried["version"], tried["people"]) == (1, 5)
    live = await client.post(f"{BASE}/live", json={"version": 1}, headers=ADMIN)
    assert live.json() == {"live": 1, "settings_version": 1, "changed": True}
    told = (await client.get(BASE, headers=VIEWER)).json()
    assert (told["live"], told["triggers"][0]["name"]) == (1, "long_quiet")
    assert told["versions"][0]["tried"]["people"] == 5
    file = (await client.get(f"{BASE}/versions/1", headers=VIEWER)).json()
    assert (file["file"], file["actor"]) == (FILE, "operator:admin cleo")
    off = await client.post(f"{BASE}/switch", json={"name": "long_quiet", "on": False}, headers=ADMIN)
    assert off.json()["changed"]
    assert (await client.post(f"{BASE}/live", json={"version": 0}, headers=ADMIN)).json()["live"] == 0
    assert (await client.post(f"{BASE}/back", json={}, headers=ADMIN)).json()["live"] == 1


async def test_faults_are_answered_with_lines_and_fields_and_nothing_is_kept(
    client: httpx.AsyncClient, closed_database: Database
) -> None:
    wrong = FILE.replace("days_quiet", "days_quite")
    told = (await client.post(f"{BASE}/check", json={"file": wrong}, headers=ADMIN)).json()
    assert (told["fine"], told["faults"][0]["line"]) == (False, 4)
    refused = await client.post(BASE, json={"file": wrong}, headers=ADMIN)
    assert (refused.status_code, refused.json()["fields"]) == (422, ["triggers.long_quiet.when"])
    assert one(closed_database, "SELECT count(*) FROM own_settings") == 0


@pytest.mark.parametrize("act", ["", "/try", "/live", "/back", "/switch"])
@pytest.mark.parametrize("scope", ["person", "service", "operator:viewer"])
async def test_who_may_not_write_changes_nothing(client: httpx.AsyncClient, act: str, scope: str) -> None:
    told = await client.post(f"{BASE}{act}", json={"file": FILE}, headers=bearer("x", scope))
    assert told.status_code == 403


async def test_another_organisation_sees_nothing_of_it(client: httpx.AsyncClient, closed_database: Database) -> None:
    settle_in(closed_database, count=2, organisation="other")
    await client.post(BASE, json={"file": FILE}, headers=ADMIN)
    others = bearer("olga", "operator:admin", "other")
    assert (await client.get(BASE, headers=others)).json()["versions"] == []
    assert (await client.get(f"{BASE}/versions/1", headers=others)).status_code == 404
