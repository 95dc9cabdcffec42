"""A learner hesitates and is helped, stays away for ten days, is written to once at a decent hour, and comes back.

All of it over HTTP, with the clock moved along; and the console tells exactly that story.
"""

import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.bootstrap.signing import issue
from tactful.console.console import console
from tactful.kernel.clock import SetClock
from tactful.store.database import Database
from tests.api.conftest import KEY, engine_settings
from tests.console.conftest import PASSWORD, Browser

# What the console tells, in this order.
TOLD = (
    "Decided: inline help.",
    "Saw help on lesson, because of hesitation.",
    "Decided: proactive checkin, to wait until Wednesday 08:00.",
    "Proactive checkin expired before they saw it.",
    "Decided: proactive checkin.",
    "Saw proactive checkin.",
)
ZONE = ZoneInfo("Europe/Berlin")
# A Thursday, ten in the morning in Berlin.
START = datetime(2026, 3, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Story:
    """An engine whose clock is moved, and those who use it."""

    engine: Engine
    clock: SetClock
    client: httpx.AsyncClient
    console: Browser

    def header(self, scope: str) -> dict[str, str]:
        token = issue(KEY, sub="ana", org="school", scope=scope, now=self.clock.now(), hours=1)
        return {"Authorization": f"Bearer {token}"}

    async def says(self, path: str, scope: str = "widget", **body: Any) -> Any:
        answer = await self.client.post(path, json=body, headers=self.header(scope))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def learns(self, days: int) -> None:
        """A lesson a day for so many days until now, at this time of the day."""
        events = [
            {"id": f"day-{n}", "user_id": "ana", "kind": "lesson_completed", "content_id": f"lesson-{n}",
             "occurred_at": (self.clock.now() - n * DAY).isoformat(), "properties": {"completed": True, "score": 0.8}}
            for n in range(days)
        ]  # fmt: skip
        await self.says("/api/v1/events", "service", events=events)

    async def waits(self, days: int, *, every: timedelta = timedelta(hours=4)) -> None:
        """Let time go by, with all that happens by itself."""
        until = self.clock.now() + days * DAY
        while self.clock.now() < until:
            self.clock.advance(every)
            daily = self.clock.now().hour == 1
            await self.engine.tick(self.clock.now(), daily=daily)


@pytest.fixture
async def story(closed_database: Database, redis_url: str) -> AsyncIterator[Story]:
    clock = SetClock(START)
    async with Engine(engine_settings(closed_database, redis_url), clock=clock) as engine:
        await engine.valkey.flushdb()
        app = create_app(engine, pages=[console(engine)])
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tactful.test")
        browser = Browser(app)
        async with client, browser.client:
            await engine.write_organisation("school", zone="Europe/Berlin")
            async with engine.database.service() as connection:
                # What is left to chance is the same in every run.
                await connection.execute("UPDATE organisations SET seed = 1")
            yield Story(engine, clock, client, browser)


async def test_the_console_tells_the_story_of_a_learner(story: Story) -> None:
    await story.learns(30)
    hesitating = {"time_on_section": 40, "scroll_count": 4, "mouse_hesitations": 3}
    here = {"page": "lesson", "topic": "calculus", "concept": "Chain rule"}
    help = await story.says("/ambient/inline-help/check", user_behavior=hesitating, current_context=here)
    assert help["should_show"]
    await story.says("/ambient/inline-help/response", help_id=help["help_id"], user_response="accepted")

    await story.waits(10)
    listed = await story.client.get("/proactive/interventions", headers=story.header("widget"))
    (message,) = listed.json()["interventions"]
    assert (message["intervention_type"], message["trigger"]) == ("proactive_checkin", "risk_high")
    await story.says("/proactive/interventions/response", intervention_log_id=message["id"], user_response="engaged")
    asked = await story.client.get(f"/proactive/interventions/{message['id']}/why", headers=story.header("widget"))
    assert asked.status_code == 200

    sent = await outreach(story.engine)
    # Never at night, at most once a day, twelve hours apart; and seen only once.
    hours = [at.astimezone(ZONE).hour for at in sent]
    assert hours
    assert all(8 <= hour < 22 for hour in hours)
    assert all(later - earlier >= timedelta(hours=12) for earlier, later in pairwise(sent))
    assert len({at.astimezone(ZONE).date() for at in sent}) == len(sent)

    link = await story.engine.first_link("school")
    await story.engine.accept_offer(str(link), email="op@school.example", password=PASSWORD)
    await story.console.sign_in("op@school.example")
    saved = (await story.console.see("person", id="ana", csv="story")).text
    told = [row[2] for row in csv.reader(saved.splitlines())][:0:-1]
    places = [told.index(line) for line in TOLD]
    assert places == sorted(places), list(zip(TOLD, places, strict=True))
    assert told.count("Saw proactive checkin.") == 1
    for line in (message["title"], "Risk of leaving went up from medium to high", "withheld by quiet hours"):
        assert line in saved
    assert "ana" in (await story.console.see("person", id="ana")).text


async def outreach(engine: Engine) -> list[datetime]:
    """When each message that leaves the product was let go, in order."""
    async with engine.database.service() as connection:
        found = await connection.execute(
            """SELECT i.due_at FROM intervention_logs i
                WHERE i.intervention_type IN ('proactive_checkin', 'streak_preservation', 'emotional_support')
                  AND i.state <> 'withdrawn' ORDER BY i.due_at"""
        )
        return [row["due_at"] for row in await found.fetchall()]
