"""Run the jobs until told to stop."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from tactful.bootstrap import Engine
from tactful.store.running import jobs
from tactful.store.running.listener import end
from tactful.store.settings import WORKER_SILENCE
from tactful.uses.sending.settings import PLACES
from tactful.worker.schedule import application
from tactful.worker.settings import CONCURRENCY, LONGEST_PAUSE, TRIES

log = logging.getLogger(__name__)

# Every how many seconds a worker looks for jobs whose worker is gone.
LOOK_EVERY = 10.0
# Pause before a worker that fell starts again, doubled each time it falls again at once; seconds.
FIRST_PAUSE = 1.0


async def work(engine: Engine, stop: asyncio.Event) -> None:
    """Work on the queue until `stop` is set; a job in progress is finished first.

    Nothing else ends it: when its database goes away or anything fails, it starts again.
    """
    clock, longest, pause = asyncio.get_running_loop().time, engine.settings[LONGEST_PAUSE], FIRST_PAUSE
    while not stop.is_set():
        began = clock()
        try:
            await _until_it_ends(engine, stop)
        except Exception:
            log.exception("The worker failed.")
        if not stop.is_set():
            pause = FIRST_PAUSE if clock() - began > longest else min(2 * pause, longest)
            log.warning("The worker has ended; it starts again in %.0f s.", pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)


async def _until_it_ends(engine: Engine, stop: asyncio.Event) -> None:
    running, waiting = asyncio.create_task(_run(engine)), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _run(engine: Engine) -> None:
    app = application(engine)
    async with app.open_async():
        looking = asyncio.create_task(_look_for_stalled(app, engine))
        try:
            await _both(app, engine)
        finally:
            await end(looking)


async def _both(app: Any, engine: Engine) -> None:
    """Work on both queues, each with places of its own, until one of them ends or this is cancelled."""
    places = {jobs.DEFAULT: engine.settings[CONCURRENCY], jobs.OUTSIDE: engine.settings[PLACES]}
    working = [
        asyncio.create_task(
            app.run_worker_async(
                queues=[queue],
                concurrency=concurrency,
                stalled_worker_timeout=engine.settings[WORKER_SILENCE],
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        )
        for queue, concurrency in places.items()
    ]
    try:
        await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in working:
            each.cancel()
        ended = await asyncio.gather(*working, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


async def _look_for_stalled(app: Any, engine: Engine) -> None:
    settings = engine.settings
    while True:
        try:
            found = await jobs.recover(app, silence=settings[WORKER_SILENCE], tries=settings[TRIES])
        except Exception as error:
            log.warning("Jobs whose worker is gone could not be looked for: %s", error)
        else:
            if found:
                log.warning("Given back to the queue, because their worker is gone: %d jobs.", found)
        await asyncio.sleep(LOOK_EVERY)
