"""An engine whose worker ticks every other second."""

from collections.abc import AsyncIterator

import pytest

from tactful.bootstrap import Engine
from tactful.kernel.clock import SetClock
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.settings import DATABASE_URL, REDIS_URL, ROLE_SECRET
from tactful.worker.settings import TICK
from tests.conftest import ROLE_SECRET as SECRET
from tests.living import NOW


@pytest.fixture
def clock() -> SetClock:
    """What the engine takes for now."""
    return SetClock(NOW)


@pytest.fixture
async def engine(closed_database: Database, redis_url: str, clock: SetClock) -> AsyncIterator[Engine]:
    """An open engine on the test's own database."""
    settings = Settings(
        {
            DATABASE_URL.name: closed_database.owner_url,
            REDIS_URL.name: redis_url,
            ROLE_SECRET.name: SECRET,
            TICK.name: "* * * * * */2",
        }
    )
    async with Engine(settings, clock=clock) as engine:
        yield engine
