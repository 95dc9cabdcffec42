"""Addresses that lead inside the network, told by whoever may tell addresses: refused, however they are written."""

import httpx

from tactful.api.auth import ADMIN
from tactful.bootstrap import Engine
from tactful.store.described.people import Person
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

ADA, SERVICE = bearer("ada", ADMIN), bearer("backend", "service")
INSIDE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "017700000001", "127.0.0.1.", "10.0.0.5",
    "169.254.169.254", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "[fe80::1%25eth0]", "[fd00::1]", "[fec0::1]",
    "localhost", "LOCALHOST", "localhost.", "metadata.localhost",
]  # fmt: skip


async def test_an_endpoint_inside_is_refused_however_it_is_written(engine: Engine, client: httpx.AsyncClient) -> None:
    await engine.describe("acme", [Person("ana")])
    for host in INSIDE:
        for scheme, port in (("https", ""), ("https", ":8443"), ("http", "")):
            url = f"{scheme}://{host}{port}/latest/meta-data/"
            told = await client.post("/api/v1/webhooks", json={"url": url}, headers=ADA)
            assert (told.status_code, shaped(told)["fields"]) == (422, ["url"]), url
            own = {"channel": "webhook", "address": url, "user_id": "ana"}
            told = await client.post("/api/v1/addresses", json=own, headers=SERVICE)
            assert (told.status_code, shaped(told)["fields"]) == (422, ["address"]), url
    assert (await client.get("/api/v1/webhooks", headers=ADA)).json() == {"webhooks": []}
    assert (await engine.person("acme", "ana"))["addresses"] == {}
