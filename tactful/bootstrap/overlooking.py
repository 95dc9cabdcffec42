"""Alerts to operators: looking whether anything is wrong with the whole, and what was."""

import asyncio
from datetime import datetime
from typing import Any

from tactful.bootstrap.running import Running
from tactful.deliver.apprise import sayer
from tactful.kernel.errors import BadInput
from tactful.sense import limits
from tactful.store.alone import alone
from tactful.store.running import operator_alerts as alerts
from tactful.uses import operator_alerts
from tactful.uses.operator_alerts.passing_on import pass_on
from tactful.uses.operator_alerts.settings import APPRISE

STATES = ("open", "cleared", "all")
LOCK = "operator alerts"


class Overlooking(Running):
    """Alerts to operators."""

    async def check_operator_alerts(self, at: datetime | None = None) -> dict[str, int] | None:
        """Measure everything of all organisations, raise and clear alerts, and tell operators; a worker does this.

        Answers told, held (beyond the cap of the day), cleared and passed_on (messages that Apprise took); None while
        another process is at it. raises: BadInput for an instant that cannot be.
        """
        return await asyncio.to_thread(self._check, self.instant(at))

    async def operator_alerts(
        self, organisation: str, *, state: str = "all", limit: int = 20, after: int | None = None
    ) -> list[dict[str, Any]]:
        """Alerts to operators of the organisation, newest first. state: open, cleared or all. after: below this number.

        raises: BadInput naming the field; NotFound.
        """
        if state not in STATES:
            raise BadInput(f"state: {state} is none; known are {', '.join(STATES)}.", fields=["state"])
        limits.whole(limit, "limit", 1, limits.LARGEST_COUNT)
        below = limits.LARGEST_ID if after is None else after
        limits.whole(below, "after", 1, limits.LARGEST_ID)
        async with self._office(organisation) as connection:
            return await alerts.page(connection, state=state, limit=limit, after=below)

    def _check(self, at: datetime) -> dict[str, int] | None:
        with alone(self.database, LOCK) as mine:
            if not mine:
                return None
            done = operator_alerts.check(self.database, self.settings, at)
            say = sayer(self.settings[APPRISE])
            return done | {"passed_on": 0 if say is None else pass_on(self.database, say, at)}
