"""What organisers do in live sessions over HTTP: set something off, approve, change or dismiss what was proposed."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.decide.live.settings import CONTROL
from tactful.kernel.clock import SetClock, SystemClock
from tactful.store.database import Database
from tactful.uses.rooms.acts import INTERVENTIONS
from tests.api.conftest import bearer, engine_settings
from tests.api.test_shapes import shaped
from tests.noticing import notice

BASE = "/api/v1/live/sessions"
MANUAL = "/api/v1/interventions/manual"
SERVICE = bearer("backend", "service")
OLGA = bearer("olga", "operator:organiser")
VIEWER = bearer("victor", "operator:viewer")
ASKED: dict[str, Any] = {
    "session_id": "keynote", "event_id": "conference", "intervention_type": "POLL", "reason": "A show of hands",
}  # fmt: skip
HANDS = {"question": "Who has used it?", "options": ["Daily", "Never"], "duration": 45}


@pytest.fixture
async def engine(closed_database: Database, redis_url: str) -> AsyncIterator[Engine]:
    """An engine with a clock of its own, that leaves nothing alone on purpose."""
    settings = engine_settings(closed_database, redis_url, **{CONTROL.name: 0.0})
    async with Engine(settings, clock=SetClock(SystemClock().now())) as engine:
        await engine.valkey.flushdb()
        yield engine


@pytest.fixture
async def room(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a server at which the keynote runs, with an audience."""
    await begin(client)
    return client


async def begin(client: httpx.AsyncClient, session: str = "keynote", **more: Any) -> None:
    told = {"session_id": session, "event_id": "conference", "topic": "databases", "mode": "manual"} | more
    assert (await client.post(BASE, json=told, headers=SERVICE)).status_code == 200
    assert (await client.post(f"{BASE}/{session}/start", headers=OLGA)).status_code == 200
    signals = [{"id": "j", "kind": "join", "count": 80}]
    assert (await client.post(f"{BASE}/{session}/signals", json={"signals": signals}, headers=SERVICE)).is_success


async def ask(client: httpx.AsyncClient, who: dict[str, str] = OLGA, **more: Any) -> httpx.Response:
    return await client.post(MANUAL, json=ASKED | more, headers=who)


async def answer(
    client: httpx.AsyncClient, number: int, how: str, who: dict[str, str] = OLGA, **body: Any
) -> httpx.Response:
    return await client.post(f"/api/v1/live/suggestions/{number}/{how}", json=body, headers=who)


async def proposed(client: httpx.AsyncClient, **more: Any) -> list[dict[str, Any]]:
    told = await client.get(f"{BASE}/keynote/suggestions", params=more, headers=VIEWER)
    assert told.status_code == 200, told.text
    rows: list[dict[str, Any]] = told.json()["suggestions"]
    return rows


async def rows(engine: Engine, statement: str) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute(statement)).fetchall()


async def published(engine: Engine) -> list[dict[str, Any]]:
    stored: Any = await engine.valkey.xrange(INTERVENTIONS)
    return [json.loads(fields[b"message"]) for _, fields in stored]


def pass_seconds(engine: Engine, seconds: float) -> None:
    assert isinstance(engine.clock, SetClock)
    engine.clock.advance(timedelta(seconds=seconds))


async def test_an_organiser_sets_off_a_poll_and_its_audience_votes(room: httpx.AsyncClient, engine: Engine) -> None:
    done = (await ask(room, context=HANDS | {"slide": 12})).json()
    assert done["success"]
    poll = done["details"]["content"]["poll"]
    assert (poll["question"], poll["duration"], done["details"]["published"]) == ("Who has used it?", 45, True)
    vote = f"{BASE}/keynote/polls/{poll['poll_id']}/vote"
    assert (await room.post(vote, json={"choice": 1}, headers=bearer("ana"))).status_code == 200
    seen = (await room.get(f"{BASE}/keynote/polls/{poll['poll_id']}", headers=OLGA)).json()
    assert (seen["counts"], seen["intervention_id"]) == ([0, 1], done["intervention_id"])
    [told] = await published(engine)
    assert {name: told[name] for name in ("type", "intervention_id", "session_id", "event_id", "organisation")} == {
        "type": "POLL", "intervention_id": done["intervention_id"], "session_id": "keynote", "event_id": "conference",
        "organisation": "acme",
    }  # fmt: skip
    assert told["poll"]["options"] == ["Daily", "Never"]
    assert told["metadata"]["context"] == {"slide": 12}


async def test_a_poll_opened_by_hand_keeps_others_from_being_decided_upon(
    room: httpx.AsyncClient, engine: Engine
) -> None:
    opened = await room.post(f"{BASE}/keynote/polls", json=HANDS, headers=OLGA)
    assert opened.status_code == 200
    pass_seconds(engine, 100)
    notice(engine)
    [row] = await rows(engine, "SELECT kinds, verdicts, chosen FROM decisions")
    assert dict(zip(row["kinds"], row["verdicts"], strict=True)) == {"POLL": 1, "CHAT_PROMPT": 0}
    assert row["chosen"] == "CHAT_PROMPT"
    refused = await ask(room, context=HANDS)
    assert (refused.status_code, shaped(refused)["fields"]) == (409, ["override"])
    pass_seconds(engine, 21)
    assert (await ask(room, context=HANDS)).status_code == 200


async def test_the_ledger_and_the_audit_log_say_who_wanted_it(room: httpx.AsyncClient, engine: Engine) -> None:
    done = (await ask(room, context=HANDS)).json()
    [row] = await rows(engine, "SELECT policy, result, chosen, kinds, triggers, propensity, facts FROM decisions")
    assert (row["policy"], row["result"], row["chosen"], row["propensity"]) == ("manual", "acted", "POLL", 1.0)
    assert (row["triggers"], row["facts"]["actor"]) == (["organiser"], "operator:organiser olga")
    assert (row["facts"]["reason"], row["facts"]["override"]) == ("A show of hands", False)
    [noted] = await rows(engine, "SELECT actor, detail FROM audit_log WHERE act = 'live intervention'")
    assert noted["actor"] == "operator:organiser olga"
    assert noted["detail"]["intervention"] == done["intervention_id"]
    assert await rows(engine, "SELECT id FROM outbox WHERE published_at IS NULL") == []


@pytest.mark.parametrize("kind", ["POLL", "CHAT_PROMPT", "NOTIFICATION", "GAMIFICATION"])
async def test_a_template_says_it_where_the_organiser_does_not(
    room: httpx.AsyncClient, engine: Engine, kind: str
) -> None:
    first = (await ask(room, intervention_type=kind)).json()["details"]["content"]
    pass_seconds(engine, 301)
    second = (await ask(room, intervention_type=kind)).json()["details"]["content"]
    assert first["generated_by"] == second["generated_by"] == "template"
    assert first["template"] != second["template"]
    assert "anomaly_type" not in first


async def test_a_game_of_ours_is_set_off_by_its_name(room: httpx.AsyncClient) -> None:
    done = (await ask(room, intervention_type="GAMIFICATION", context={"name": "decided"})).json()
    assert done["details"]["content"]["gamification"]["title"] == "Decided"
    other = await ask(room, intervention_type="GAMIFICATION", context={"name": "nobody"}, override=True)
    assert (other.status_code, shaped(other)["fields"]) == (422, ["context.name"])


async def test_a_cooldown_holds_for_organisers_unless_they_override_it(room: httpx.AsyncClient, engine: Engine) -> None:
    assert (await ask(room)).status_code == 200
    pass_seconds(engine, 43)
    refused = await ask(room)
    assert (refused.status_code, shaped(refused)["fields"]) == (409, ["override"])
    assert "78 seconds are left" in refused.json()["detail"] or "77 seconds are left" in refused.json()["detail"]
    assert (await ask(room, intervention_type="CHAT_PROMPT")).status_code == 200
    done = await ask(room, override=True)
    assert done.status_code == 200
    assert 76 < done.json()["details"]["cooldown_overridden"] <= 78
    found = await rows(engine, "SELECT facts FROM decisions WHERE chosen = 'POLL' ORDER BY id")
    assert [row["facts"]["override"] for row in found] == [False, True]
    assert found[1]["facts"]["cooldown_left"] > 76
    pass_seconds(engine, 121)
    assert (await ask(room)).status_code == 200


async def test_of_many_at_once_one_is_done(room: httpx.AsyncClient, engine: Engine) -> None:
    told = await asyncio.gather(*(ask(room) for _ in range(8)))
    assert sorted(each.status_code for each in told) == [200] + [409] * 7
    assert len(await rows(engine, "SELECT 1 FROM interventions")) == len(await rows(engine, "SELECT 1 FROM polls")) == 1


@pytest.mark.parametrize(
    ("kind", "context", "field"),
    [
        ("POLL", {"question": "x" * 141, "options": ["a", "b"]}, "context.question"),
        ("POLL", {"question": "Why?", "options": ["a"]}, "context.options"),
        ("POLL", {"question": "Why?", "options": list("abcdefg")}, "context.options"),
        ("POLL", {"question": "Why?", "options": ["a", "a"]}, "context.options"),
        ("POLL", {"question": "Why?", "options": ["a", " "]}, "context.options.1"),
        ("POLL", {"question": "Why?", "options": ["a", "b"], "duration": 14}, "context.duration"),
        ("POLL", {"question": "Why?", "options": ["a", "b"], "duration": 601}, "context.duration"),
        ("POLL", {"question": "Why?", "options": ["a", "b"], "type": "essay"}, "context.type"),
        ("POLL", {"question": "Why?", "options": ["a", "b"], "type": "open_ended"}, "context.options"),
        ("POLL", {"options": ["a", "b"]}, "context.question"),
        ("POLL", {"text": "Hello"}, "context.text"),
        ("CHAT_PROMPT", {"text": "two\nlines"}, "context.text"),
        ("NOTIFICATION", {"title": "Soon"}, "context.body"),
        ("NOTIFICATION", {"title": "Soon", "body": "x", "to": "everybody"}, "context.to"),
        ("GAMIFICATION", {"title": "Star", "body": "x", "type": "coins"}, "context.type"),
    ],
)
async def test_what_does_not_fit_is_refused_by_name_and_nothing_is_done(
    room: httpx.AsyncClient, engine: Engine, kind: str, context: dict[str, Any], field: str
) -> None:
    refused = await ask(room, intervention_type=kind, context=context)
    assert (refused.status_code, shaped(refused)["fields"]) == (422, [field])
    assert await rows(engine, "SELECT 1 FROM interventions UNION ALL SELECT 1 FROM decisions") == []


async def test_ratings_have_five_stars_and_open_questions_no_options(room: httpx.AsyncClient) -> None:
    rating = (await ask(room, context={"question": "How clear?", "type": "rating"})).json()
    assert rating["details"]["content"]["poll"]["options"] == ["1", "2", "3", "4", "5"]
    words = (await ask(room, context={"question": "What is missing?", "type": "open_ended"}, override=True)).json()
    assert (words["details"]["content"]["poll"]["options"], words["details"]["content"]["poll"]["duration"]) == ([], 60)


async def test_what_is_for_organisers_stays_with_them(room: httpx.AsyncClient, engine: Engine) -> None:
    said = {"to": "organisers", "title": "Microphone", "body": "The speaker cannot be heard."}
    assert (await ask(room, intervention_type="NOTIFICATION", context=said)).status_code == 200
    told = await rows(engine, "SELECT body FROM outbox WHERE channel LIKE 'room:%' ORDER BY id")
    assert {row["body"]["to"] for row in told} == {"organisers"}


async def test_only_sessions_that_run_and_their_own_events_are_for_it(room: httpx.AsyncClient) -> None:
    planned = {"session_id": "later", "event_id": "conference"}
    assert (await room.post(BASE, json=planned, headers=SERVICE)).is_success
    assert (await ask(room, session_id="nowhere")).status_code == 404
    other = await ask(room, event_id="another")
    assert (other.status_code, shaped(other)["fields"]) == (422, ["event_id"])
    refused = await ask(room, session_id="later")
    assert (refused.status_code, "planned" in refused.json()["detail"]) == (409, True)
    assert (await room.post(f"{BASE}/keynote/end", headers=OLGA)).is_success
    ended = await ask(room)
    assert (ended.status_code, shaped(ended)["fields"]) == (409, ["session_id"])


async def test_viewers_people_and_other_organisations_are_refused(room: httpx.AsyncClient, engine: Engine) -> None:
    for who, status in (
        (VIEWER, 403), (bearer("ana"), 403), (bearer("oscar", "operator:organiser", org="zenith"), 404),
    ):  # fmt: skip
        assert (await ask(room, who)).status_code == status
    notice(engine)
    [told] = await proposed(room)
    for who, status in (
        (VIEWER, 403), (bearer("ana"), 403), (bearer("oscar", "operator:admin", org="zenith"), 404),
    ):  # fmt: skip
        for how in ("approve", "dismiss"):
            assert (await answer(room, told["id"], how, who)).status_code == status
    assert (await ask(room, SERVICE, override=True)).status_code == 200


async def test_a_pause_and_shadow_mode_stand_for_organisers_too(room: httpx.AsyncClient) -> None:
    for mode in ("pause", "shadow"):
        told = {"scope": "organisation", "mode": mode}
        admin = bearer("adam", "operator:admin")
        assert (await room.post("/api/v1/pauses", json=told, headers=admin)).is_success
        assert (await ask(room, override=True)).status_code == 409
        assert (await room.request("DELETE", "/api/v1/pauses", params=told, headers=admin)).is_success
    assert (await ask(room)).status_code == 200


async def test_what_was_proposed_is_done_once_it_is_approved(room: httpx.AsyncClient, engine: Engine) -> None:
    notice(engine)
    [told] = await proposed(room, state="waiting")
    assert (told["session_id"], told["state"], told["content"]["anomaly_type"]) == ("keynote", "waiting", "SUDDEN_DROP")
    assert await published(engine) == []
    done = (await room.post(f"/api/v1/live/suggestions/{told['id']}/approve", headers=OLGA)).json()
    [row] = await rows(engine, "SELECT id::text, type, confidence, reasoning, metadata, actor FROM interventions")
    assert (row["id"], row["type"], row["actor"]) == (done["intervention_id"], told["type"], "operator:organiser olga")
    assert (row["confidence"], row["reasoning"]) == (told["confidence"], told["reasoning"])
    assert row["metadata"]["anomaly_id"] == told["content"]["anomaly_id"]
    [after] = await proposed(room)
    assert (after["state"], after["intervention_id"]) == ("approved", row["id"])
    assert await proposed(room, state="waiting") == []
    assert [each["intervention_id"] for each in await published(engine)] == [row["id"]]
    [closed] = await rows(engine, "SELECT body FROM outbox WHERE body ->> 'type' = 'suggestion_closed'")
    assert closed["body"]["data"]["state"] == "approved"
    ledger = await rows(engine, "SELECT result, policy, triggers, priorities, facts FROM decisions ORDER BY id")
    assert [each["result"] for each in ledger] == ["suggested", "acted"]
    assert ledger[1]["facts"]["suggestion_id"] == told["id"]
    assert (ledger[1]["policy"], set(ledger[1]["triggers"]) <= set(ledger[0]["triggers"])) == ("manual", True)


async def test_approving_at_once_by_several_does_it_once(room: httpx.AsyncClient, engine: Engine) -> None:
    notice(engine)
    [told] = await proposed(room)
    answers = await asyncio.gather(*(answer(room, told["id"], "approve") for _ in range(6)))
    assert sorted(each.status_code for each in answers) == [200] + [409] * 5
    assert len(await rows(engine, "SELECT 1 FROM interventions")) == 1
    late = await answer(room, told["id"], "dismiss")
    assert (late.status_code, "approved already" in late.json()["detail"]) == (409, True)


async def test_an_organiser_may_say_it_otherwise(room: httpx.AsyncClient, engine: Engine) -> None:
    notice(engine, kind="GRADUAL_DECLINE")
    [told] = await proposed(room)
    part = "poll" if told["type"] == "POLL" else "gamification"
    change = {"question": "Shall we slow down?"} if part == "poll" else {"title": "Shall we slow down?"}
    wrong = await answer(room, told["id"], "approve", content={"prompt": {"text": "Hello"}})
    assert (wrong.status_code, shaped(wrong)["fields"]) == (422, ["content.prompt"])
    done = (await answer(room, told["id"], "approve", content={part: change})).json()["details"]["content"]
    assert done[part] | change == done[part]
    assert (done["edited"], done["template"]) == (True, told["content"]["template"])
    [row] = await rows(engine, "SELECT facts FROM decisions WHERE result = 'acted'")
    assert row["facts"]["edited"]


async def test_what_waits_too_long_is_over(room: httpx.AsyncClient, engine: Engine) -> None:
    notice(engine)
    [told] = await proposed(room)
    pass_seconds(engine, 91)
    assert [each["state"] for each in await proposed(room)] == ["expired"]
    for how in ("approve", "dismiss"):
        refused = await answer(room, told["id"], how)
        assert (refused.status_code, shaped(refused)["fields"]) == (409, ["id"])
    assert await rows(engine, "SELECT 1 FROM interventions") == []


async def test_a_cooldown_holds_at_approval_too(room: httpx.AsyncClient, engine: Engine) -> None:
    notice(engine)
    [told] = await proposed(room)
    assert (await ask(room, intervention_type=told["type"])).status_code == 200
    refused = await answer(room, told["id"], "approve")
    assert (refused.status_code, shaped(refused)["fields"]) == (409, ["override"])
    assert (await answer(room, told["id"], "approve", override=True)).status_code == 200


async def test_what_is_dismissed_is_not_done(room: httpx.AsyncClient, engine: Engine) -> None:
    notice(engine)
    [told] = await proposed(room)
    row = (await answer(room, told["id"], "dismiss", reason="Not now")).json()
    assert (row["state"], row["answered_by"]) == ("dismissed", "operator:organiser olga")
    assert (await answer(room, told["id"], "approve")).status_code == 409
    [noted] = await rows(engine, "SELECT detail FROM audit_log WHERE act = 'dismiss suggestion'")
    assert (noted["detail"]["reason"], noted["detail"]["suggestion"]) == ("Not now", told["id"])
    assert await rows(engine, "SELECT 1 FROM interventions") == []
    assert (await answer(room, told["id"] + 1, "dismiss")).status_code == 404


async def test_while_valkey_is_away_it_is_written_and_told_later(room: httpx.AsyncClient, engine: Engine) -> None:
    there, engine.valkey = engine.valkey, Gone()  # type: ignore[assignment]
    done = (await ask(room)).json()
    engine.valkey = there
    assert (done["success"], done["details"]["published"]) == (True, False)
    assert await published(engine) == []
    await engine.publish()
    assert [each["intervention_id"] for each in await published(engine)] == [done["intervention_id"]]


class Gone:
    """A Valkey that does not answer."""

    def __getattr__(self, name: str) -> Any:
        raise ConnectionError(name)


async def test_what_is_done_twice_in_one_moment_is_all_remembered(room: httpx.AsyncClient, engine: Engine) -> None:
    await begin(room, "stage", mode="automatic")
    notice(engine, "stage", kind="MASS_EXIT")
    done = await rows(engine, "SELECT type FROM interventions ORDER BY type")
    assert [row["type"] for row in done] == ["NOTIFICATION", "POLL"]
    [spent] = await rows(engine, "SELECT last_by_kind, acted FROM live_attention WHERE last_by_kind <> '{}'")
    assert (set(spent["last_by_kind"]), spent["acted"]) == ({"NOTIFICATION", "POLL"}, 2)


async def test_a_suggestion_that_nobody_answers_is_told_to_be_over_without_anything_new(
    room: httpx.AsyncClient, engine: Engine
) -> None:
    notice(engine)
    [waiting] = await proposed(room)
    await engine.settle_live()
    assert [each["state"] for each in await proposed(room)] == ["waiting"]
    engine.clock.advance(timedelta(seconds=91))  # type: ignore[attr-defined]
    await engine.settle_live()
    await engine.settle_live()
    [closed] = [
        row for row in await rows(engine, "SELECT channel, body FROM outbox") if "suggestion_closed" in str(row)
    ]
    assert closed["body"]["data"] == {"id": waiting["id"], "state": "expired"}
    [over] = await rows(engine, "SELECT state FROM live_suggestions")
    assert over["state"] == "expired"
