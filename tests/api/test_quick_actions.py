"""Quick actions over HTTP: listed for whoever asks, raised where something is due, and learned from choices."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.decide.quick.settings import ACTIONS
from tactful.facts.beats import Beat
from tactful.facts.quick import Used
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.described.catalogue import Content
from tactful.store.described.erasure import erase
from tactful.store.described.people import Person
from tests.api.conftest import bearer
from tests.api.test_inline_help import rows

LIST, USED = "/ambient/quick-actions", "/ambient/quick-actions/used"
SEED = {"current_page": "lesson", "current_content": {"current_concept": "Derivatives"}}
ALWAYS = ["see_progress", "preferences", "quiet"]
FADING = """
INSERT INTO skill_regressions (user_id, organization_id, skill_id, skill_name, peak_mastery, current_mastery,
       regression_amount, days_since_practice, urgency, last_practiced_at, detected_at)
SELECT id, organisation_id, 'factoring', 'Factoring', 0.9, 0.4, 0.5, 40, 'high', now() - interval '40 days',
       now() - interval '1 day' FROM people RETURNING id
"""


@pytest.fixture
def changes() -> dict[str, Any]:
    return {ACTIONS.name: '[{"id": "forum", "label": "Ask the forum", "url": "/forum"}]'}


async def listed(client: httpx.AsyncClient, who: dict[str, str] | None = None, **more: Any) -> list[dict[str, Any]]:
    answer = await client.post(LIST, json=SEED | more, headers=who or bearer())
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["count"] == len(told["actions"])
    found: list[dict[str, Any]] = told["actions"]
    return found


async def ids(client: httpx.AsyncClient, who: dict[str, str] | None = None, **more: Any) -> list[str]:
    return [each["id"] for each in await listed(client, who, **more)]


async def use(client: httpx.AsyncClient, action: str, who: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    body = {"action_id": action, "current_page": "lesson", **more}
    answer = await client.post(USED, json=body, headers=who or bearer())
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_the_seeds_example_is_answered_and_nobody_comes_into_being(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    first, *others = await listed(client)
    assert (first["id"], first["label"], first["kind"]) == ("explain_concept", "Explain Derivatives", "built-in")
    assert first["target"] == "Derivatives"
    assert [each["id"] for each in others] == [*ALWAYS, "forum"]
    assert await rows(engine, "SELECT FROM people") == []


async def test_the_pages_own_actions_are_ranked_with_ours(client: httpx.AsyncClient) -> None:
    mine = [
        {"id": "tutor", "label": "Ask your tutor", "url": "/tutor", "keywords": ["derivatives"]},
        {"id": "quiet", "label": "Shush", "url": "/quiet"},
    ]
    found = await listed(client, actions=mine)
    assert [each["id"] for each in found[:2]] == ["explain_concept", "tutor"]
    assert {each["id"]: (each["label"], each["kind"]) for each in found}["quiet"] == ("Shush", "host")


async def test_what_somebody_chooses_rises_for_them_and_a_little_for_others(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    for _ in range(12):
        await use(client, "forum")
    first, *_ = await listed(client)
    assert (first["id"], first["reason"]) == ("forum", "You often choose this here.")
    stranger = await ids(client, bearer("43"), current_content={})
    assert stranger == ["forum", *ALWAYS]
    assert await ids(client, bearer("43", org="other"), current_content={}) == [*ALWAYS, "forum"]
    (state,) = await rows(engine, "SELECT * FROM ambient_presence_states")
    assert state["quick_access_count_today"] == 12


async def test_a_choice_with_an_id_counts_once(engine: Engine, client: httpx.AsyncClient) -> None:
    told = await asyncio.gather(*(use(client, "forum", id="mark 1") for _ in range(5)))
    assert sorted(each["status"] for each in told) == ["already_recorded"] * 4 + ["recorded"]
    assert (await use(client, "forum", bearer("43"), id="mark 1"))["status"] == "recorded"
    counted = await rows(engine, "SELECT quick_access_count_today AS n FROM ambient_presence_states")
    assert [row["n"] for row in counted] == [1, 1]


async def test_older_choices_count_less(engine: Engine, client: httpx.AsyncClient) -> None:
    now = engine.clock.now()
    for number in range(9):
        action, at = ("preferences", now - timedelta(days=200)) if number < 6 else ("quiet", now)
        await engine.use_quick_action(Used("acme", "42", action, "lesson", at))
    found = await ids(client, current_content={})
    assert found.index("quiet") < found.index("preferences")


async def test_what_is_fading_is_raised_and_rests_once_it_was_chosen(engine: Engine, client: httpx.AsyncClient) -> None:
    await engine.describe("acme", [Person("42")])
    await rows(engine, FADING)
    first, *_ = await listed(client)
    assert (first["label"], first["target"]) == ("Review Factoring", "factoring")
    assert first["reason"] == "You knew it well; it is fading."
    await use(client, "review_fading", current_page="elsewhere")
    again = {each["id"]: each["reason"] for each in await listed(client)}
    assert again["review_fading"] is None
    await engine.pause("acme", scope="kind", name="quick_action")
    assert "review_fading" in await ids(client)


async def test_a_streak_that_ends_tonight_is_raised(engine: Engine, client: httpx.AsyncClient) -> None:
    now = engine.clock.now()
    days = [Event(str(ago), "42", "visit", now - timedelta(days=ago)) for ago in (1, 2, 3, 4)]
    await engine.accept("acme", days)
    first, *_ = await listed(client)
    assert first["label"] == "Keep your 4 days going"
    await engine.accept("acme", [Event("0", "42", "visit", now)])
    assert "keep_streak" not in await ids(client)


async def test_what_they_left_can_be_gone_on_with(engine: Engine, client: httpx.AsyncClient) -> None:
    now = engine.clock.now()
    await engine.beat("acme", Beat("42", "lesson", now, content_id="lesson_4"))
    await engine.describe_content("acme", Content("lesson_4", title="Integrals"))
    await engine.beat("acme", Beat("42", "home", now + timedelta(seconds=1)))
    found = {each["id"]: each for each in await listed(client)}
    assert (found["continue"]["label"], found["continue"]["target"]) == ("Continue with Integrals", "lesson_4")
    assert "continue" not in await ids(client, current_content={"content_id": "lesson_4"})


async def test_who_does_not_consent_gets_what_a_stranger_gets(engine: Engine, client: httpx.AsyncClient) -> None:
    for _ in range(9):
        await use(client, "quiet")
    await rows(engine, FADING)
    await engine.describe("acme", [Person("42", consent={"engagement": False})])
    mine, theirs = await listed(client), await listed(client, bearer("43"))
    assert mine == theirs
    before = await rows(engine, "SELECT * FROM quick_action_uses")
    await use(client, "forum")
    assert await rows(engine, "SELECT * FROM quick_action_uses") == before


async def test_their_language_is_spoken_here_too(engine: Engine, client: httpx.AsyncClient) -> None:
    await engine.describe("acme", [Person("42", locale="de")])
    assert [each["label"] for each in await listed(client)][:2] == [
        "Derivatives erklären",
        "Deinen Fortschritt ansehen",
    ]


async def test_who_is_erased_takes_their_choices_along(
    engine: Engine, client: httpx.AsyncClient, closed_database: Database
) -> None:
    await use(client, "forum")
    await use(client, "forum", bearer("43"))
    before = await rows(engine, "SELECT weight FROM quick_action_totals ORDER BY page")
    with closed_database.batch() as connection:
        erase(connection, "acme", "43")
    after = await rows(engine, "SELECT weight FROM quick_action_totals ORDER BY page")
    assert [row["weight"] for row in after] == pytest.approx([row["weight"] / 2 for row in before])
    assert len(await rows(engine, "SELECT FROM quick_action_uses")) == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"actions": [{"id": "a", "label": "A", "url": "javascript:alert(1)"}]}, "actions.0.url"),
        ({"actions": [{"id": "a", "label": "A", "url": "//evil.example"}]}, "actions.0.url"),
        ({"actions": [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]}, "actions.1.id"),
        ({"actions": [{"id": "", "label": "A"}]}, "actions.0.id"),
        ({"actions": [{"id": str(number), "label": "A"} for number in range(51)]}, "actions"),
        ({"current_page": ""}, "current_page"),
        ({"current_content": {"current_concept": "\x00"}}, "current_content.current_concept"),
    ],
)
async def test_actions_that_cannot_be_are_refused(client: httpx.AsyncClient, body: dict[str, Any], field: str) -> None:
    answer = await client.post(LIST, json=SEED | body, headers=bearer())
    assert (answer.status_code, answer.json()["fields"]) == (422, [field])
