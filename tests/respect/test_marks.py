"""Everything that somebody can fill in is told to them, and gone once they are erased: from every table, and Valkey."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tactful.cli import main
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.testing.telegram import TelegramPeer
from tests.chats import hear
from tests.conftest import ROLE_SECRET
from tests.respect.fields import fields, planted_in
from tests.respect.filling import fill, seen
from tests.respect.planting import CHAT, NUMBER, WHO, Planted, planting
from tests.respect.searching import in_database, in_valkey, places

# What would name them: every mark, our number of them, and that of their chat.
TRACES = ("zqm", str(NUMBER), CHAT)
# Said of an organisation, its content, its rooms or its settings, and of no person.
OF_AN_ORGANISATION = (
    "POST /api/v1/milestones/", "PATCH /api/v1/milestones/", "PUT /api/v1/catalogue/", "POST /api/v1/pauses ",
    "PUT /api/v1/settings ", "POST /api/v1/settings/", "POST /api/v1/templates/", "PUT /api/v1/templates/",
    "POST /api/v1/experiments", "PUT /api/v1/organisations/", "POST /api/v1/organisations/", "POST /api/v1/webhooks ",
    "POST /api/v1/live/sessions ", "PUT /api/v1/live/sessions/{id} ", "POST /api/v1/live/sessions/{id}/polls ",
    "POST /api/v1/live/suggestions/", "POST /api/v1/interventions/manual ", "POST /api/v1/own-kinds",
)  # fmt: skip
# No words of anybody's own fit in: names that the engine knows, zones, times, a token, their own id once more.
NO_WORDS = (
    "zone", "device_zone", "quiet_hours_start", "quiet_hours_end", "disabled_intervention_types[]",
    "disabled_channels[]", "preferred_channel", "intervention_type", "token", "confirm",
    "POST /api/v1/addresses channel", "DELETE /api/v1/addresses channel", "POST /api/v1/links channel",
)  # fmt: skip
# Never stored, or no longer: what is only asked about, what was taken back, and what was said anew since.
NOT_KEPT = {
    "POST /ambient/quick-actions current_page": "asked about, and answered",
    "POST /ambient/quick-actions current_content.current_concept": "asked about, and answered",
    "POST /ambient/quick-actions current_content.content_id": "asked about, and answered",
    "POST /ambient/quick-actions actions[].id": "the page's own, and answered",
    "POST /ambient/quick-actions actions[].label": "the page's own, and answered",
    "POST /ambient/quick-actions actions[].url": "the page's own, and answered",
    "POST /ambient/quick-actions actions[].keywords[]": "the page's own, and answered",
    "POST /ambient/quick-actions/used id": "remembered by a print",
    "POST /api/v1/predictive/struggle/predict content_metadata.prerequisites[]": "asked about, and answered",
    "POST /api/v1/predictive/struggle/predict content_metadata.similar_topics[]": "asked about, and answered",
    "POST /api/v1/tokens/widget session_id": "stands in the token",
    "DELETE /api/v1/addresses address": "taken back",
    "DELETE /api/v1/addresses wording": "taken back",
    "POST /api/v1/people people[].name": "said anew",
    "POST /api/v1/people people[].locale": "said anew",
    "POST /api/v1/people people[].addresses.*": "said anew",
    "telegram language": "what is answered is answered in it",
}
# A group is its members'; without this one it is still there.
STAYS = {"public.groups"}
# Where they must have been found before anything was erased.
FOUND = {
    "addresses", "ambient_presence_states", "attention", "audience_questions", "audit_log", "consent_changes",
    "decisions", "deliveries", "educator_alerts", "event_keys", "events", "experiment_assignments", "group_members",
    "inline_help_logs", "intervention_logs", "links", "live_participants", "people", "person_state", "poll_votes",
    "practice_skill", "predictions", "proactive_outreach", "question_votes", "quick_action_totals", "signals",
    "signal_keys", "skill_sums", "struggle_predictions", "topic_sums", "user_behavior_patterns", "user_engagements",
    "user_milestone_progress", "user_notification_preferences", "user_timing_profiles", "visits", "wrong_flags",
}  # fmt: skip
LEFT = """
SELECT (SELECT sum(assigned) FROM experiment_days) AS tried, (SELECT count(*) FROM live_seconds) AS heard,
       (SELECT count(*) FROM audience_questions WHERE participant = 'boris') AS asked,
       (SELECT count(*) FROM people) AS people, (SELECT count(*) FROM practice_skill WHERE skill_id = '') AS learned,
       (SELECT count(*) FROM audit_log WHERE act = 'erase person') AS erased
"""


@pytest.fixture
async def told(closed_database: Database, redis_url: str, anyio_backend: str) -> AsyncIterator[Planted]:
    """An engine with every channel set up."""
    async with planting(closed_database, redis_url) as told:
        yield told


async def found(told: Planted) -> dict[str, object]:
    """Where anything of them is left."""
    in_tables = in_database(told.engine.database.owner_url, *TRACES)
    left = {name: rows for name, rows in in_tables.items() if name not in STAYS}
    return {**left, **await in_valkey(told.engine.valkey, *TRACES)}


async def test_what_is_in_every_field_is_told_to_them_and_gone_once_they_are_erased(told: Planted) -> None:
    await fill(told)
    every_field_was_filled(told)
    before = in_database(told.engine.database.owner_url, *TRACES)
    await all_that_is_kept_is_told(told, "".join(row for rows in before.values() for row in rows))
    assert {f"public.{name}" for name in FOUND} - before.keys() == set()
    assert {"public.procrastinate_jobs", "public.alembic_version"} <= set(places(told.engine.database.owner_url))
    kept = {key.split(":")[1] for key in await in_valkey(told.engine.valkey, *TRACES)}
    assert kept == {"answer", "ticket"}
    await told.put("DELETE /api/v1/people/{id}", id=WHO)
    assert await found(told) == {}
    async with told.engine.database.service() as connection:
        (left,) = await (await connection.execute(LEFT)).fetchall()
    # What others did stays, and what everybody's doing came to.
    assert left == {"tried": 1, "heard": left["heard"], "asked": 1, "people": 2, "learned": 1, "erased": 1}
    assert left["heard"] > 0
    await what_was_on_its_way_leaves_nothing(told)
    assert await found(told) == {}


def every_field_was_filled(told: Planted) -> None:
    filled = {place for each in told.planted.values() for place in each}
    missing = {each for each in fields(told.app.openapi()) if not any(planted_in(each, place) for place in filled)}
    ours = {field for field in missing if field.startswith(OF_AN_ORGANISATION)}
    wordless = {field for field in missing if field in NO_WORDS or re.split(r"[ .]", field)[-1] in NO_WORDS}
    assert missing - ours - wordless == set()
    # Nothing is excused that there is not.
    assert [each for each in OF_AN_ORGANISATION if not any(field.startswith(each) for field in ours)] == []
    assert [each for each in NO_WORDS if not any(field.endswith(each) for field in wordless)] == []
    assert {each for each in NOT_KEPT if not any(planted_in(each, place) for place in filled)} == set()


async def all_that_is_kept_is_told(told: Planted, stored: str) -> None:
    answer = await told.client.get(f"/api/v1/people/{WHO}/export", headers=told.bearer("backend", "service"))
    kept = {
        mark: where
        for mark, where in told.planted.items()
        if not any(planted_in(field, place) for field in NOT_KEPT for place in where)
    }
    assert len(kept) > 100
    assert {mark: where for mark, where in kept.items() if mark not in answer.text} == {}
    assert {mark: where for mark, where in told.planted.items() if mark not in kept and mark in stored} == {}


async def what_was_on_its_way_leaves_nothing(told: Planted) -> None:
    """They write once more, their product tells of them once more, and everybody is decided about and sent to."""
    telegram = told.peers["telegram"]
    assert isinstance(telegram, TelegramPeer)
    await told.engine.accept("acme", [Event(told.mark(), WHO, "visit", told.clock.now())])
    telegram.says(CHAT, f"It is {told.mark()} again.")
    await hear(told.engine, "telegram")
    told.clock.advance(timedelta(days=1))
    await told.engine.tick(everybody=True)
    await told.engine.wake_channels()
    assert {name: await told.engine.send_due(name) for name in told.peers} == dict.fromkeys(told.peers, 0)


async def test_people_erase_themselves_as_thoroughly(told: Planted) -> None:
    await seen(told)
    assert {"public.events", "public.event_keys", "public.practice_content"} <= (await found(told)).keys()
    await told.put("POST /proactive/forget-me", {"confirm": WHO}, scope="person")
    assert await found(told) == {}


def test_the_command_erases_as_thoroughly(
    closed_database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def come() -> None:
        async with planting(closed_database, redis_url) as told:
            await seen(told)

    url = closed_database.owner_url
    for name, value in (("DATABASE_URL", url), ("REDIS_URL", redis_url), ("TACTFUL_STORE_ROLE_SECRET", ROLE_SECRET)):
        monkeypatch.setenv(name, value)
    asyncio.run(come())
    assert in_database(url, *TRACES)
    assert main(["erase", WHO, "--organisation", "acme", "--yes"]) == 0
    assert in_database(url, *TRACES) == {}
