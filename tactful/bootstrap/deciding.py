"""When the engine decides: at a tick for everybody who is due, or because somebody asks."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from tactful import loop
from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput
from tactful.sense import limits
from tactful.store.decided import asof, ledger
from tactful.store.decided.ticks import Tick
from tactful.store.settings import RESUME_MINUTES
from tactful.uses import asking, ticking


class Deciding(Running):
    """Ticks and single decisions."""

    async def tick(self, at: datetime | None = None, *, everybody: bool = False, daily: bool = False) -> Tick | None:
        """One tick now or at `at`; None when another process is ticking. See `ticking.tick`.

        raises: BadInput for an instant ahead.
        """
        at, past = self._come(at, margin=asof.LATE)
        young = timedelta(minutes=self.settings[RESUME_MINUTES])
        return await asyncio.to_thread(
            ticking.tick, self.database, self.rules, at=at, everybody=everybody, daily=daily, past=past, young=young
        )

    def _come(self, at: datetime | None, *, margin: timedelta) -> tuple[datetime, bool]:
        """As `_instant`, for what is carried out: it would close and spend ahead of time what is still open now."""
        instant, past = self._instant(at, margin=margin)
        if instant > self.clock.now() + asof.MOMENT:
            raise BadInput("at lies ahead; only a rehearsal (--dry-run) may look into what is to come.", fields=["at"])
        return instant, past

    async def rehearse(self, at: datetime | None = None, *, organisation: str | None = None) -> dict[str, Any]:
        """What a tick over everybody (or one organisation's people) would do now or at `at`; nothing is written.

        The answer has the shape of `tick_summary`; its id is None, and silence is among the decisions.
        raises: NotFound for an organisation that nobody knows.
        """
        at, past = self._instant(at, margin=asof.LATE)
        whose = None if organisation is None else await self.require(organisation)
        return await asyncio.to_thread(
            ticking.rehearse, self.database, self.rules, at=at, past=past, organisation=whose
        )

    async def tick_summary(self, tick_id: int) -> dict[str, Any]:
        """What a tick did: its instant, people looked at, people reached, decisions by result and kind."""
        limits.whole(tick_id, "tick_id", 1, limits.LARGEST_ID)
        async with self.database.service() as connection:
            return await ledger.summary(connection, tick_id)

    async def ask(self, organisation: str, person: str, at: datetime | None = None) -> loop.Turn:
        """Decide about one person now, because somebody asked; the decision always goes to the ledger.

        raises: BadInput naming what cannot be, an instant ahead too; NotFound for somebody nobody knows.
        """
        named(organisation, person)
        at, past = self._come(at, margin=asof.MOMENT)
        return await asyncio.to_thread(asking.ask, self.database, self.rules, organisation, person, at, past=past)
