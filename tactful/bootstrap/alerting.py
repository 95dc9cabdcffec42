"""Telling educators who is about to leave, and hearing from them that somebody is not."""

import asyncio
from collections.abc import Sequence
from typing import Any

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput, NotFound
from tactful.predict import dropout
from tactful.sense import limits
from tactful.store.database import Identity
from tactful.store.decided import educators
from tactful.store.described import lookup
from tactful.store.running import audit
from tactful.uses import vouching

STATES = ("raised", "held", "closed")
OPEN = ("raised", "held")


class Alerting(Running):
    """Alerts, and who was flagged wrongly."""

    async def alerts(
        self,
        organisation: str,
        *,
        educator: str | None = None,
        only: str | None = None,
        states: Sequence[str] = OPEN,
        limit: int = 20,
        after: int | None = None,
    ) -> tuple[list[dict[str, Any]], int]:
        """Alerts, newest first, with names and reasons in words; and how many are held until there is room.

        educator: as this one, who sees their own alone; only: as the organisation, but of this educator. after: below
        this number only. raises: BadInput naming the field; NotFound for an educator (`only`) nobody knows.
        """
        named(organisation, educator)
        strange = [state for state in states if state not in STATES]
        if strange:
            raise BadInput(f"state: {strange[0]} is none; known are {', '.join(STATES)}.", fields=["state"])
        limits.whole(limit, "limit", 1, limits.LARGEST_COUNT)
        below = limits.LARGEST_ID if after is None else after
        limits.whole(below, "after", 1, limits.LARGEST_ID)
        whose = None if only is None else await asyncio.to_thread(self._number, organisation, only)
        async with self.database.acting_as(Identity(organisation, educator)) as connection:
            rows, held = await educators.page(connection, states=states, limit=limit, after=below, educator=whose)
        return await self._worded(rows), held

    async def close_alert(
        self,
        organisation: str,
        alert_id: int,
        *,
        educator: str | None = None,
        because: str = "",
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Close an alert and answer it. One that was closed stays as it was.

        educator: where it must be theirs. raises: BadInput naming the field; NotFound when there is none of theirs.
        """
        named(organisation, educator)
        limits.whole(alert_id, "alert_id", 1, limits.LARGEST_ID)
        limits.text(because, "because")
        async with self.database.service() as connection:
            row, now = await educators.close(
                connection, organisation, alert_id, educator=educator, at=self.clock.now(), actor=actor, because=because
            )
            if row is None:
                raise NotFound("There is no such alert, or it is not yours to see.")
            if now:
                detail = {"alert": alert_id, "because": because}
                await audit.write(connection, organisation=organisation, actor=actor, act="close alert", detail=detail)
        told = await self._worded([row])
        if not told:
            raise NotFound("There is no such alert, or it is not yours to see.")
        return told[0]

    async def wrongly_flagged(
        self,
        organisation: str,
        person: str,
        *,
        educator: str | None = None,
        note: str = "",
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Say that somebody who is flagged is not leaving. See `vouching.wrongly_flagged`.

        raises: BadInput naming the field; NotFound; Conflict when nothing is flagged about them.
        """
        named(organisation, person)
        limits.remark(note, "note")
        return await asyncio.to_thread(
            vouching.wrongly_flagged,
            self.database,
            self.rules,
            organisation,
            person,
            at=self.clock.now(),
            note=note,
            actor=actor,
            educator=educator,
        )

    async def _worded(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        if not rows:
            return []
        async with self.database.service() as connection:
            told = await educators.named(connection, rows)
        return [{**row, "reasons": dropout.why("critical", row["risk_factors"], row["facts"])} for row in told]

    def _number(self, organisation: str, person: str) -> int:
        limits.name(person, "educator_id")
        with self.database.batch() as connection:
            return lookup.find(connection, organisation, person)
