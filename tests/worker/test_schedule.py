"""What happens by itself happens on every worker's clock, once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tactful.bootstrap import Engine
from tactful.kernel.clock import SetClock
from tactful.kernel.records import Beat
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.settings import DATABASE_URL, REDIS_URL, ROLE_SECRET
from tactful.worker import schedule
from tactful.worker.runner import work
from tactful.worker.settings import TICK
from tests.conftest import ROLE_SECRET as SECRET
from tests.living import NOW, one, settle_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def engine(closed_database: Database, redis_url: str) -> AsyncIterator[Engine]:
    settings = Settings(
        {
            DATABASE_URL.name: closed_database.owner_url,
            REDIS_URL.name: redis_url,
            ROLE_SECRET.name: SECRET,
            TICK.name: "* * * * * */1",
        }
    )
    async with Engine(settings, clock=SetClock(NOW)) as engine:
        yield engine


async def test_every_job_is_registered_under_its_cron_line(engine: Engine) -> None:
    app = schedule.application(engine)
    names = {f"tactful.{job.__name__}" for job, _ in schedule.JOBS}
    assert names <= set(app.tasks)


async def test_a_worker_ticks_until_it_is_told_to_stop(engine: Engine, closed_database: Database) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(work(engine, stop))
    for _ in range(200):
        await asyncio.sleep(0.1)
        if one(closed_database, "SELECT count(*) FROM ticks WHERE finished_at IS NOT NULL"):
            break
    stop.set()
    await asyncio.wait_for(running, 20)
    assert one(closed_database, "SELECT count(*) FROM ticks WHERE finished_at IS NOT NULL") > 0


async def test_the_daily_pass_works_out_everybodys_risk(engine: Engine, closed_database: Database) -> None:
    settle_in(closed_database, count=20)
    await schedule.daily_risk(engine, NOW)
    assert one(closed_database, "SELECT count(*) FROM dropout_risk_scores") == 20
    await schedule.daily_risk(engine, NOW + timedelta(days=1))
    assert one(closed_database, "SELECT bool_and(calculated_at = %s) FROM dropout_risk_scores", NOW + timedelta(days=1))


async def test_the_daily_reset_clears_only_days_that_are_over_everywhere(
    engine: Engine, closed_database: Database
) -> None:
    settle_in(closed_database, count=3)
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO attention (person_id, organisation_id, local_day, sent_today)
               SELECT id, organisation_id, %s::date - (2 - id::int %% 3), 2 FROM people""",
            (NOW.date(),),
        )
    midnight = (NOW + timedelta(days=1)).replace(hour=0, minute=0)
    await schedule.daily_reset(engine, midnight)
    left = "SELECT count(*) FROM attention WHERE sent_today = 2 AND local_day >= %s"
    assert one(closed_database, left, NOW.date()) == 1
    assert one(closed_database, "SELECT count(*) FROM attention WHERE sent_today = 0") == 2


async def test_a_visit_that_fell_silent_becomes_an_event(engine: Engine, closed_database: Database) -> None:
    await engine.presence.submit([("acme", Beat("ana", "lesson", NOW - timedelta(minutes=10), time_on_page=40.0))])
    await schedule.close_visits(engine, NOW)
    assert one(closed_database, "SELECT count(*) FROM visits") == 0
    assert one(closed_database, "SELECT kind FROM events") == "visit"


async def test_what_retention_no_longer_keeps_is_forgotten(engine: Engine, closed_database: Database) -> None:
    settle_in(closed_database, count=2)
    await schedule.forget(engine, NOW)
    assert one(closed_database, "SELECT count(*) FROM event_keys") > 0
    await schedule.forget(engine, NOW + timedelta(days=1000))
    assert one(closed_database, "SELECT count(*) FROM event_keys") == 0
