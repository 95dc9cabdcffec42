"""API, console and worker in one process; or any of them alone."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.kernel.settings import Settings
from tactful.worker.runner import work as run_jobs


def application(settings: Settings, *, worker: bool) -> FastAPI:
    """The whole product as one ASGI application; its engine lives as long as it does."""
    engine = Engine(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine:
            stop = asyncio.Event()
            jobs = asyncio.create_task(run_jobs(engine, stop)) if worker else None
            yield
            stop.set()
            if jobs is not None:
                await jobs

    return create_app(engine, lifespan=lifespan)


def serve(settings: Settings, *, host: str, port: int, worker: bool) -> None:
    """Serve until interrupted."""
    app = application(settings, worker=worker)
    print(f"Tactful listens on http://{host}:{port}", file=sys.stderr)  # noqa: T201
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=5)


def work(settings: Settings) -> None:
    """Run scheduled jobs until interrupted."""

    async def run() -> None:
        stop = asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        async with Engine(settings) as engine:
            await run_jobs(engine, stop)

    asyncio.run(run())
