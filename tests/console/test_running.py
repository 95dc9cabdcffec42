"""Is it running? The figures are those of the engine, and what was given up can be tried again."""

from typing import Any

import pytest

from tactful.bootstrap import Engine
from tests.console.conftest import Operators

FAILED = """
INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, args) VALUES ('default', %s, 'failed', 3, '{}')
RETURNING id
"""
ENDPOINT = """
INSERT INTO webhooks (organisation_id, url, secret, created_by, created_at)
SELECT id, %(url)s, 'secret', 'test', now() FROM organisations WHERE name = %(organisation)s RETURNING id
"""
POST = """
INSERT INTO webhook_posts (organisation_id, webhook_id, kind, state, planned_at, next_at, attempts, error)
SELECT organisation_id, id, 'alert.raised', 'given_up', now(), now(), 9, %(error)s FROM webhooks WHERE id = %(id)s
RETURNING id
"""


async def one(engine: Engine, statement: str, values: Any) -> Any:
    """The first figure of a statement."""
    async with engine.database.service() as connection:
        row = await (await connection.execute(statement.encode(), values)).fetchone()
        return None if row is None else next(iter(row.values()))


async def test_a_failed_job_is_listed_and_an_admin_tries_it_again(engine: Engine, operator: Operators) -> None:
    admin, viewer = await operator("jobs"), await operator("jobs", "viewer")
    job = await one(engine, FAILED, ("teach_the_cat",))
    assert "teach the cat" in (await admin.see("running")).text
    assert (await viewer.send("running/again", kind="job", id=job)).status_code == 403
    assert (await admin.send("running/again", kind="job", id=job)).status_code == 303
    assert await one(engine, "SELECT status FROM procrastinate_jobs WHERE id = %s", (job,)) == "todo"
    # Pressed twice, it is tried again once.
    await admin.send("running/again", kind="job", id=job)
    assert "tried again already" in (await admin.see("running")).text
    assert [each["act"] for each in (await engine.acts("jobs"))[0]].count("send again") == 1


async def test_posts_of_others_are_neither_seen_nor_sent(engine: Engine, operator: Operators) -> None:
    ours, theirs = await operator("posts"), await operator("strangers")
    values = {"organisation": "posts", "url": "https://hook.example/<b>", "error": "<script>no</script>"}
    post = await one(engine, POST, values | {"id": await one(engine, ENDPOINT, values)})
    page = (await ours.see("running")).text
    assert "&lt;script&gt;no" in page
    assert "<b>hook" not in page
    assert "hook.example" not in (await theirs.see("running")).text
    await theirs.send("running/again", kind="post", id=post)
    assert await one(engine, "SELECT state FROM webhook_posts WHERE id = %s", (post,)) == "given_up"
    await ours.send("running/again", kind="post", id=post)
    assert await one(engine, "SELECT state FROM webhook_posts WHERE id = %s", (post,)) == "due"


async def test_one_button_stops_everything_and_starts_it_again(engine: Engine, operator: Operators) -> None:
    organiser = await operator("button")
    assert (await organiser.send("running/pause", scope="organisation", mode="pause")).status_code == 303
    page = (await organiser.see("running")).text
    assert "Everything is paused." in page
    assert [row["mode"] for row in await engine.pauses("button")] == ["pause"]
    await organiser.send("running/resume", scope="organisation", name="", mode="pause")
    assert await engine.pauses("button") == []


async def test_a_viewer_has_no_button_and_may_not_press_it(engine: Engine, operator: Operators) -> None:
    await operator("watched")
    viewer = await operator("watched", "viewer")
    assert "Pause everything" not in (await viewer.see("running")).text
    assert (await viewer.send("running/pause", scope="organisation", mode="pause")).status_code == 403
    assert await engine.pauses("watched") == []


@pytest.mark.parametrize(("scope", "name"), [("kind", "no_such_kind"), ("planet", "")])
async def test_what_does_not_exist_cannot_be_paused(operator: Operators, scope: str, name: str) -> None:
    one = await operator(f"pausing-{scope}")
    answer = await one.send("running/pause", scope=scope, name=name, mode="pause")
    assert answer.status_code == 422
    assert "is not known" in answer.text or "known are" in answer.text


async def test_ticks_can_be_saved(engine: Engine, operator: Operators) -> None:
    await engine.tick()
    saved = (await (await operator("saving")).see("running", csv="ticks")).text.splitlines()
    assert saved[0].endswith("id,at,scope,policy,started_at,finished_at,seconds")
    assert len(saved) >= 2
