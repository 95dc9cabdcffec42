"""People: described one by one or in batches, bit by bit."""

from typing import Any

import httpx
import pytest

from tactful.api.auth import ADMIN, ORGANISER, VIEWER
from tactful.bootstrap import Engine
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

SERVICE = {"sub": "backend", "scope": "service"}
SERVES = bearer(**SERVICE)
ANA = {
    "name": "Ana",
    "zone": "Europe/Lisbon",
    "locale": "pt-PT",
    "addresses": {"email": "ana@example.org", "telegram": "77"},
    "consent": {"engagement": True},
}


async def put(client: httpx.AsyncClient, body: dict[str, Any], person: str = "42", **who: str) -> httpx.Response:
    return await client.put(f"/api/v1/people/{person}", json=body, headers=bearer(**(who or SERVICE)))


async def rows(engine: Engine, statement: str) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute(statement)).fetchall()


async def test_a_person_is_described_bit_by_bit(client: httpx.AsyncClient) -> None:
    assert (await put(client, ANA)).json() == ANA | {"user_id": 42, "zone_source": "person"}
    changed = (
        await put(client, {"addresses": {"telegram": None, "push": "p1"}, "consent": {"research": False}})
    ).json()
    assert changed["addresses"] == {"email": "ana@example.org", "push": "p1"}
    assert changed["consent"] == {"engagement": True, "research": False}
    assert (changed["name"], changed["zone"], changed["locale"]) == ("Ana", "Europe/Lisbon", "pt-PT")


async def test_whose_word_about_the_zone_counts(client: httpx.AsyncClient) -> None:
    admin = bearer("root", ADMIN)
    await client.put("/api/v1/organisations/acme", json={"zone": "Asia/Tokyo"}, headers=admin)
    told = [
        (await put(client, body)).json()
        for body in ({}, {"device_zone": "Asia/Kolkata"}, {"zone": "Europe/Lisbon"}, {"device_zone": "Asia/Kolkata"})
    ]
    assert [(each["zone"], each["zone_source"]) for each in told] == [
        ("Asia/Tokyo", "organisation"),
        ("Asia/Kolkata", "device"),
        ("Europe/Lisbon", "person"),
        ("Europe/Lisbon", "person"),
    ]
    await client.put("/api/v1/organisations/acme", json={"zone": "UTC"}, headers=admin)
    assert (await put(client, {})).json()["zone"] == "Europe/Lisbon"


async def test_groups_are_replaced_as_a_whole(client: httpx.AsyncClient, engine: Engine) -> None:
    members = "SELECT g.external_id, g.name, m.role FROM group_members m JOIN groups g ON g.id = m.group_id ORDER BY 1"
    await put(client, {"groups": [{"id": "7b", "name": "Class 7b"}, {"id": "staff", "role": "educator"}]})
    assert await rows(engine, members) == [
        {"external_id": "7b", "name": "Class 7b", "role": "member"},
        {"external_id": "staff", "name": None, "role": "educator"},
    ]
    await put(client, {"name": "Ana"})
    assert len(await rows(engine, members)) == 2
    await put(client, {"groups": [{"id": "7b"}]})
    assert await rows(engine, members) == [{"external_id": "7b", "name": "Class 7b", "role": "member"}]
    await put(client, {"groups": []})
    assert await rows(engine, members) == []


async def test_a_batch_is_written_whole_or_not_at_all(client: httpx.AsyncClient, engine: Engine) -> None:
    people: list[dict[str, Any]] = [{"user_id": n, "zone": "Asia/Tokyo"} for n in range(1000)]
    told = await client.post("/api/v1/people", json={"people": people}, headers=bearer(**SERVICE))
    assert told.json() == {"count": 1000}
    for bad, field in (
        ({"user_id": 5000, "zone": "Mars/Olympus"}, "people.1.zone"),
        ({"user_id": "4999"}, "people.1.user_id"),
        ({"zone": "UTC"}, "people.1.user_id"),
        ({"user_id": 5000, "groups": [{"id": "a"}, {"id": "a"}]}, "people.1.groups"),
    ):
        body = {"people": [{"user_id": 4999}, bad]}
        told = await client.post("/api/v1/people", json=body, headers=bearer(**SERVICE))
        assert (told.status_code, shaped(told)["fields"]) == (422, [field])
    assert await rows(engine, "SELECT count(*) AS n FROM people") == [{"n": 1000}]


async def test_what_adds_up_to_too_much_is_refused_with_the_field(client: httpx.AsyncClient, engine: Engine) -> None:
    for field, value in (("addresses", "x"), ("consent", True)):
        known = {f"k{number}": value for number in range(20)}
        assert (await put(client, {field: known})).json()[field] == known
        told = await put(client, {"name": "Ana", field: {"one_more": value}})
        assert (told.status_code, shaped(told)["fields"]) == (422, [field])
        people = [{"user_id": 41}, {"user_id": 42, field: {"one_more": value}}]
        told = await client.post("/api/v1/people", json={"people": people}, headers=bearer(**SERVICE))
        assert (told.status_code, shaped(told)["fields"]) == (422, [f"people.1.{field}"])
        instead = (await put(client, {field: {"one_more": value, "k0": None}})).json()[field]
        assert len(instead) == 20
    assert await rows(engine, "SELECT external_id, name FROM people") == [{"external_id": "42", "name": None}]


async def test_an_address_may_be_as_long_as_a_push_subscription(client: httpx.AsyncClient) -> None:
    subscription = '{"endpoint": "https://push.example.org/' + "x" * 1500 + '", "keys": {"auth": "a"}}'
    assert (await put(client, {"addresses": {"web_push": subscription}})).json()["addresses"] == {
        "web_push": subscription
    }
    told = await put(client, {"addresses": {"web_push": "x" * 2001}})
    assert (told.status_code, shaped(told)["fields"][0].split(".")[0]) == (422, "addresses")


async def test_null_is_what_was_left_out_and_clears_a_name(client: httpx.AsyncClient, engine: Engine) -> None:
    await put(client, ANA | {"groups": [{"id": "7b"}]})
    nothing = dict.fromkeys((*ANA, "device_zone", "groups"))
    del nothing["name"]
    assert (await put(client, nothing)).json() == ANA | {"user_id": 42, "zone_source": "person"}
    assert (await put(client, {"name": None})).json() == ANA | {"user_id": 42, "zone_source": "person", "name": None}
    assert (await put(client, {"name": "Ana"})).json()["name"] == "Ana"
    told = await client.post("/api/v1/people", json={"people": [{"user_id": 42, "name": None}]}, headers=SERVES)
    assert told.json() == {"count": 1}
    assert await rows(engine, "SELECT name FROM people") == [{"name": None}]
    assert len(await rows(engine, "SELECT 1 AS one FROM group_members")) == 1


async def test_only_services_and_admins_describe_people(client: httpx.AsyncClient, engine: Engine) -> None:
    for scope in ("person", VIEWER, ORGANISER):
        told = await put(client, {"name": "Ana"}, sub="42", scope=scope)
        assert (told.status_code, shaped(told)["error"]) == (403, "NotAllowed")
    assert await rows(engine, "SELECT 1 AS one FROM people") == []


async def test_a_number_and_its_digits_are_one_person(client: httpx.AsyncClient) -> None:
    await put(client, {"name": "Ana"}, person="42")
    told = await client.post("/api/v1/people", json={"people": [{"user_id": "42", "locale": "pt"}]}, headers=SERVES)
    assert told.json() == {"count": 1}
    assert (await put(client, {})).json() | {"addresses": {}} == {
        "user_id": 42, "name": "Ana", "zone": "UTC", "zone_source": "default", "locale": "pt", "addresses": {},
        "consent": {},
    }  # fmt: skip
    assert (await put(client, {}, person="042")).json()["user_id"] == "042"


@pytest.mark.parametrize(("number", "status"), [(0, 422), (1001, 422)])
async def test_a_batch_has_one_to_a_thousand_people(number: int, status: int, shared_client: httpx.AsyncClient) -> None:
    body = {"people": [{"user_id": each} for each in range(number)]}
    told = await shared_client.post("/api/v1/people", json=body, headers=SERVES)
    assert (told.status_code, shaped(told)["fields"]) == (status, ["people"])


async def test_a_description_makes_the_next_tick_look_again(client: httpx.AsyncClient, engine: Engine) -> None:
    event = {"id": "1", "kind": "visit", "occurred_at": "2026-01-31T08:00:00Z"}
    await client.post("/api/v1/events", json={"events": [event]}, headers=bearer())
    async with engine.database.service() as connection:
        await connection.execute("UPDATE person_state SET next_due_at = '2100-01-01Z'")
    await put(client, {"zone": "Asia/Tokyo"})
    assert await rows(engine, "SELECT next_due_at < '2099-01-01Z' AS soon FROM person_state") == [{"soon": True}]


async def test_the_same_id_in_another_organisation_is_somebody_else(client: httpx.AsyncClient) -> None:
    await put(client, ANA)
    other = (await put(client, {}, sub="x", scope="service", org="umbrella")).json()
    assert (other["name"], other["addresses"]) == (None, {})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"zone": "localtime"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": "Europe/Lisbon\x00"}, "zone"),
        ({"zone": "x" * 10_000}, "zone"),
        ({"device_zone": "+02:00"}, "device_zone"),
        ({"locale": "Portuguese"}, "locale"),
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"addresses": {"e mail": "x"}}, "addresses"),
        ({"addresses": {"email": 1}}, "addresses"),
        ({"consent": {"engagement": "yes"}}, "consent"),
        ({"consent": {"engagement": 1}}, "consent"),
        ({"groups": [{"id": "a", "role": "king"}]}, "groups"),
        ({"user_id": 43}, "user_id"),
    ],
)
async def test_a_description_that_does_not_fit_names_its_field(
    body: dict[str, Any], field: str, shared_client: httpx.AsyncClient
) -> None:
    told = await put(shared_client, body)
    assert told.status_code == 422
    assert shaped(told)["fields"][0].startswith(field)
