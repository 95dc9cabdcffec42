"""The job that sends through one channel: once at a time in each process, so that few messages are ever in doubt."""

import logging
from typing import Any

from tactful.bootstrap import Engine
from tactful.store.decided.interventions import SENDING
from tactful.store.running import jobs
from tactful.worker.counting import counted
from tactful.worker.settings import LONGEST_WAIT, TRIES

log = logging.getLogger(__name__)


def register(app: Any, engine: Engine) -> None:
    """Let workers of `app` send."""
    # Channels through which this process sends just now, and whether somebody asked for more meanwhile.
    busy: dict[str, bool] = {}

    async def run(timestamp: int, channel: str) -> None:
        # Whoever is set up otherwise than who woke it leaves it to others.
        if channel not in engine.outside:
            return
        if channel in busy:
            busy[channel] = True
            return
        try:
            while busy.setdefault(channel, True):
                busy[channel] = False
                async with counted(engine, SENDING):
                    if sent := await engine.send_due(channel):
                        log.info("Channel %s: %d messages were taken.", channel, sent)
        finally:
            del busy[channel]

    again = jobs.Again(tries=engine.settings[TRIES], longest=engine.settings[LONGEST_WAIT])
    app.task(name=SENDING, pass_context=False, retry=again, queue=jobs.OUTSIDE)(run)
