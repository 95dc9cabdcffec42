"""Inline help over HTTP: shown where there is reason, within every limit, and answered once."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.api.auth import ADMIN, VIEWER
from tactful.bootstrap import Engine
from tactful.decide.settings import COOLDOWN, IN_CONTEXT_PER_DAY
from tactful.store.database import Database
from tactful.store.described.catalogue import Content
from tactful.store.described.erasure import erase
from tactful.store.described.people import Person
from tests.api.conftest import bearer
from tests.tried import tried

CHECK, RESPONSE = "/ambient/inline-help/check", "/ambient/inline-help/response"
SEED: dict[str, Any] = {
    "user_behavior": {"time_on_section": 35, "scroll_count": 4},
    "current_context": {"page": "lesson", "topic": "calculus_derivatives"},
}
NEVER_SHOWN = {"help_id", "help_type", "title", "help_message", "action", "decision_id", "prediction_id"}


@pytest.fixture
def changes() -> dict[str, Any]:
    return {COOLDOWN["inline_help"].name: 0.0, COOLDOWN["foreseen_help"].name: 0.0}


async def check(client: httpx.AsyncClient, who: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """What is answered; behaviour by name, all else as the context has it."""
    did = {name: more.pop(name) for name in ("time_on_section", "scroll_count", "mouse_hesitations") if name in more}
    body = {"user_behavior": did or SEED["user_behavior"], "current_context": {**SEED["current_context"], **more}}
    answer = await client.post(CHECK, json=body, headers=who or bearer())
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def respond(client: httpx.AsyncClient, help_id: int, response: str, who: Any = None) -> httpx.Response:
    body = {"help_id": help_id, "user_response": response}
    return await client.post(RESPONSE, json=body, headers=who or bearer())


async def rows(engine: Engine, query: str) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute(query)).fetchall()


async def test_the_seeds_example_is_helped(client: httpx.AsyncClient) -> None:
    answer = await client.post(CHECK, json=SEED, headers=bearer())
    told = answer.json()
    assert told["should_show"] is True
    assert told["help_type"] == "back_and_forth"
    assert "calculus_derivatives" in told["title"] + told["help_message"]
    assert told["reason"] == "They scrolled back and forth for a while."


@pytest.mark.parametrize(
    ("did", "kind"),
    [
        ({"time_on_section": 30}, "long_stay"),
        ({"time_on_section": 30, "scroll_count": 3}, "back_and_forth"),
        ({"time_on_section": 30, "scroll_count": 9, "mouse_hesitations": 3}, "hesitation"),
        ({"time_on_section": 29.9, "scroll_count": 9, "mouse_hesitations": 2}, None),
    ],
)
async def test_what_they_did_says_which_help_it_is(client: httpx.AsyncClient, did: Any, kind: str | None) -> None:
    told = await check(client, **did)
    assert told["help_type"] == kind
    assert told["should_show"] == (kind is not None)


async def test_where_there_is_no_reason_it_says_what_is_missing(engine: Engine, client: httpx.AsyncClient) -> None:
    told = await check(client, time_on_section=12, scroll_count=1)
    assert {name: told[name] for name in NEVER_SHOWN} == dict.fromkeys(NEVER_SHOWN)
    assert "They were on this section for 12 s, fewer than 30 (decide.help_seconds)." in told["reason"]
    assert "They scrolled 1 times here, fewer than 3 (decide.help_scrolls)." in told["reason"]
    assert await rows(engine, "SELECT 1 FROM people UNION ALL SELECT 1 FROM decisions") == []


async def test_no_more_than_the_daily_limit_is_shown_and_the_ledger_says_so(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    most = engine.settings[IN_CONTEXT_PER_DAY]
    told = [await check(client, concept=f"concept {number}") for number in range(most + 3)]
    assert [each["should_show"] for each in told] == [True] * most + [False] * 3
    assert told[-1]["reason"] == f"They had {most} helps today."
    assert len(await rows(engine, "SELECT FROM inline_help_logs")) == most
    # The same silence is written once.
    assert len(await rows(engine, "SELECT FROM decisions")) == most + 1
    (state,) = await rows(engine, "SELECT * FROM ambient_presence_states")
    assert state["inline_help_count_today"] == most


async def test_two_tabs_at_once_do_not_exceed_the_limit(engine: Engine, client: httpx.AsyncClient) -> None:
    most = engine.settings[IN_CONTEXT_PER_DAY]
    told = await asyncio.gather(*(check(client, concept=f"concept {number}") for number in range(4 * most)))
    assert sum(each["should_show"] for each in told) == most
    assert len({each["help_id"] for each in told if each["should_show"]}) == most


async def test_what_was_dismissed_is_not_offered_again_that_day(engine: Engine, client: httpx.AsyncClient) -> None:
    first = await check(client, concept="Chain rule")
    assert (await respond(client, first["help_id"], "dismissed")).json()["status"] == "recorded"
    again = await check(client, concept=" chain RULE ")
    assert not again["should_show"]
    assert again["reason"] == "They dismissed help with chain rule today."
    assert (await check(client, concept="Limits"))["should_show"]
    # Another day has begun for them.
    await rows(engine, "UPDATE inline_help_logs SET responded_at = responded_at - interval '30 hours' RETURNING id")
    assert (await check(client, concept="Chain rule"))["should_show"]


async def test_what_was_accepted_may_be_offered_again(client: httpx.AsyncClient) -> None:
    first = await check(client, concept="Chain rule")
    assert (await respond(client, first["help_id"], "accepted")).status_code == 200
    assert (await check(client, concept="Chain rule"))["should_show"]


async def test_the_first_answer_stands(client: httpx.AsyncClient) -> None:
    help_id = (await check(client))["help_id"]
    first = (await respond(client, help_id, "accepted")).json()
    again = (await respond(client, help_id, "dismissed")).json()
    assert (first["status"], again["status"]) == ("recorded", "already_recorded")
    assert again["user_response"] == "accepted"
    assert again["responded_at"] == first["responded_at"]


async def test_help_of_somebody_else_is_not_there(client: httpx.AsyncClient) -> None:
    help_id = (await check(client))["help_id"]
    for who in (bearer("43"), bearer(org="other")):
        answer = await respond(client, help_id, "accepted", who)
        assert (answer.status_code, answer.json()["fields"]) == (404, ["help_id"])
    assert (await respond(client, help_id + 1, "accepted")).status_code == 404


async def test_a_service_speaks_for_somebody_it_names(client: httpx.AsyncClient) -> None:
    service = bearer("backend", "service")
    named = await client.post(CHECK, json=SEED | {"user_id": 42}, headers=service)
    assert named.json()["should_show"]
    assert (await client.post(CHECK, json=SEED, headers=service)).json()["fields"] == ["user_id"]
    viewer = bearer("o", VIEWER)
    assert (await client.post(CHECK, json=SEED, headers=viewer)).status_code == 403


async def test_what_they_switched_off_is_not_shown(engine: Engine, client: httpx.AsyncClient) -> None:
    await engine.change_preferences("acme", "42", {"dnd_enabled": True})
    assert (await check(client))["reason"] == "They asked not to be disturbed."
    await engine.change_preferences(
        "acme", "42", {"dnd_enabled": False, "disabled_intervention_types": ["inline_help"]}
    )
    assert not (await check(client))["should_show"]
    await engine.change_preferences("acme", "42", {"disabled_intervention_types": []})
    assert (await check(client))["should_show"]


async def test_consent_and_pauses_bind_it(engine: Engine, client: httpx.AsyncClient) -> None:
    await engine.describe("acme", [Person("42", consent={"engagement": False})])
    assert "consent" in (await check(client))["reason"]
    await engine.describe("acme", [Person("42", consent={"engagement": True})])
    await engine.pause("acme", scope="kind", name="inline_help")
    assert not (await check(client))["should_show"]
    await engine.resume("acme", scope="kind", name="inline_help")
    await engine.pause("acme", mode="shadow")
    assert (await check(client))["reason"].startswith("Shadow mode is on")
    assert await rows(engine, "SELECT FROM inline_help_logs") == []
    await engine.resume("acme", mode="shadow")
    assert (await check(client))["should_show"]


async def test_their_language_is_spoken(engine: Engine, client: httpx.AsyncClient) -> None:
    await engine.describe("acme", [Person("42", locale="de-AT")])
    told = await check(client, mouse_hesitations=5, concept="Grenzwerte")
    assert "Hinweis zu Grenzwerte" in told["title"]


async def failing(engine: Engine) -> None:
    await engine.accept("acme", tried("42", [0.0] * 8, at=engine.clock.now() - timedelta(minutes=5)))
    await engine.describe_content("acme", Content("lesson_42", title="Integrals", skills=["skill_1"]))


async def test_help_that_is_foreseen_comes_before_the_attempt(engine: Engine, client: httpx.AsyncClient) -> None:
    await failing(engine)
    told = await check(client, time_on_section=1, content_id="lesson_42")
    assert told["help_type"] == "foreseen_struggle"
    assert "Integrals" in told["title"]
    assert told["action"] == "review"
    (belief,) = await rows(engine, "SELECT * FROM struggle_predictions")
    assert (belief["id"], belief["intervention_offered"]) == (told["prediction_id"], True)
    await respond(client, told["help_id"], "accepted")
    (belief,) = await rows(engine, "SELECT * FROM struggle_predictions")
    assert (belief["intervention_accepted"], belief["intervention_action"]) == (True, "review_prerequisites")


async def test_a_belief_is_asked_for_once_and_says_whether_help_was_offered(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    await failing(engine)
    await engine.change_preferences("acme", "42", {"disabled_intervention_types": ["foreseen_help"]})
    for _ in range(3):
        assert not (await check(client, time_on_section=1, content_id="lesson_42"))["should_show"]
    (belief,) = await rows(engine, "SELECT * FROM struggle_predictions")
    assert not belief["intervention_offered"]


async def test_who_has_tried_it_is_not_helped_beforehand(engine: Engine, client: httpx.AsyncClient) -> None:
    await failing(engine)
    await engine.accept("acme", tried("42", [0.0], content="lesson_42", at=engine.clock.now() - timedelta(minutes=1)))
    told = await check(client, time_on_section=1, content_id="lesson_42")
    assert not told["should_show"]
    assert "They have tried this content before." in told["reason"]


async def test_each_decision_is_told_in_words(engine: Engine, client: httpx.AsyncClient) -> None:
    shown = await check(client, concept="Chain rule")
    await respond(client, shown["help_id"], "dismissed")
    await check(client, concept="Chain rule")
    first, second = await rows(engine, "SELECT id, at FROM decisions ORDER BY id")
    told = await client.get(f"/api/v1/decisions/{first['id']}", headers=bearer("o", ADMIN))
    words = " ".join(told.json()["words"])
    assert "Inline help was chosen" in words
    assert "They scrolled back and forth for a while. Every guard rail allowed it." in words
    assert "hesitated 0 times over a control, fewer than 3" in words
    assert "They dismissed it at" in words
    assert told.json()["decision"]["chosen"] == "inline_help"
    words = " ".join((await engine.explain_decision("acme", second["id"]))["words"])
    assert "dismissed: They dismissed help with chain rule today. To allow it: their next day begins." in words
    story = await engine.explain("acme", "42", second["at"])
    assert story["stored"]
    later = await engine.explain("acme", "42", second["at"] + timedelta(seconds=1))
    assert not later["stored"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"user_behavior": {"time_on_section": -1}}, "user_behavior.time_on_section"),
        ({"user_behavior": {"time_on_section": 1e9}}, "user_behavior.time_on_section"),
        ({"user_behavior": {"scroll_count": 1.5}}, "user_behavior.scroll_count"),
        ({"user_behavior": {"wiggles": 3}}, "user_behavior.wiggles"),
        ({"current_context": {}}, "current_context.page"),
        ({"current_context": {"page": "x\x00"}}, "current_context.page"),
        ({"current_context": {"page": "lesson", "concept": "a" * 256}}, "current_context.concept"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    engine: Engine, client: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    answer = await client.post(CHECK, json=SEED | body, headers=bearer())
    assert (answer.status_code, answer.json()["fields"]) == (422, [field])
    assert await rows(engine, "SELECT 1 FROM people") == []


async def test_who_is_erased_leaves_no_help_behind(
    engine: Engine, client: httpx.AsyncClient, closed_database: Database
) -> None:
    await check(client)
    with closed_database.batch() as connection:
        erase(connection, "acme", "42")
    for table in ("inline_help_logs", "ledger_state_here", "decisions", "ambient_presence_states", "attention"):
        assert await rows(engine, f"SELECT FROM {table}") == []
