"""What happens by itself happens on every worker's clock, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from croniter import croniter
from procrastinate.jobs import Job

from tactful.bootstrap import Engine
from tactful.facts.beats import Beat
from tactful.kernel.clock import SetClock, SystemClock
from tactful.kernel.errors import BadSetting, NotReady
from tactful.kernel.settings import Settings
from tactful.store.alone import alone
from tactful.store.database import Database
from tactful.store.decided import ticks
from tactful.store.running import jobs
from tactful.store.sensed import presence
from tactful.testing.webhooks import Endpoint
from tactful.worker import schedule
from tactful.worker.settings import PATTERN_MINUTES, RISK, TICK, TICK_MINUTES, TRAINING_DAY, every
from tests.living import NOW, one, rows, settle_in
from tests.teaching import become, school
from tests.uses.test_posting import register

pytestmark = pytest.mark.anyio


async def test_every_job_is_registered_under_its_cron_line(engine: Engine) -> None:
    app = schedule.application(engine)
    assert {job.name for job in schedule.JOBS} <= set(app.tasks)


async def test_the_daily_pass_works_out_everybodys_risk(
    engine: Engine, closed_database: Database, clock: SetClock
) -> None:
    settle_in(closed_database, count=20)
    await schedule.daily_risk(engine, NOW)
    assert one(closed_database, "SELECT count(*) FROM dropout_risk_scores") == 20
    clock.advance(timedelta(days=1))
    await schedule.daily_risk(engine, NOW + timedelta(days=1))
    assert one(closed_database, "SELECT bool_and(calculated_at = %s) FROM dropout_risk_scores", NOW + timedelta(days=1))


async def test_who_is_stuck_is_found_once_a_day(engine: Engine, closed_database: Database) -> None:
    settle_in(closed_database, count=20)
    await schedule.plateaus(engine, NOW)
    await schedule.plateaus(engine, NOW)
    assert rows(closed_database, "SELECT at, people, finished_at IS NOT NULL AS done FROM passes") == [
        {"at": NOW, "people": 20, "done": True}
    ]
    with alone(closed_database, "plateaus"), pytest.raises(NotReady, match="elsewhere"):
        await schedule.plateaus(engine, NOW)


async def test_what_is_being_lost_is_found_once_a_day(engine: Engine, closed_database: Database) -> None:
    settle_in(closed_database, count=5)
    await schedule.regressions(engine, NOW)
    assert rows(closed_database, "SELECT name, people, finished_at IS NOT NULL AS done FROM passes") == [
        {"name": "regressions", "people": 5, "done": True}
    ]


async def test_everybodys_hours_are_learned_once_a_week(engine: Engine, closed_database: Database) -> None:
    settle_in(closed_database, count=5)
    await schedule.timing(engine, NOW)
    assert rows(closed_database, "SELECT name, people, finished_at IS NOT NULL AS done FROM passes") == [
        {"name": "timing", "people": 5, "done": True}
    ]
    assert rows(closed_database, "SELECT count(*) AS n FROM user_timing_profiles")[0]["n"] > 0
    (sunday,) = (job.cron.default for job in schedule.JOBS if job.run is schedule.timing)
    assert sunday.endswith("* * 0")


async def test_a_tick_leaves_a_line_in_the_log(
    engine: Engine, closed_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    settle_in(closed_database, count=20)
    with caplog.at_level("INFO", "tactful"):
        await schedule.tick(engine, NOW)
    reached = one(closed_database, "SELECT count(*) FROM intervention_logs WHERE state = 'planned'")
    assert caplog.messages == [f"Tick of {NOW.isoformat()} (due): looked at 20 people, reached {reached}."]


DAILY = "SELECT status::text, attempts, scheduled_at > now() AS later FROM procrastinate_jobs WHERE id = %s"


async def test_the_daily_pass_is_tried_again_when_a_tick_is_running(engine: Engine, closed_database: Database) -> None:
    app = schedule.application(engine)
    async with app.open_async():
        with alone(closed_database, ticks.NAME):
            deferred = await app.configure_task("tactful.daily_risk").defer_async(timestamp=int(NOW.timestamp()))
            await app.run_worker_async(wait=False, install_signal_handlers=False)
    assert rows(closed_database, DAILY, deferred) == [{"status": "todo", "attempts": 1, "later": True}]
    assert one(closed_database, "SELECT count(*) FROM ticks WHERE scope = 'daily'") == 0


def test_what_fails_is_tried_again_later_each_time_and_not_for_ever() -> None:
    again = jobs.Again(tries=4, longest=25)
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="tactful.daily_risk")
    now = SystemClock().now()
    waits = []
    for attempts in range(4):
        decision = again.get_retry_decision(exception=NotReady(), job=job.evolve(attempts=attempts))
        waits.append(decision and decision.retry_at and round((decision.retry_at - now).total_seconds()))
    assert waits == [10, 20, 25, None]


def test_ticks_and_the_daily_pass_do_not_begin_together() -> None:
    pass_at = croniter(RISK.default, NOW).get_next(datetime)
    following = croniter(every(TICK_MINUTES.default), pass_at - timedelta(seconds=1)).get_next(datetime)
    assert timedelta(minutes=1) <= following - pass_at <= timedelta(minutes=4)


async def test_a_tick_that_comes_after_the_next_one_is_passed_over(engine: Engine, closed_database: Database) -> None:
    settle_in(closed_database, count=3)
    tick = schedule.application(engine).tasks["tactful.tick"].func
    await tick(timestamp=int((NOW - timedelta(seconds=2)).timestamp()))
    assert one(closed_database, "SELECT count(*) FROM ticks") == 0
    await tick(timestamp=int(NOW.timestamp()))
    assert one(closed_database, "SELECT at FROM ticks") == NOW


async def test_a_daily_pass_that_comes_hours_late_is_about_now(engine: Engine, closed_database: Database) -> None:
    settle_in(closed_database, count=3)
    await schedule.daily_risk(engine, NOW - timedelta(hours=7))
    assert one(closed_database, "SELECT at FROM ticks") == NOW


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


async def test_all_visits_that_fell_silent_are_closed_however_many(engine: Engine, closed_database: Database) -> None:
    many = presence.CLOSE + 5
    await engine.presence.submit([("acme", Beat("ana", "lesson", NOW - timedelta(hours=1), time_on_page=40.0))])
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO visits SELECT (v).* FROM (
                 SELECT jsonb_populate_record(v, jsonb_build_object('page', 'page ' || n)) AS v
                   FROM visits v, generate_series(2, %s) n) more""",
            (many,),
        )
    await schedule.close_visits(engine, NOW)
    assert one(closed_database, "SELECT count(*) FROM visits") == 0
    assert one(closed_database, "SELECT count(*) FROM events") == many


async def test_what_retention_no_longer_keeps_is_forgotten(engine: Engine, closed_database: Database) -> None:
    settle_in(closed_database, count=2)
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO wrong_flags (organisation_id, person_id, actor, at, until, risk_level)
               SELECT organisation_id, id, 'eva', %s, %s, 'critical' FROM people""",
            (NOW, NOW),
        )
    await schedule.forget(engine, NOW)
    assert one(closed_database, "SELECT count(*) FROM event_keys") > 0
    assert one(closed_database, "SELECT count(*) FROM wrong_flags") == 2
    await schedule.forget(engine, NOW + timedelta(days=1000))
    assert one(closed_database, "SELECT count(*) FROM event_keys") == 0
    assert one(closed_database, "SELECT count(*) FROM wrong_flags") == 0


async def test_an_alert_wakes_the_worker_that_posts_it(engine: Engine, closed_database: Database) -> None:
    people = school(closed_database, {"a": (["eva"], ["ana"])})
    with Endpoint() as endpoint:
        register(closed_database, endpoint.url)
        become(closed_database, {people["ana"]: "critical"}, NOW)
        app = schedule.application(engine)
        # Nothing comes by itself now, least of all by the real clock: whoever posts was woken.
        app.periodic_registry.periodic_tasks.clear()
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False)
        # By default nothing inside is knocked at; that it was tried and switched off shows that it was woken.
        assert endpoint.posted == []
    assert "private address" in one(closed_database, "SELECT disabled_because FROM webhooks")
    assert one(closed_database, "SELECT state FROM webhook_posts") == "refused"


@pytest.mark.parametrize(
    ("changes", "job", "line"),
    [
        ({}, schedule.tick, "*/5 * * * *"),
        ({TICK_MINUTES.name: 120}, schedule.tick, "0 */2 * * *"),
        ({TICK.name: "1 2 * * *"}, schedule.tick, "1 2 * * *"),
        ({}, schedule.patterns, "3-59/30 * * * *"),
        ({PATTERN_MINUTES.name: 60}, schedule.patterns, "3 * * * *"),
        ({}, schedule.train, "15 3 * * 1"),
        ({TRAINING_DAY.name: 0}, schedule.train, "15 3 * * 0"),
    ],
)
def test_an_interval_or_a_day_is_a_schedule_unless_a_cron_line_says_otherwise(
    changes: dict[str, Any], job: object, line: str
) -> None:
    (found,) = (each for each in schedule.JOBS if each.run is job)
    assert found.line(Settings(changes)) == line
    assert croniter.is_valid(line)


@pytest.mark.parametrize("minutes", [7, 90, 420])
def test_an_interval_divides_the_hour_or_the_day(minutes: int) -> None:
    with pytest.raises(BadSetting, match="does not divide"):
        TICK_MINUTES.parse(minutes, source="a test")


async def test_patterns_are_worked_out_by_themselves(engine: Engine, closed_database: Database) -> None:
    settle_in(closed_database, count=5)
    await schedule.patterns(engine, NOW)
    assert one(closed_database, "SELECT count(*) FROM user_behavior_patterns WHERE analyzed_at = %s", NOW) == 5
