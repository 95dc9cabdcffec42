"""Administrators register endpoints; their secrets are shown once and to nobody else."""

from typing import Any

import httpx
import pytest

from tactful.api.auth import ADMIN
from tactful.bootstrap import Engine
from tactful.deliver.webhook.settings import PRIVATE
from tactful.kernel.errors import Conflict, NotFound
from tactful.store.described.people import Person
from tactful.store.described.webhooks import MOST
from tactful.testing.webhooks import Endpoint
from tests.api.conftest import bearer
from tests.api.test_alerts import acts, class_of
from tests.api.test_shapes import shaped

PATH = "/api/v1/webhooks"
ADA, THEIRS = bearer("ada", ADMIN), bearer("zed", ADMIN, org="umbrella")


@pytest.fixture
def changes() -> dict[str, Any]:
    return {PRIVATE.name: True, "dropout.high_from": 0.35, "dropout.critical_from": 0.4}


async def test_a_secret_is_shown_once_and_the_endpoint_to_its_administrators(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    await engine.write_organisation("acme")
    await engine.write_organisation("umbrella")
    body = {"url": "https://school.example/hook", "note": "our chat"}
    made = (await client.post(PATH, json=body, headers=ADA)).json()
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert {**body, "created_by": "operator:admin ada", "disabled_at": None, "waiting": 0}.items() <= made.items()
    assert (await client.get(PATH, headers=ADA)).json() == {"webhooks": [made]}
    assert (await client.get(PATH, headers=THEIRS)).json() == {"webhooks": []}
    twice = await client.post(PATH, json=body, headers=ADA)
    assert (twice.status_code, shaped(twice)["error"]) == (409, "Conflict")
    foreign = await client.delete(f"{PATH}/{made['id']}", headers=THEIRS)
    assert (foreign.status_code, shaped(foreign)["error"]) == (404, "NotFound")
    gone = await client.delete(f"{PATH}/{made['id']}", headers=ADA)
    assert gone.json() == {"id": made["id"], "url": body["url"], "removed": True}
    assert (await client.delete(f"{PATH}/{made['id']}", headers=ADA)).status_code == 404
    told = await acts(engine)
    assert [act["act"] for act in told if "webhook" in act["act"]] == ["add webhook", "remove webhook"]
    async with engine.database.service() as connection:
        kept = await (await connection.execute("SELECT detail::text AS detail FROM audit_log")).fetchall()
    assert not any(secret in row["detail"] for row in kept)


async def test_an_alert_reaches_the_endpoint_with_the_secret_that_was_shown(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    await engine.describe("acme", [Person("ana")])
    with Endpoint() as endpoint:
        made = (await client.post(PATH, json={"url": endpoint.url}, headers=ADA)).json()
        await class_of(engine, "ana")
        assert await engine.post_webhooks() == 1
    (posted,) = endpoint.posted
    assert posted.proves(made["secret"])
    assert (posted.told["data"]["user_id"], posted.told["data"]["educator_id"]) == ("ana", "eva")
    (row,) = (await client.get(PATH, headers=ADA)).json()["webhooks"]
    assert (row["waiting"], row["failures"], row["last_sent_at"] is not None) == (0, 0, True)


@pytest.mark.parametrize(
    "url", ["", "school.example", "ftp://school.example/", "https://u:p@school.example/", "x" * 3000]
)
async def test_an_endpoint_that_cannot_be_is_refused(url: str, engine: Engine, client: httpx.AsyncClient) -> None:
    await engine.write_organisation("acme")
    told = await client.post(PATH, json={"url": url}, headers=ADA)
    assert (told.status_code, shaped(told)["fields"]) == (422, ["url"])
    assert (await client.get(PATH, headers=ADA)).json() == {"webhooks": []}


async def test_an_organisation_nobody_knows_has_no_endpoints(engine: Engine) -> None:
    with pytest.raises(NotFound):
        await engine.add_webhook("nowhere", "https://school.example/")


async def test_an_organisation_has_so_many_endpoints_and_no_more(engine: Engine) -> None:
    await engine.write_organisation("acme")
    for number in range(MOST):
        await engine.add_webhook("acme", f"https://school.example/{number}")
    with pytest.raises(Conflict, match="remove one first"):
        await engine.add_webhook("acme", "https://school.example/more")
    assert len(await engine.webhooks("acme")) == MOST
