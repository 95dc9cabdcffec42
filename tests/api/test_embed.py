"""The widget's files, as pages of any origin get them."""

import re

import httpx

from tactful.api.embed import parts, script


async def test_the_script_is_kept_for_minutes_and_asked_about_from_then_on(client: httpx.AsyncClient) -> None:
    first = await client.get("/widget.js")
    assert (first.status_code, first.content) == (200, script()[0])
    assert first.headers["content-type"].startswith("text/javascript")
    assert "max-age=300" in first.headers["cache-control"]
    for told in (first.headers["etag"], f"W/{first.headers['etag']}", '"other", ' + first.headers["etag"], "*"):
        again = await client.get("/widget.js", headers={"If-None-Match": told})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert (await client.get("/widget.js", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_parts_are_kept_for_ever_and_read_across_origins(client: httpx.AsyncClient) -> None:
    assert len(parts()) >= 6
    for name, content in parts().items():
        assert re.fullmatch(r"[a-z]+-[0-9a-f]{10}\.js", name)
        told = await client.get(f"/widget/{name}", headers={"Origin": "https://anywhere.example"})
        assert (told.status_code, told.content) == (200, content)
        assert told.headers["access-control-allow-origin"] == "*"
        assert told.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "immutable" in told.headers["cache-control"]
        assert told.headers["x-content-type-options"] == "nosniff"


async def test_the_script_names_every_part_and_none_that_is_not_there(client: httpx.AsyncClient) -> None:
    told = (await client.get("/widget.js")).text
    assert set(re.findall(r"[a-z]+-[0-9a-f]{10}\.js", told)) == set(parts())


async def test_nothing_else_is_read_from_that_folder(client: httpx.AsyncClient) -> None:
    for name in ("nothing.js", "..%2fdocs.css", "%2e%2e/start.js"):
        assert (await client.get(f"/widget/{name}")).status_code in (404, 405)


async def test_head_answers_like_get_without_the_file(client: httpx.AsyncClient) -> None:
    for path in ("/widget.js", f"/widget/{next(iter(parts()))}"):
        told = await client.head(path)
        assert (told.status_code, told.content) == (200, b"")


async def test_what_pages_and_their_workers_need_for_notifications_is_read_across_origins(
    client: httpx.AsyncClient,
) -> None:
    for name in ("push.js", "push-worker.js"):
        told = await client.get(f"/{name}", headers={"Origin": "https://anywhere.example"})
        assert (told.status_code, told.content) == (200, script(name)[0])
        assert told.headers["content-type"].startswith("text/javascript")
        assert told.headers["cross-origin-resource-policy"] == "cross-origin"
        again = await client.get(f"/{name}", headers={"If-None-Match": told.headers["etag"]})
        assert again.status_code == 304
