"""What happens by itself, and when. Each job is safe to run twice and on several workers at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from tactful.bootstrap import Engine
from tactful.kernel.settings import Setting
from tactful.store import housekeeping, jobs, presence
from tactful.store.settings import EVENT_KEY_DAYS, LEDGER_DAYS
from tactful.worker.settings import FORGET, RESET, RISK, TICK, VISITS

Job = Callable[[Engine, datetime], Awaitable[Any]]


async def tick(engine: Engine, at: datetime) -> None:
    """Decide about everybody whose moment has come."""
    await engine.tick(at)


async def daily_risk(engine: Engine, at: datetime) -> None:
    """Work out everybody's risk afresh."""
    await engine.tick(at, daily=True)


async def daily_reset(engine: Engine, at: datetime) -> None:
    """Clear counters of days that are over everywhere."""
    await asyncio.to_thread(_batch, engine, housekeeping.daily_reset, at=at)


async def close_visits(engine: Engine, at: datetime) -> None:
    """Close visits that fell silent; each becomes an event."""
    async with engine.database.service() as connection:
        await presence.close_stale(connection, at, settings=engine.settings)


async def forget(engine: Engine, at: datetime) -> None:
    """Drop what retention no longer keeps."""
    days = {"key_days": engine.settings[EVENT_KEY_DAYS], "ledger_days": engine.settings[LEDGER_DAYS]}
    await asyncio.to_thread(_batch, engine, housekeeping.forget, at=at, **days)


def _batch(engine: Engine, work: Callable[..., int], **arguments: Any) -> int:
    with engine.database.batch() as connection:
        return work(connection, **arguments)


JOBS: tuple[tuple[Job, Setting[str]], ...] = (
    (tick, TICK),
    (daily_risk, RISK),
    (daily_reset, RESET),
    (close_visits, VISITS),
    (forget, FORGET),
)


def application(engine: Engine) -> Any:
    """The job application with every periodic job registered under its cron line."""
    app = jobs.queue(engine.database)
    for job, cron in JOBS:
        _register(app, engine, job, engine.settings[cron])
    return app


def _register(app: Any, engine: Engine, job: Job, cron: str) -> None:
    # The moment a job is about is the one it was scheduled for, so two workers mean the same tick.
    async def run(timestamp: int) -> None:
        await job(engine, datetime.fromtimestamp(timestamp, UTC))

    name = f"tactful.{job.__name__}"
    task = app.task(name=name, queueing_lock=name, lock=name, pass_context=False)(run)
    app.periodic(cron=cron, periodic_id=name)(task)
