"""Sending what leaves the product, what could not be delivered, and trying that again."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput, NotFound
from tactful.sense import limits
from tactful.store.decided import deliveries, undelivered
from tactful.store.decided.interventions import SENDING
from tactful.store.running import audit, jobs
from tactful.store.running.pacing import Pacing
from tactful.uses.sending import Ways, send_due
from tactful.uses.sending.settings import LEASE

# Rows of a list at most.
MOST = 200


class Sending(Running):
    """Deliveries outside the product."""

    async def send_due(self, channel: str) -> int:
        """Send what is due through a channel until nothing is; answers how many the other side took.

        raises: BadInput where no such channel is set up.
        """
        if channel not in self.outside:
            known = ", ".join(sorted(self.outside)) or "none"
            raise BadInput(f"channel: {channel} is not set up; set up are {known}.", fields=["channel"])
        pacing = Pacing(self.valkey)
        ways = Ways(self.database, self.rules, self.settings, pacing, self.clock.now)
        return await send_due(ways, self.outside[channel])

    async def wake_channels(self) -> list[str]:
        """Let workers send through every channel that has something to do; answers which those are."""
        now = self.clock.now()
        return await asyncio.to_thread(self._wake_channels, now - timedelta(seconds=self.settings[LEASE]))

    def _wake_channels(self, before: Any) -> list[str]:
        now = self.clock.now()
        with self.database.batch() as connection:
            found = [name for name in deliveries.waiting(connection, at=now, before=before) if name in self.outside]
            for name in found:
                jobs.wake(connection, SENDING, at=now, channel=name)
        return found

    async def undelivered(self, organisation: str, *, limit: int = 50, before: int | None = None) -> dict[str, Any]:
        """Deliveries that came to nothing (`refused`) or of which nobody can tell (`unknown`), latest first.

        Answers `deliveries` and `next`: where the next page begins, null after the last. raises: BadInput; NotFound.
        """
        limits.whole(limit, "limit", 1, MOST)
        async with self._office(organisation) as connection:
            rows = await undelivered.listed(connection, limit=limit + 1, before=before)
        page = rows[:limit]
        return {"deliveries": page, "next": page[-1]["id"] if len(rows) > limit else None}

    async def replay_deliveries(
        self, organisation: str, ids: Sequence[int], *, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Send these again, as long as they are worth saying: what was refused, and by hand also what is in doubt.

        Every guard rail is asked again. Answers `replayed`: the ids that go out, `over`: those it is too late for.
        raises: BadInput; NotFound where one of them is not among those undelivered.
        """
        named(organisation)
        if not ids or len(ids) > MOST:
            raise BadInput(f"ids must name 1 to {MOST} deliveries.", fields=["ids"])
        for each in ids:
            limits.whole(each, "ids", 1, limits.LARGEST_ID)
        now = self.clock.now()
        async with self.database.service() as connection:
            found = await undelivered.hold(connection, organisation, sorted(set(ids)))
            if len(found) < len(set(ids)):
                raise NotFound("Some of these are not among what could not be delivered.")
            again = await undelivered.again(connection, [row["id"] for row in found], at=now)
            over = sorted(set(ids) - set(again))
            detail = {"ids": again, "over": over}
            await audit.write(
                connection, organisation=organisation, actor=actor, act="replay deliveries", detail=detail
            )
        await self.wake_channels()
        return {"replayed": again, "over": over}
