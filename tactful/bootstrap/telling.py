"""What the engine knows and why it did what it did."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import tactful
from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput, NotFound, NotReady
from tactful.predict import dropout
from tactful.sense import limits
from tactful.store.database import Identity
from tactful.store.decided import risk
from tactful.store.running import status
from tactful.store.running.answers import Asked, Kept
from tactful.store.settings import STATUS_SECONDS, WORKER_SILENCE
from tactful.uses import insights, plateaus, regressions, story
from tactful.uses.rooms import explaining

# Plateaus, or regressions, of one person in one answer.
MOST_ROWS = 500


class Telling(Running):
    """Risk, reasons, decisions, figures."""

    async def risk(self, organisation: str, person: str, at: datetime | None = None) -> dict[str, Any]:
        """One person's risk of leaving as of now (or `at`), with reasons and a strategy. raises: BadInput, NotFound."""
        named(organisation, person)
        if at is None:
            (row,) = await self.risking.submit([(organisation, person)])
            if row is None:
                raise NotFound("Nothing is known about this person yet.")
            return row
        at, past = self._instant(at)
        return await asyncio.to_thread(story.risk, self.database, self.rules, organisation, person, at, past=past)

    async def at_risk(
        self, organisation: str, *, limit: int = 20, after: tuple[float, int] | None = None
    ) -> list[dict[str, Any]]:
        """People of the organisation by risk, highest first, each with reasons in words.

        after: the score and our number of the last one of the page before. raises: BadInput naming the field.
        """
        named(organisation)
        limits.whole(limit, "limit", 1, limits.LARGEST_COUNT)
        if after is not None:
            _place(after)
        async with self.database.acting_as(Identity(organisation)) as connection:
            rows = await risk.at_risk(connection, levels=["critical", "high", "medium"], limit=limit, after=after)
        return [{**row, "reasons": dropout.why(row["risk_level"], row["risk_factors"], row)} for row in rows]

    async def plateaus(
        self, organisation: str, person: str, *, active_only: bool = True, limit: int = 100
    ) -> list[dict[str, Any]]:
        """Where somebody is stuck, with every attempt that was counted; those of now first, then the latest.

        active_only: leave out what is over. Nothing of somebody nobody knows. raises: BadInput naming the field.
        """
        return await self._listed(plateaus.of, (organisation, person), active_only, limit)

    async def regressions(
        self, organisation: str, person: str, *, active_only: bool = True, limit: int = 100
    ) -> list[dict[str, Any]]:
        """What somebody once knew and is losing, as of now; what lost most comes first.

        active_only: leave out what is over. Nothing of somebody nobody knows. raises: BadInput naming the field.
        """
        return await self._listed(regressions.of, (organisation, person), active_only, limit)

    async def _listed(
        self, of: Callable[..., list[dict[str, Any]]], whom: tuple[str, str], active_only: bool, limit: int
    ) -> list[dict[str, Any]]:
        named(*whom)
        limits.whole(limit, "limit", 1, MOST_ROWS)
        at = self.clock.now()
        return await asyncio.to_thread(of, self.database, self.settings, whom, at, active_only=active_only, most=limit)

    async def insights(self, organisation: str, person: str) -> dict[str, Any]:
        """All that is believed about somebody as of now, and what deserves attention first; see `insights.of`.

        Of somebody nobody knows, nothing. raises: BadInput naming what cannot be.
        """
        named(organisation, person)
        whom, at = (organisation, person), self.clock.now()
        return await asyncio.to_thread(insights.of, self.database, self.settings, self.rules, whom, at, most=MOST_ROWS)

    async def kept(self, organisation: str, person: str, question: str) -> Kept:
        """What is kept of the answer to `question` about somebody, or where one made from now on belongs.

        See `store.running.answers`. raises: BadInput naming what cannot be.
        """
        named(organisation, person)
        if self.answers.resting:
            return Kept()
        (kept,) = await self.keeping.submit([Asked(organisation, person, question)])
        return kept

    async def keep(self, kept: Kept, answer: bytes) -> None:
        """Keep an answer that was worked out after `kept` was asked for; it is told again while it fits."""
        await self.answers.keep(kept, answer)

    async def explain(self, organisation: str, person: str, at: datetime | None = None) -> dict[str, Any]:
        """Why a person was or was not reached at an instant, also where silence was not stored.

        raises: BadInput naming what cannot be; NotFound.
        """
        named(organisation, person)
        at, past = self._instant(at)
        return await asyncio.to_thread(story.at, self.database, self.rules, organisation, person, at, past=past)

    async def explain_decision(self, organisation: str, decision_id: int) -> dict[str, Any]:
        """One row of the ledger in plain words, about a person or a live session. raises: BadInput, NotFound."""
        named(organisation)
        limits.whole(decision_id, "decision_id", 1, limits.LARGEST_ID)
        live = await asyncio.to_thread(explaining.of, self.database, organisation, decision_id, self.clock.now())
        if live is not None:
            return live
        return await asyncio.to_thread(story.of, self.database, organisation, decision_id)

    async def ready(self) -> None:
        """Nothing, where requests can be served. raises: NotReady, or what says that the database is away."""
        if self.worker is not None and self.worker.done():
            raise NotReady("The worker of this process has ended; start the process again.")
        async with self.database.service() as connection:
            await connection.execute("SELECT 1")

    async def status(self) -> dict[str, Any]:
        """Versions, last tick, queue and failures, no older than `store.status_seconds`."""
        async with self._counting:
            now = asyncio.get_running_loop().time()
            if self._counted is None or now - self._counted[0] >= self.settings[STATUS_SECONDS]:
                async with self.database.service() as connection:
                    counted = await status.figures(connection, silence=self.settings[WORKER_SILENCE])
                self._counted = now, {"tactful": tactful.__version__, **counted}
            return dict(self._counted[1])


def _place(after: tuple[float, int]) -> None:
    if not isinstance(after, tuple) or len(after) != 2:
        raise BadInput("after must be a score and a number.", fields=["after"])
    limits.within(after[0], "after", 0, 1)
    limits.whole(after[1], "after", 1, limits.LARGEST_ID)
