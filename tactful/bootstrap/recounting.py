"""What was done in live sessions, and what came of it."""

import asyncio
from datetime import timedelta
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import NotFound
from tactful.sense import limits
from tactful.store import steps
from tactful.store.decided import acted
from tactful.store.sensed import polls
from tactful.uses.rooms import report, success
from tactful.uses.rooms.sheet import sheet

# Interventions of one answer, of a session and of an event; and how far back an event is looked at [h].
MOST, MOST_OF_EVENT, MOST_HOURS = 200, 500, 168


class Recounting(Running):
    """History and counts of live sessions."""

    async def live_history(
        self, organisation: str, session_id: str, *, limit: int = 50, offset: int = 0
    ) -> dict[str, Any]:
        """What was done in a live session, newest first: total, and interventions, of which `limit` are told.

        outcome is None until something can be said. raises: BadInput naming the field; NotFound.
        """
        named(organisation)
        limits.name(session_id, "session_id")
        limits.whole(limit, "limit", 1, MOST)
        limits.whole(offset, "offset", 0, limits.LARGEST_COUNT)

        def reading() -> steps.Steps[tuple[int, list[dict[str, Any]]]]:
            session = yield from polls.room(organisation, session_id)
            return (yield from acted.of_session(session["id"], limit=limit, offset=offset))

        async with self.database.service() as connection:
            total, rows = await steps.run_async(connection, reading())
        return {"total": total, "interventions": rows}

    async def live_history_of_event(
        self, organisation: str, event_id: str, *, hours: int = 24, limit: int = 100
    ) -> dict[str, Any]:
        """What was done in all live sessions of an event in the last `hours`, as `live_history` tells it.

        raises: BadInput naming the field; NotFound where no live session is of that event.
        """
        named(organisation)
        limits.name(event_id, "event_id")
        limits.whole(hours, "hours", 1, MOST_HOURS)
        limits.whole(limit, "limit", 1, MOST_OF_EVENT)
        since = self.clock.now() - timedelta(hours=hours)

        def reading() -> steps.Steps[tuple[int, list[dict[str, Any]]]]:
            whose = yield from acted.event(organisation, event_id)
            if whose is None:
                raise NotFound(f"There is no live session of the event {event_id}.", fields=["event_id"])
            return (yield from acted.of_event(whose, event_id, since=since, limit=limit))

        async with self.database.service() as connection:
            total, rows = await steps.run_async(connection, reading())
        return {"total": total, "interventions": rows}

    async def live_stats(self, organisation: str, session_id: str) -> dict[str, Any]:
        """Counts of a live session and what its types of intervention are known to do; see `success.stats`.

        raises: BadInput, NotFound.
        """
        named(organisation)
        limits.name(session_id, "session_id")
        return await asyncio.to_thread(self._stats, organisation, session_id)

    async def live_report(self, organisation: str, session_id: str) -> dict[str, Any]:
        """A live session from its start to its end, or to now; see `report.report`. raises: BadInput, NotFound."""
        named(organisation)
        limits.name(session_id, "session_id")
        return await asyncio.to_thread(self._report, organisation, session_id)

    async def live_sheet(self, organisation: str, session_id: str) -> str:
        """The same as one table for a spreadsheet, as CSV; see `sheet.sheet`. raises: BadInput, NotFound."""
        return await asyncio.to_thread(sheet, await self.live_report(organisation, session_id))

    def _report(self, organisation: str, session_id: str) -> dict[str, Any]:
        with self.database.batch() as connection:
            return report.report(connection, organisation, session_id, self.clock.now())

    def _stats(self, organisation: str, session_id: str) -> dict[str, Any]:
        with self.database.batch() as connection:
            session = steps.run(connection, polls.room(organisation, session_id))
            return success.stats(connection, session, self.clock.now())
