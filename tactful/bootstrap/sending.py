"""Sending what leaves the product, what could not be delivered, and trying that again."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.deliver import PUSHED
from tactful.deliver.email import Email, bounce
from tactful.deliver.email.settings import BOUNCES
from tactful.kernel.errors import BadInput, NotFound
from tactful.sense import limits
from tactful.store.decided import channels, deliveries, undelivered
from tactful.store.decided.interventions import SENDING
from tactful.store.running import audit, jobs
from tactful.store.running.pacing import Pacing
from tactful.uses.sending import Ways, send_due
from tactful.uses.sending.returned import Returned, returned
from tactful.uses.sending.settings import LEASE

# Rows of a list at most.
MOST = 200
DAY = timedelta(days=1)


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

    async def channels(self, organisation: str) -> list[dict[str, Any]]:
        """How each channel outside the product does: name, set_up, pace [1/s], rest (for how long nothing goes because
        its provider is not there or asked for it [s]), and of the last 24 hours sent, undelivered, last_sent_at,
        last_error with last_error_at; waiting, and again: how many of these were tried in vain. raises: BadInput;
        NotFound.
        """
        async with self._office(organisation) as connection:
            found = await channels.lately(connection, since=self.clock.now() - DAY)
        pacing = Pacing(self.valkey)
        rows = []
        for name in (each.name for each in PUSHED):
            way = self.outside.get(name)
            state = {"set_up": way is not None, "pace": way.pace if way else None, "rest": 0.0}
            if way is not None:
                state["rest"] = await pacing.resting(name)
            rows.append({"name": name, **state, **channels.NOTHING, **found.get(name, {})})
        return rows

    async def bounced(self, raw: bytes, *, organisation: str | None = None) -> dict[str, Any]:
        """Take a letter that came back to `email.sender`, as it is. Where it says that an address is gone, or does not
        want it, nothing goes there any more, nor what is queued to it; where it says that a letter was given up, that
        is counted, and after `email.bounces` of them the address is gone as well. organisation: whose it must be.

        Answers `known` (whether it is about a letter of ours), `refusal` and `detail` (what it says; None and empty
        where nothing), `off` and `stopped` (see `uses.sending.returned`). Twice is once. raises: BadInput.
        """
        if organisation is not None:
            named(organisation)
        told = bounce(raw)
        found = None
        if told is not None and (mark := as_uuid(told.mark)):
            back = Returned(Email.name, mark, told.refusal, told.detail, organisation, self.settings[BOUNCES])
            found = await asyncio.to_thread(returned, self.database, self.rules, back, at=self.clock.now())
        if told is None or found is None:
            return {"known": False, "refusal": None, "detail": "", "off": False, "stopped": 0}
        await self.wake_channels()
        return {"known": True, "refusal": str(told.refusal), "detail": told.detail, **found}

    async def undelivered(
        self, organisation: str, *, limit: int = 50, before: int | None = None, channel: str | None = None
    ) -> dict[str, Any]:
        """Deliveries that came to nothing (`refused`) or of which nobody can tell (`unknown`), latest first.

        channel: only of this one. Answers `deliveries` and `next`: where the next page begins, null after the last.
        raises: BadInput; NotFound.
        """
        limits.whole(limit, "limit", 1, MOST)
        async with self._office(organisation) as connection:
            rows = await undelivered.listed(connection, limit=limit + 1, before=before, channel=channel)
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


def as_uuid(mark: str) -> str | None:
    """A mark as the database writes it; None where it can be none of ours.

    >>> as_uuid("intervention-7") is None
    True
    """
    try:
        return str(UUID(hex=mark))
    except ValueError:
        return None
