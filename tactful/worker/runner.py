"""Run the jobs until told to stop."""

import asyncio
from contextlib import suppress

from tactful.bootstrap import Engine
from tactful.worker.schedule import application
from tactful.worker.settings import CONCURRENCY


async def work(engine: Engine, stop: asyncio.Event) -> None:
    """Work on the queue until `stop` is set; a job in progress is finished first."""
    app = application(engine)
    async with app.open_async():
        running = asyncio.create_task(
            app.run_worker_async(concurrency=engine.settings[CONCURRENCY], install_signal_handlers=False)
        )
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
