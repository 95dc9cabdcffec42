"""When the engine learns, and what it has learned."""

import asyncio
from datetime import datetime
from typing import Any

from tactful import loop, training
from tactful.bootstrap.running import Running
from tactful.store.learned import versions


class Learning(Running):
    """Training and the registry of what was learned."""

    async def train(self, at: datetime | None = None, *, by: str) -> list[dict[str, Any]]:
        """Learn anew from who fell silent, now or as of `at`; a report for each organisation. See `training.train`.

        by: who asked for it. raises: BadInput for an instant that cannot be.
        """
        return await asyncio.to_thread(training.train, self.database, self.rules, at=self.instant(at), by=by)

    async def learned(self, organisation: str) -> list[dict[str, Any]]:
        """Every version of the organisation's belief about leaving, newest first. raises: NotFound."""
        return await asyncio.to_thread(self._history, await self.require(organisation))

    def _history(self, organisation: int) -> list[dict[str, Any]]:
        with self.database.batch() as connection:
            return versions.history(connection, organisation, loop.LEAVING)
