"""How many jobs ran, and how many of them failed: what alerts to operators are judged by."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tactful.bootstrap import Engine
from tactful.kernel.errors import NotReady
from tactful.store.running import measures

log = logging.getLogger(__name__)


@asynccontextmanager
async def counted(engine: Engine, name: str) -> AsyncIterator[None]:
    """Note that a job ran and whether it failed; of one that is only put off, nothing."""
    try:
        yield
    except NotReady:
        raise
    except Exception:
        await _note(engine, name, failed=True)
        raise
    await _note(engine, name, failed=False)


async def _note(engine: Engine, name: str, *, failed: bool) -> None:
    try:
        await asyncio.to_thread(_write, engine, name, failed)
    except Exception as error:
        # What it did is done; that it is not counted must not undo it.
        log.warning("That %s ran could not be noted: %s", name, error)


def _write(engine: Engine, name: str, failed: bool) -> None:
    with engine.database.batch() as connection:
        measures.ran(connection, name, at=engine.clock.now(), failed=failed)
