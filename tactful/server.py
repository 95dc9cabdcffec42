"""API, console and worker in one process; or any of them alone."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import uvicorn
from fastapi import APIRouter, FastAPI

from tactful.api import logs
from tactful.api.app import create_app
from tactful.api.settings import LOG_LEVEL
from tactful.bootstrap import Engine
from tactful.console import status
from tactful.kernel.settings import Settings
from tactful.worker.runner import work as run_jobs


def application(settings: Settings, *, worker: bool, ready: Sequence[Callable[..., object]] = ()) -> FastAPI:
    """The whole product as one ASGI application; its engine lives as long as it does.

    ready: coroutine functions that are given the open engine before the first request.
    """
    engine = Engine(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine:
            for each in ready:
                await each(engine)  # type: ignore[misc]
            stop = asyncio.Event()
            engine.worker = asyncio.create_task(run_jobs(engine, stop)) if worker else None
            yield
            stop.set()
            if engine.worker is not None:
                await engine.worker

    pages: list[APIRouter] = [status.pages(engine)]
    return create_app(engine, lifespan=lifespan, pages=pages)


def serve(
    settings: Settings, *, host: str, port: int, worker: bool, ready: Sequence[Callable[..., object]] = ()
) -> None:
    """Serve until interrupted."""
    logs.configure(settings[LOG_LEVEL])
    app = application(settings, worker=worker, ready=ready)
    _collect_seldom()
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=5)


def _collect_seldom() -> None:
    """Look for garbage in cycles less often: batches of events make many objects and no cycles.

    The default looked so often that reading a batch took twice as long.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def work(settings: Settings) -> None:
    """Run scheduled jobs until interrupted."""
    logs.configure(settings[LOG_LEVEL])

    async def run() -> None:
        stop = asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        async with Engine(settings) as engine:
            await run_jobs(engine, stop)

    with suppress(KeyboardInterrupt):
        asyncio.run(run())
