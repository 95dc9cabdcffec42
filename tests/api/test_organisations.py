"""Organisations and the tokens they hand out."""

from typing import Any

import httpx
import pytest

from tactful.api.auth import ADMIN
from tactful.bootstrap import Engine
from tactful.store.described import tokens
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

ACME = "/api/v1/organisations/acme"


@pytest.fixture
def admin() -> dict[str, str]:
    return bearer("root", ADMIN)


def carrying(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def works(client: httpx.AsyncClient, token: str) -> bool:
    told = await client.get("/api/v1/pauses", headers=carrying(token))
    assert told.status_code in (200, 401)
    return told.status_code == 200


async def test_an_organisation_is_written_and_changed(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    made = (await client.put(ACME, json={}, headers=admin)).json()
    assert (made["name"], made["zone"]) == ("acme", "UTC")
    changed = (await client.put(ACME, json={"zone": "Asia/Kathmandu"}, headers=admin)).json()
    assert (changed["zone"], changed["created_at"]) == ("Asia/Kathmandu", made["created_at"])
    odd = await client.put(ACME, json={"zone": "Mars/Olympus"}, headers=admin)
    assert shaped(odd)["fields"] == ["zone"]


async def test_another_organisation_is_not_there(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    other = "/api/v1/organisations/umbrella"
    for method, path, body in (
        ("PUT", other, {}),
        ("GET", f"{other}/tokens", None),
        ("POST", f"{other}/tokens", {}),
        ("POST", f"{other}/tokens/x/rotate", {}),
        ("DELETE", f"{other}/tokens/x", None),
    ):
        told = await client.request(method, path, json=body, headers=admin)
        assert (told.status_code, shaped(told)["error"]) == (404, "NotFound")


async def test_a_token_works_until_it_is_revoked(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    made = (await client.post(f"{ACME}/tokens", json={"note": "backend"}, headers=admin)).json()
    assert await works(client, made["token"])
    gone = (await client.delete(f"{ACME}/tokens/{made['id']}", headers=admin)).json()
    assert gone["revoked_at"] is not None
    assert not await works(client, made["token"])


async def test_a_rotated_token_overlaps_with_its_successor(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    old = (await client.post(f"{ACME}/tokens", json={"scope": "operator:viewer"}, headers=admin)).json()
    new = (await client.post(f"{ACME}/tokens/{old['id']}/rotate", json={}, headers=admin)).json()
    assert new["scope"] == "operator:viewer"
    assert [await works(client, each["token"]) for each in (old, new)] == [True, True]
    last = (await client.post(f"{ACME}/tokens/{new['id']}/rotate", json={"overlap_hours": 0}, headers=admin)).json()
    assert [await works(client, each["token"]) for each in (old, new, last)] == [True, False, True]
    await client.delete(f"{ACME}/tokens/{old['id']}", headers=admin)
    assert [await works(client, each["token"]) for each in (old, new, last)] == [False, False, True]


@pytest.mark.parametrize("how", ["revoke_token", "rotate_token"])
async def test_a_token_just_used_is_refused_at_once_when_the_library_ends_it(
    how: str, client: httpx.AsyncClient, engine: Engine, admin: dict[str, str]
) -> None:
    made = (await client.post(f"{ACME}/tokens", json={}, headers=admin)).json()
    assert await works(client, made["token"])
    more = {"overlap_hours": 0} if how == "rotate_token" else {}
    await getattr(engine, how)("acme", made["id"], **more)
    assert not await works(client, made["token"])


async def test_a_look_that_began_before_a_token_was_ended_is_not_remembered(
    client: httpx.AsyncClient, engine: Engine, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (await client.post(f"{ACME}/tokens", json={}, headers=admin)).json()
    looked = tokens.revoked

    async def meanwhile(*args: Any, **more: Any) -> bool:
        monkeypatch.setattr(tokens, "revoked", looked)
        found = await looked(*args, **more)
        await engine.revoke_token("acme", made["id"])
        return found

    monkeypatch.setattr(tokens, "revoked", meanwhile)
    assert await works(client, made["token"])
    assert not await works(client, made["token"])


@pytest.mark.parametrize("again", [{}, {"overlap_hours": 0}, {"overlap_hours": 8760}])
async def test_a_token_has_one_successor_and_comes_back_to_nobody(
    again: dict[str, Any], client: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    made = [(await client.post(f"{ACME}/tokens", json={}, headers=admin)).json() for _ in range(3)]
    rotated, ending, revoked = made
    new = (await client.post(f"{ACME}/tokens/{rotated['id']}/rotate", json={}, headers=admin)).json()
    assert (
        await client.post(f"{ACME}/tokens/{ending['id']}/rotate", json={"overlap_hours": 0}, headers=admin)
    ).is_success
    assert (await client.delete(f"{ACME}/tokens/{revoked['id']}", headers=admin)).is_success
    before = (await client.get(f"{ACME}/tokens", headers=admin)).json()
    for each in made:
        told = await client.post(f"{ACME}/tokens/{each['id']}/rotate", json=again, headers=admin)
        assert (told.status_code, shaped(told)["error"]) == (409, "Conflict")
    assert (await client.get(f"{ACME}/tokens", headers=admin)).json() == before
    assert [await works(client, each["token"]) for each in (*made, new)] == [True, False, False, True]


async def test_revoking_twice_is_revoking_once(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    made = (await client.post(f"{ACME}/tokens", json={}, headers=admin)).json()
    told = [(await client.delete(f"{ACME}/tokens/{made['id']}", headers=admin)).json() for _ in range(2)]
    assert told[0] == told[1]


async def test_tokens_are_listed_without_the_tokens(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    made = (await client.post(f"{ACME}/tokens", json={"days": 3}, headers=admin)).json()
    [listed] = (await client.get(f"{ACME}/tokens", headers=admin)).json()["tokens"]
    assert listed == {name: value for name, value in made.items() if name != "token"}
    assert (await client.get(f"{ACME}/tokens", headers=bearer("root", ADMIN, "umbrella"))).status_code == 404


async def test_a_token_that_is_not_there_cannot_be_rotated_or_revoked(
    client: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    await client.put("/api/v1/organisations/umbrella", json={}, headers=bearer("root", ADMIN, "umbrella"))
    theirs = await client.post(
        "/api/v1/organisations/umbrella/tokens", json={}, headers=bearer("root", ADMIN, "umbrella")
    )
    for token_id in ("nonsense", theirs.json()["id"]):
        assert (await client.delete(f"{ACME}/tokens/{token_id}", headers=admin)).status_code == 404
        assert (await client.post(f"{ACME}/tokens/{token_id}/rotate", json={}, headers=admin)).status_code == 404
    assert await works(client, theirs.json()["token"])


async def test_a_token_id_of_another_organisation_is_refused(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    made = (await client.post(f"{ACME}/tokens", json={}, headers=admin)).json()
    stolen = bearer("x", "service", "umbrella", token_id=made["id"])
    assert (await client.get("/api/v1/pauses", headers=stolen)).status_code == 401
