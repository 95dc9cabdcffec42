"""What happens by itself happens on every worker's clock, once."""

from datetime import timedelta

import pytest

from tactful.bootstrap import Engine
from tactful.kernel.records import Beat
from tactful.store.database import Database
from tactful.worker import schedule
from tests.living import NOW, one, settle_in

pytestmark = pytest.mark.anyio


async def test_every_job_is_registered_under_its_cron_line(engine: Engine) -> None:
    app = schedule.application(engine)
    assert {job.name for job in schedule.JOBS} <= set(app.tasks)


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
