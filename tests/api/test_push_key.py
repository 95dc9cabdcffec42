"""What browsers subscribe with."""

from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.deliver.web_push import key_for_browsers
from tactful.deliver.web_push.settings import CONTACT, KEY
from tests.api.conftest import bearer

PATH = "/api/v1/push/key"
SECRET = "a key of these tests, long enough"


@pytest.fixture(params=[True, False], ids=["set up", "not set up"])
def changes(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {KEY.name: SECRET, CONTACT.name: "mailto:push@example.org"} if request.param else {}


async def test_pages_are_told_the_key_where_there_is_one_and_never_the_secret(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    for scope in ("person", "widget"):
        told = await client.get(PATH, headers=bearer(scope=scope))
        key = key_for_browsers(engine.settings)
        if key is None:
            assert (told.status_code, told.json()["error"]) == (404, "NotFound")
            assert "web_push.contact" in told.json()["detail"]
        else:
            assert (told.status_code, told.json()) == (200, {"key": key})
            assert SECRET not in told.text
    assert (await client.get(PATH)).status_code == 401
