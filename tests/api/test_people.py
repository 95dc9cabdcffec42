"""People and the catalogue."""

from typing import Any

import httpx
import pytest

from tactful.api.auth import ADMIN, ORGANISER
from tactful.bootstrap import Engine
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

SERVICE = {"sub": "backend", "scope": "service"}
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


async def test_the_catalogue_is_replaced_entry_by_entry(client: httpx.AsyncClient, engine: Engine) -> None:
    organiser = bearer("olga", ORGANISER)
    content = {
        "title": "Lesson 42", "kind": "lesson", "difficulty": 0.6, "skills": ["s"],
        "topics": ["t"], "prerequisites": ["p"],
    }  # fmt: skip
    told = await client.put("/api/v1/catalogue/content/lesson_42", json=content, headers=organiser)
    assert told.json() == {"id": "lesson_42", "status": "ok"}
    await client.put("/api/v1/catalogue/skills/s", json={"title": "S", "difficulty": 0.2}, headers=bearer(**SERVICE))
    columns = "id, title, kind, difficulty, skills, topics, prerequisites"
    assert await rows(engine, f"SELECT {columns} FROM content") == [content | {"id": "lesson_42"}]
    await client.put("/api/v1/catalogue/content/lesson_42", json={"title": "Again"}, headers=organiser)
    [row] = await rows(engine, f"SELECT {columns} FROM content")
    assert (row["title"], row["difficulty"], row["skills"]) == ("Again", None, [])
    assert await rows(engine, "SELECT id, title, difficulty FROM skills") == [
        {"id": "s", "title": "S", "difficulty": 0.2}
    ]


@pytest.mark.parametrize("difficulty", [-0.1, 1.1, "hard"])
async def test_difficulty_lies_between_easy_and_hard(difficulty: Any, shared_client: httpx.AsyncClient) -> None:
    for what in ("content", "skills"):
        path = f"/api/v1/catalogue/{what}/x"
        told = await shared_client.put(path, json={"difficulty": difficulty}, headers=bearer(**SERVICE))
        assert (told.status_code, shaped(told)["fields"]) == (422, ["difficulty"])
