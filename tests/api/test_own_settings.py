"""Settings and templates of an organisation over HTTP and in process: changed, seen, taken back, and nobody else's."""

import asyncio
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.bootstrap.configuring import Configuring
from tactful.decide.settings import HOLDOUT, MAX_PER_DAY
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.store.database import Identity
from tests.api.conftest import bearer, engine_settings
from tests.api.test_interventions import planned

ADMIN = bearer("root", "operator:admin")
SETTINGS, TEMPLATES = "/api/v1/settings", "/api/v1/templates"


@pytest.fixture(autouse=True)
async def both(engine: Engine) -> None:
    for name in ("acme", "bravo"):
        await engine.write_organisation(name)


def named(told: dict[str, Any], name: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = told["settings"] if "settings" in told else told["templates"]
    return next(row for row in rows if row["name"] == name)


async def versions(engine: Engine) -> int:
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT count(*) AS n FROM own_settings")).fetchone()
    assert row is not None
    return int(row["n"])


async def test_a_setting_is_changed_seen_and_taken_back(client: httpx.AsyncClient) -> None:
    first = (await client.get(SETTINGS, headers=ADMIN)).json()
    assert (first["version"], named(first, MAX_PER_DAY.name)["source"]) == (0, "default")
    assert named(first, HOLDOUT.name)["source"] == "start"
    body = {"settings": {MAX_PER_DAY.name: 2, HOLDOUT.name: 0.1}, "note": "winter", "expected_version": 0}
    made = await client.put(SETTINGS, json=body, headers=ADMIN)
    assert made.json()["changes"] == {MAX_PER_DAY.name: [None, 2], HOLDOUT.name: [None, 0.1]}
    row = named((await client.get(SETTINGS, headers=ADMIN)).json(), MAX_PER_DAY.name)
    assert (row["value"], row["common"], row["source"], row["since"]) == (2, 5, "own", 1)
    assert (await client.put(SETTINGS, json=body, headers=ADMIN)).status_code == 409
    undone = await client.post(f"{SETTINGS}/undo", json={"version": 1}, headers=ADMIN)
    assert (undone.json()["version"], undone.json()["body"], undone.json()["undoes"]) == (2, {}, 1)
    told = (await client.get(f"{SETTINGS}/history", headers=ADMIN)).json()["versions"]
    assert [(each["version"], each["note"]) for each in told] == [(2, ""), (1, "winter")]
    assert {each["actor"] for each in told} == {"operator:admin root"}


async def test_what_is_refused_names_the_setting_and_changes_nothing(client: httpx.AsyncClient, engine: Engine) -> None:
    wrong = {MAX_PER_DAY.name: -1, "decide.morning_from": "25:00", "decide.typo": 1, "api.jwt_secret": "x" * 40}
    for name, value in wrong.items():
        told = await client.put(SETTINGS, json={"settings": {HOLDOUT.name: 0.1, name: value}}, headers=ADMIN)
        assert (told.status_code, told.json()["fields"]) == (422, [name])
    for version in (1, 99):
        assert (await client.post(f"{SETTINGS}/undo", json={"version": version}, headers=ADMIN)).status_code == 404
    assert await versions(engine) == 0


async def test_viewers_read_and_only_admins_write(client: httpx.AsyncClient) -> None:
    for scope in ("operator:viewer", "operator:organiser", "service"):
        headers = bearer("ana", scope)
        assert (await client.get(SETTINGS, headers=headers)).status_code == 200
        assert (await client.put(SETTINGS, json={"settings": {}}, headers=headers)).status_code == 403


async def test_of_several_at_once_each_builds_on_the_one_before(engine: Engine) -> None:
    changes = [{MAX_PER_DAY.name: most} for most in range(1, 9)]
    made = await asyncio.gather(*(engine.change_settings("acme", each) for each in changes))
    assert sorted(each["version"] for each in made) == list(range(1, 9))
    first = await asyncio.gather(
        *(engine.change_settings("acme", {HOLDOUT.name: n / 100}, expected_version=8) for n in range(1, 5)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in first) == ["Conflict", "Conflict", "Conflict", "dict"]
    told = await engine.configuration_history("acme")
    assert [each["version"] for each in told] == list(range(9, 0, -1))


async def test_the_same_again_is_no_version(engine: Engine) -> None:
    one = await engine.change_settings("acme", {MAX_PER_DAY.name: 2})
    again = await engine.change_settings("acme", {MAX_PER_DAY.name: 2})
    assert (one["version"], again["version"], again["changes"]) == (1, 1, {})


async def test_nobody_sees_or_changes_what_is_anothers(client: httpx.AsyncClient, engine: Engine) -> None:
    await engine.change_settings("acme", {MAX_PER_DAY.name: 2}, note="ours alone")
    theirs = bearer("root", "operator:admin", "bravo")
    assert (await client.get(SETTINGS, headers=theirs)).json()["version"] == 0
    assert (await client.get(f"{SETTINGS}/history", headers=theirs)).json() == {"versions": []}
    assert (await client.post(f"{SETTINGS}/undo", json={"version": 1}, headers=theirs)).status_code == 404
    async with engine.database.acting_as(Identity("bravo")) as connection:
        assert await (await connection.execute("SELECT * FROM own_settings")).fetchall() == []
    assert (await engine.preferences("bravo", "42"))["max_notifications_per_day"] == MAX_PER_DAY.default
    assert (await engine.preferences("acme", "42"))["max_notifications_per_day"] == 2


async def test_another_process_goes_by_a_change_at_once(engine: Engine, redis_url: str) -> None:
    async with Engine(engine_settings(engine.database, redis_url)) as other:
        await engine.change_settings("acme", {MAX_PER_DAY.name: 3})
        assert (await other.preferences("acme", "42"))["max_notifications_per_day"] == 3
        assert (await other.change_settings("acme", {MAX_PER_DAY.name: 4}, expected_version=1))["version"] == 2
        assert (await engine.preferences("acme", "42"))["max_notifications_per_day"] == 4


async def test_a_rehearsal_says_whom_other_settings_would_reach(client: httpx.AsyncClient, engine: Engine) -> None:
    told = await client.post(f"{SETTINGS}/rehearse", json={"settings": {HOLDOUT.name: 0.5}}, headers=ADMIN)
    assert {part: row["reached"] for part, row in told.json().items()} == {"now": 0, "then": 0}
    assert await versions(engine) == 0


async def test_every_act_is_in_the_audit_log(engine: Engine) -> None:
    await engine.change_settings("acme", {MAX_PER_DAY.name: 2}, actor="ana", note="less")
    await engine.undo_configuration("acme", 1, actor="ben")
    await engine.change_template("acme", "live.pulse_speed", {"on": False}, actor="ana")
    async with engine.database.service() as connection:
        rows = await (await connection.execute("SELECT actor, act FROM audit_log ORDER BY id")).fetchall()
    told = [(row["actor"], row["act"]) for row in rows if row["act"].startswith("change ")]
    assert told == [("ana", "change settings"), ("ben", "change settings"), ("ana", "change templates")]


WORDS = [{"title": "<b>Hello</b>", "body": 'It\'s & "you" <script>alert(1)</script>', "action": "start"}]


async def test_own_wordings_are_what_people_read_as_they_were_written(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    for kind in ("morning_ritual", "evening_reflection", "streak_preservation", "gentle_nudge"):
        told = await client.put(f"{TEMPLATES}/people.{kind}", json={"content": WORDS}, headers=ADMIN)
        assert told.status_code == 200, told.text
    await planned(engine)
    [shown] = await engine.interventions("acme", "42")
    assert (shown["title"], shown["message"]) == (WORDS[0]["title"], WORDS[0]["body"])


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("people.gentle_nudge", [], "content"),
        ("people.gentle_nudge", "x", "content"),
        ("people.gentle_nudge", [{"title": "x", "body": "y"}], "content.0"),
        ("people.gentle_nudge", [{"title": "", "body": "y", "action": "start"}], "content.0.title"),
        ("people.gentle_nudge", [{"title": "x", "body": "y" * 161, "action": "start"}], "content.0.body"),
        ("people.gentle_nudge", [{"title": "x", "body": "{salary}", "action": "start"}], "content.0.body"),
        ("people.gentle_nudge", [{"title": "x", "body": "{streak", "action": "start"}], "content.0.body"),
        ("people.gentle_nudge", [{"title": "x\n", "body": "y", "action": "start"}], "content.0.title"),
        ("people.gentle_nudge", [{"title": "x", "body": "y", "action": "javascript:1"}], "content.0.action"),
        ("people.gentle_nudge", [{"title": "x", "body": "{streak}", "action": "start"}], "content"),
        ("people.gentle_nudge", {}, "content"),
        ("people.gentle_nudge", {"fr": []}, "content"),
        ("people.gentle_nudge", {"de": []}, "content.de"),
        ("people.gentle_nudge", {"de": [{"title": "x", "body": "{salary}", "action": "start"}]}, "content.de.0.body"),
        ("people.gentle_nudge", {"de": [{"title": "x", "body": "{streak}", "action": "start"}]}, "content.de"),
        ("live.pulse_speed", {}, "content"),
        ("live.pulse_speed", {"fr": {}}, "content"),
        ("live.pulse_speed", {"en": {"question": "Fast?"}}, "content.en"),
        ("live.pulse_speed", {"en": {"question": "Fast?", "options": ["a"]}}, "content.en.options"),
        ("live.pulse_speed", {"en": {"question": "Fast?", "options": ["a", "A"]}}, "content.en.options"),
        ("live.pulse_speed", {"en": {"question": "Is {topic}?", "options": ["a", "b"]}}, "content.en.question_plain"),
        ("live.pulse_speed", {"en": {"question": "{lost_it}?", "options": ["a", "b"]}}, "content.en.question"),
        ("live.pulse_speed.campus", {"en": {"question": "Fast?", "options": ["a", "b"]}}, "content"),
        ("live.pulse_speed.campus", {"on": False}, "content"),
    ],
)
async def test_wordings_that_cannot_be_are_refused_by_their_field(
    name: str, content: Any, field: str, engine: Engine
) -> None:
    for call in (engine.change_template, engine.preview_template):
        with pytest.raises(BadInput) as refused:
            await call("acme", name, content)
        assert refused.value.fields == [field]
    assert await versions(engine) == 0


@pytest.mark.parametrize("name", ["people.nobody", "live.nothing", "live.pulse_speed.No Word", "x", "live."])
async def test_what_nobody_says_is_not_found(name: str, engine: Engine) -> None:
    with pytest.raises(NotFound):
        await engine.change_template("acme", name, None)


async def test_everything_that_is_said_is_taken_back_as_it_is_shown(engine: Engine) -> None:
    told = await engine.templates("acme")
    assert len(told["templates"]) > 100
    for row in told["templates"]:
        # Ours keep the limits that are set to others.
        assert (await engine.preview_template("acme", row["name"], row["content"])).keys(), row["name"]
    assert not any(row["own"] for row in told["templates"])


async def test_a_preview_is_what_is_served(client: httpx.AsyncClient) -> None:
    content = [{"title": "Day {next_day}", "body": "One task.", "action": "start"}, *WORDS]
    told = await client.post(f"{TEMPLATES}/people.gentle_nudge/preview", json={"content": content}, headers=ADMIN)
    for read in told.json()["preview"].values():
        assert [each["title"] for each in read["known"]] == ["Day 7", "<b>Hello</b>"]
        assert [each["title"] for each in read["nothing"]] == ["<b>Hello</b>"]


async def test_a_language_is_said_otherwise_and_the_other_stays_as_it_is(client: httpx.AsyncClient) -> None:
    address, content = f"{TEMPLATES}/people.gentle_nudge", {"de": WORDS}
    told = await client.post(f"{address}/preview", json={"content": content}, headers=ADMIN)
    assert [each["title"] for each in told.json()["preview"]["de"]["nothing"]] == ["<b>Hello</b>"]
    assert told.json()["preview"]["en"]["nothing"][0]["title"] == "There you are"
    await client.put(address, json={"content": content}, headers=ADMIN)
    rows = (await client.get(TEMPLATES, headers=ADMIN)).json()["templates"]
    row = next(each for each in rows if each["name"] == "people.gentle_nudge")
    assert (row["content"], row["own"]) == ({**row["common"], "de": WORDS}, True)


async def test_templates_are_undone_by_version_and_settings_have_versions_of_their_own(engine: Engine) -> None:
    await engine.change_settings("acme", {MAX_PER_DAY.name: 2})
    await engine.change_template("acme", "people.gentle_nudge", WORDS)
    off = await engine.change_template("acme", "live.pulse_speed", {"on": False}, expected_version=1)
    assert off["version"] == 2
    assert named(await engine.templates("acme"), "live.pulse_speed")["on"] is False
    assert (await engine.undo_template("acme", 1))["body"] == {"live.pulse_speed": {"on": False}}
    with pytest.raises(Conflict):
        await engine.undo_template("acme", 1)
    assert (await engine.configuration("acme"))["version"] == 1
    assert issubclass(Engine, Configuring)
