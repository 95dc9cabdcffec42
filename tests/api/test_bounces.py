"""A letter that came back is taken over HTTP and from a pipe, by its organisation alone."""

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.store.described.people import Person
from tests.api.conftest import bearer
from tests.deliver.email.test_bounces import report

SERVICE = bearer("backend", "service")
WHERE = "/api/v1/email/bounces"
SENT = """
WITH told AS (
  INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, channel,
                                 triggered_at, due_at, expires_at, shown_at)
  SELECT id, organisation_id, 'check_in', 5, 'test', 'shown', 'email', now(), now(), now() + interval '1 day', now()
    FROM people RETURNING *)
INSERT INTO deliveries (organisation_id, person_id, intervention_id, channel, state, due_at, expires_at, address_id)
SELECT t.organization_id, t.user_id, t.id, 'email', 'sent', now(), now() + interval '1 day', a.id
  FROM told t JOIN addresses a ON a.person_id = t.user_id RETURNING mark
"""


async def written_to(engine: Engine) -> str:
    """Somebody gets a letter; its mark."""
    await engine.describe("acme", [Person("ana", addresses={"email": "ana@example.org"})])
    async with engine.database.service() as connection:
        row = await (await connection.execute(SENT)).fetchone()
    assert row is not None
    return str(row["mark"].hex)


async def test_a_letter_that_came_back_ends_its_address(client: httpx.AsyncClient, engine: Engine) -> None:
    raw = report(mark=await written_to(engine))
    theirs = await client.post(WHERE, content=raw, headers=bearer("backend", "service", org="rivals"))
    assert (theirs.status_code, theirs.json()["known"]) == (200, False)
    told = (await client.post(WHERE, content=raw, headers=SERVICE)).json()
    assert (told["known"], told["refusal"], told["off"]) == (True, "gone", True)
    (address,) = await engine.addresses("acme", "ana")
    assert address["disabled_because"] == "gone"
    (row,) = (await engine.undelivered("acme", channel="email"))["deliveries"]
    assert row["refusal"] == "gone"
    assert (await client.post(WHERE, content=raw, headers=SERVICE)).json()["off"] is False


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 99, b"Subject: I am on holiday\r\n\r\nUntil Monday."])
async def test_what_is_no_letter_of_ours_changes_nothing(raw: bytes, client: httpx.AsyncClient) -> None:
    told = await client.post(WHERE, content=raw, headers=SERVICE)
    assert (told.status_code, told.json()["known"]) == (200, False)


async def test_what_is_larger_than_any_letter_is_refused(client: httpx.AsyncClient) -> None:
    told = await client.post(WHERE, content=b"x" * 2_000_000, headers=SERVICE)
    assert (told.status_code, told.json()["error"]) == (413, "TooLarge")


async def test_a_person_may_link_their_own_chats_and_no_other(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/links", headers=bearer())).json() == {"links": []}
    assert (await client.get("/api/v1/links", params={"user_id": "7"}, headers=bearer())).status_code == 403
