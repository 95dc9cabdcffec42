"""The catalogue: content and skills, as services and organisers describe them."""

from typing import Any

import httpx
import pytest

from tactful.api.auth import ADMIN, ORGANISER, VIEWER
from tactful.bootstrap import Engine
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

SERVICE = {"sub": "backend", "scope": "service"}
BOTH = pytest.mark.parametrize("what", ["content", "skills"])


async def put(client: httpx.AsyncClient, what: str, item: str, body: dict[str, Any], **who: str) -> httpx.Response:
    return await client.put(f"/api/v1/catalogue/{what}/{item}", json=body, headers=bearer(**(SERVICE | who)))


async def rows(engine: Engine, statement: str) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute(statement)).fetchall()


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


@BOTH
async def test_two_organisations_may_use_the_same_ids(what: str, client: httpx.AsyncClient, engine: Engine) -> None:
    for org in ("acme", "umbrella"):
        assert (await put(client, what, "x", {"title": org}, org=org)).status_code == 200
    await put(client, what, "x", {"title": "again"})
    told = f"SELECT o.name, c.title FROM {what} c JOIN organisations o ON o.id = c.organisation_id ORDER BY 1"
    assert await rows(engine, told) == [{"name": "acme", "title": "again"}, {"name": "umbrella", "title": "umbrella"}]


@BOTH
async def test_saying_the_same_twice_is_saying_it_once(what: str, client: httpx.AsyncClient, engine: Engine) -> None:
    body = {"title": "X", "difficulty": 0.5, "topics": ["b", "a", "b"], "prerequisites": ["p", "p"]}
    told = [await put(client, what, "x", body) for _ in range(2)]
    assert [each.json() for each in told] == [{"id": "x", "status": "ok"}] * 2
    assert await rows(engine, f"SELECT id, title, difficulty, topics, prerequisites FROM {what}") == [
        {"id": "x", "title": "X", "difficulty": 0.5, "topics": ["b", "a"], "prerequisites": ["p"]}
    ]


@BOTH
async def test_nothing_comes_before_itself(what: str, client: httpx.AsyncClient, engine: Engine) -> None:
    assert (await put(client, what, "b", {"prerequisites": ["a"]})).status_code == 200
    assert (await put(client, what, "c", {"prerequisites": ["b"]})).status_code == 200
    for item, before in (("a", "c"), ("a", "b"), ("x", "x")):
        told = await put(client, what, item, {"prerequisites": ["fine", before]})
        assert (told.status_code, shaped(told)["fields"]) == (422, ["prerequisites"])
    assert await rows(engine, f"SELECT id FROM {what} ORDER BY id") == [{"id": "b"}, {"id": "c"}]


@BOTH
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"prerequisites": ["x"] * 101}, "prerequisites"),
        ({"prerequisites": "x"}, "prerequisites"),
        ({"prerequisites": [""]}, "prerequisites.0"),
        ({"topics": [7]}, "topics.0"),
        ({"topics": ["x" * 256]}, "topics.0"),
        ({"id": "y"}, "id"),
    ],
)
async def test_a_description_that_does_not_fit_names_its_field(
    what: str, body: dict[str, Any], field: str, shared_client: httpx.AsyncClient
) -> None:
    told = await put(shared_client, what, "x", body)
    assert (told.status_code, shaped(told)["fields"]) == (422, [field])


@BOTH
async def test_those_who_read_do_not_write(what: str, client: httpx.AsyncClient, engine: Engine) -> None:
    for scope in ("person", VIEWER):
        told = await put(client, what, "x", {"title": "X"}, scope=scope)
        assert (told.status_code, shaped(told)["error"]) == (403, "NotAllowed")
    assert await rows(engine, f"SELECT 1 AS one FROM {what}") == []
    for scope in (ORGANISER, ADMIN):
        assert (await put(client, what, "x", {"title": scope}, scope=scope)).status_code == 200
