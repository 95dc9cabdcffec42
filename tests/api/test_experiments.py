"""Tests of variants over HTTP: begun, read, stopped, promoted; each by those who may."""

from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tests.api.conftest import bearer
from tests.api.experiment_calls import HELLO, NEW

BASE = "/api/v1/experiments"
ADMIN = bearer("admin", "operator:admin")
ONE = f"{BASE}/warmer_hello"


@pytest.fixture
async def known(engine: Engine) -> None:
    await engine.write_organisation("acme")


async def test_a_test_is_begun_read_and_promoted(client: httpx.AsyncClient, engine: Engine, known: None) -> None:
    begun = await client.post(BASE, headers=ADMIN, json=NEW)
    assert begun.status_code == 200, begun.text
    told = begun.json()
    assert (told["state"], told["verdict"], told["what"], told["harm_margin"]) == (
        "running", "too_early", "wording", 0.01,
    )  # fmt: skip
    assert [(each["share"], each["content"]) for each in told["variants"]] == [(0.5, None), (0.5, [HELLO])]
    assert (await client.get(ONE, headers=ADMIN)).json() == told
    assert (await client.get(BASE, headers=bearer("o", "operator:viewer"))).json() == {"experiments": [told]}
    done = (await client.post(f"{ONE}/promote", headers=ADMIN, json={"variant": "warmer"})).json()
    assert (done["state"], done["promoted"], done["stopped_at"] is not None) == ("promoted", "warmer", True)
    (own,) = [row for row in (await engine.templates("acme"))["templates"] if row["own"]]
    assert (own["name"], own["content"]) == ("people.gentle_nudge", [HELLO])


async def test_what_is_set_for_the_organisation_holds_where_a_test_says_nothing(
    client: httpx.AsyncClient, engine: Engine, known: None
) -> None:
    await engine.change_settings("acme", {"learn.harm_margin": 0.05, "learn.promote_winners": True})
    told = (await client.post(BASE, headers=ADMIN, json=NEW)).json()
    assert (told["harm_margin"], told["promote_winner"]) == (0.05, True)
    own = NEW | {"name": "own", "kind": "morning_ritual", "harm_margin": 0.0, "promote_winner": False}
    told = (await client.post(BASE, headers=ADMIN, json=own)).json()
    assert (told["harm_margin"], told["promote_winner"]) == (0.0, False)


async def test_organisers_stop_what_they_may_not_begin(client: httpx.AsyncClient, known: None) -> None:
    organiser, viewer = bearer("o", "operator:organiser"), bearer("v", "operator:viewer")
    assert (await client.post(BASE, headers=organiser, json=NEW)).status_code == 403
    await client.post(BASE, headers=ADMIN, json=NEW)
    assert (await client.post(f"{ONE}/stop", headers=viewer)).status_code == 403
    assert (await client.post(f"{ONE}/stop", headers=organiser)).json()["stopped_because"] == "hand"
    assert (await client.post(f"{ONE}/stop", headers=organiser)).status_code == 409
    assert (await client.get(ONE, headers=bearer("42"))).status_code == 403
    assert (await client.get(ONE, headers=bearer("x", "service", org="other"))).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "weather"}, "kind"),
        ({"what": "weather"}, "what"),
        ({"variants": []}, "variants"),
        ({"variants": [{"name": "a", "share": 1.0}, {"name": "b", "share": 2.0}]}, "variants.1.share"),
        ({"variants": [{"name": "a", "share": 0.5}, {"name": "b", "share": 0.5, "content": [{}]}]},
         "variants.1.content.0"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_by_name_and_changes_nothing(
    client: httpx.AsyncClient, known: None, changes: dict[str, Any], field: str
) -> None:
    refused = await client.post(BASE, headers=ADMIN, json=NEW | changes)
    assert (refused.status_code, refused.json()["fields"]) == (422, [field])
    assert (await client.get(BASE, headers=ADMIN)).json() == {"experiments": []}
