"""A name that stands twice in one object of a body is refused, where looking costs next to nothing."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.api.schemas.events import EventsIn, PresenceIn
from tactful.api.twice import SMALL, twice
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

EVENT = '"kind": "visit", "occurred_at": "2026-01-31T08:00:00Z"'


def events(*each: str) -> str:
    return ", ".join(f"{{{one}, {EVENT}}}" for one in each).join(('{"events": [', "]}"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/ambient/presence/update", '{"page": "x", "page": "y"}', "page"),
        ("/ambient/presence/update", '{"page":"x:y","p\\u0061ge":"y"}', "page"),
        ("/api/v1/events", events('"id": "e9", "id": "e10"'), "events.0.id"),
        ("/api/v1/events", events('"id":"e9","id" : "e10"'), "events.0.id"),
        (
            "/api/v1/events",
            events('"id": "1"', '"id": "2", "properties": {"a": 1, "a": 2}'),
            "events.1.properties.a",
        ),
        ("/api/v1/events", events('"id": "1"').replace("{", '{"events": [], ', 1), "events"),
    ],
)
async def test_a_name_that_stands_twice_is_refused(
    path: str, body: str, field: str, shared_client: httpx.AsyncClient
) -> None:
    headers = bearer() | {"Content-Type": "application/json"}
    told = await shared_client.post(path, content=body.encode(), headers=headers)
    assert (told.status_code, shaped(told)["fields"]) == (422, [field])
    assert shaped(told)["detail"] == f"{field} is given more than once; which one counts?"


def read(body: str) -> EventsIn | PresenceIn:
    return (EventsIn if "events" in body else PresenceIn).read(body.encode())


@pytest.mark.parametrize(
    "body",
    [
        '{"page": "a:b", "topic": "\\"page\\":"}',
        events('"id": "1"', '"id": "2" , "properties": {"id": "kind", "kind": "id\\":"}'),
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_taken(body: str) -> None:
    assert twice(body.encode(), read(body)) is None


def test_in_a_large_body_the_last_one_counts() -> None:
    body = '{"page": "x", "page": "y"%s}' % (" " * SMALL)
    assert twice(body.encode(), told := read(body)) is None
    assert isinstance(told, PresenceIn)
    assert told.page == "y"


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), st.booleans())
def test_nothing_that_was_written_from_a_dictionary_has_a_name_twice(value: dict[str, Any], ascii: bool) -> None:
    raw = json.dumps(value, ensure_ascii=ascii).encode("utf-8", "surrogatepass")
    assert twice(raw, PresenceIn.model_construct(page="x")) is None
