"""Channels in the console: endpoints are added, tried out and removed, and nobody sees another's."""

from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.deliver.webhook.settings import PRIVATE
from tactful.testing.webhooks import Endpoint
from tests.console.conftest import Operators


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    # Endpoints of these tests are on this machine.
    return {PRIVATE.name: True}


async def test_an_endpoint_is_added_with_a_secret_shown_once_and_tried_out(engine: Engine, operator: Operators) -> None:
    admin = await operator("trying")
    with Endpoint() as endpoint:
        page = (await admin.send("channels/add", url=endpoint.url, note="<b>ours</b>")).text
        secret = page.partition('<code class="link">')[2].partition("<")[0]
        assert secret.startswith("whsec_")
        assert secret not in (await admin.see("channels")).text
        (row,) = await engine.webhooks("trying")
        # Nobody knows yet whether it works.
        for path in ("channels", "running"):
            assert "nothing sent yet" in (await admin.see(path)).text
        await admin.send("channels/test", id=row["id"])
        assert "It took it" in (await admin.see("channels")).text
        (posted,) = endpoint.posted
        assert posted.proves(secret)
        assert posted.told["type"] == "test"
    assert "&lt;b&gt;ours" in (await admin.see("channels")).text
    # Nobody is there any more: told in words, and nothing is switched off by that.
    await admin.send("channels/test", id=row["id"])
    assert "could not be reached" in (await admin.see("channels")).text
    assert (await engine.webhooks("trying"))[0]["disabled_at"] is None
    acts = [each["act"] for each in (await engine.acts("trying"))[0]]
    assert acts[:3] == ["test webhook", "test webhook", "add webhook"]
    await admin.send("channels/remove", id=row["id"])
    assert await engine.webhooks("trying") == []


@pytest.mark.parametrize("url", ["nonsense", "ftp://x.example", "javascript:alert(1)", "https://user:secret@x.example"])
async def test_an_address_that_is_none_is_told_and_kept_for_correction(operator: Operators, url: str) -> None:
    admin = await operator(f"wrong-{len(url)}")
    answer = await admin.send("channels/add", url=url)
    assert answer.status_code == 422
    assert "url " in answer.text


async def test_endpoints_of_others_are_neither_seen_nor_tried(engine: Engine, operator: Operators) -> None:
    ours, theirs = await operator("hooked"), await operator("curious")
    row = await engine.add_webhook("hooked", "https://hook.example/in")
    assert "hook.example" not in (await theirs.see("channels")).text
    for act in ("test", "remove"):
        assert (await theirs.send(f"channels/{act}", id=row["id"])).status_code == 404
    assert "hook.example" in (await ours.see("channels")).text
