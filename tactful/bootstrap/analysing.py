"""Figures for whoever runs the place, by the names that their dashboards know."""

import asyncio
from datetime import timedelta
from typing import Any

from tactful.bootstrap.running import Running
from tactful.sense import limits
from tactful.store.learned.dispersion import risks
from tactful.store.learned.performance import performance
from tactful.store.settings import AT_ONCE
from tactful.store.steps import run_async
from tactful.uses import analytics
from tactful.uses.analytics.risks import LEVELS, UNKNOWN
from tactful.uses.analytics.settings import LEAST

# How far back one can look [days].
LONGEST = 366


class Analysing(Running):
    """Analytics."""

    async def outreach_analytics(self, organisation: str, *, days: int = 30) -> dict[str, Any]:
        """How what was decided in the last `days` and reached somebody was taken: since, until, and as
        `analytics.performance` tells it, by kind, wording, channel and hour of the person's own day.

        raises: BadInput naming the field; NotFound.
        """
        limits.whole(days, "days", 1, LONGEST)
        until = self.clock.now()
        since = until - timedelta(days=days)
        async with self._office(organisation) as connection:
            rows = await run_async(connection, performance(since, until))
        told = analytics.performance(rows, least=self.settings[LEAST])
        return {"since": since, "until": until, "least": self.settings[LEAST], **told}

    async def churn_risk_distribution(self, organisation: str) -> dict[str, Any]:
        """How many people are at which risk of leaving, as it was judged last: `analytics.distribution`.

        raises: BadInput, NotFound.
        """
        async with self._office(organisation) as connection:
            rows, known = await run_async(connection, risks((*LEVELS, UNKNOWN)))
        return analytics.distribution(rows, known)

    async def daily_active_people(self, organisation: str, *, days: int = 30) -> dict[str, Any]:
        """How many people did something on each of the last `days` of the organisation's zone: `analytics.active`.

        raises: BadInput naming the field; NotFound.
        """
        limits.whole(days, "days", 1, LONGEST)
        async with self._office(organisation) as connection:
            return await run_async(connection, analytics.active(self.clock.now(), days))

    async def milestone_progress(self, organisation: str) -> dict[str, Any]:
        """How many people reached each milestone and how far the others are: `analytics.progress`.

        raises: BadInput, NotFound.
        """
        whose, now, few = await self.require(organisation), self.clock.now(), self.settings[AT_ONCE] // 10
        return await asyncio.to_thread(analytics.progress, self.database, whose, at=now, few=few)
