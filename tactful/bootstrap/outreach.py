"""Outreach that somebody asks for: it waits for its moment and is decided about like anything else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.sense import limits
from tactful.sense import outreach as incoming
from tactful.store.decided import outreach, stopped
from tactful.store.running import audit

STATUSES = ("scheduled", "chosen", "folded", "expired", "cancelled")
# Rows of a list at most.
MOST = 200


class Outreaching(Running):
    """What is asked to be said to people."""

    async def request_outreach(
        self,
        organisation: str,
        person: str,
        outreach_type: str,
        *,
        priority_score: float = 0.5,
        context_data: Mapping[str, Any] | None = None,
        scheduled_time: datetime | None = None,
        expires_at: datetime | None = None,
        external_id: str | None = None,
        trigger: str = "api",
    ) -> dict[str, Any]:
        """Ask for something to be said to a person, from `scheduled_time` on, at one of their good hours.

        Whether it is said is decided like anything else: guard rails, caps and what is worth more come first.
        priority_score: what it is worth, 0 to 1. context_data: what it is about (topic, feature). external_id: the
        same again is the same one. Answers it as `outreach` does, with `repeated`.

        raises: BadInput naming the field; NotFound for nobody we know; Conflict where that name means something else.
        """
        named(organisation, person)
        now = self.clock.now()
        told = incoming.fitting(
            outreach_type, priority_score, {} if context_data is None else context_data,
            scheduled_time=now if scheduled_time is None else self.instant(
                scheduled_time, field="scheduled_time", ahead=incoming.AHEAD
            ),
            expires_at=None if expires_at is None else self.instant(
                expires_at, field="expires_at", ahead=incoming.AHEAD + incoming.LASTS
            ),
            now=now,
        )  # fmt: skip
        limits.text(trigger, "trigger")
        if external_id is not None:
            limits.name(external_id, "id")
        async with self.database.service() as connection:
            found = await stopped.find(connection, organisation, person)
            told |= {"trigger": trigger, "external_id": external_id}
            number = await outreach.write(connection, found, told, now=now)
            if number is None:
                row = await outreach.known(connection, organisation, external_id or "")
            else:
                row = await outreach.one(connection, organisation, number)
        if row is None or (row["user_id"], row["outreach_type"]) != (person, outreach_type):
            raise Conflict("Another outreach has this id; use a new one.")
        return {**row, "repeated": number is None}

    async def outreach(
        self, organisation: str, *, person: str | None = None, status: str | None = None, limit: int = 50,
        before: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """What was asked for, latest first, and what became of it. person, status: only theirs, only these.

        Answers `outreach` and `next`: where the next page begins, null after the last. raises: BadInput; NotFound.
        """
        limits.whole(limit, "limit", 1, MOST)
        if person is not None:
            limits.name(person, "person")
        if status is not None and status not in STATUSES:
            raise BadInput(f"status: {status} is none; known are {', '.join(STATUSES)}.", fields=["status"])
        async with self._office(organisation) as connection:
            rows = await outreach.listed(connection, person=person, status=status, limit=limit + 1, before=before)
        page = rows[:limit]
        return {"outreach": page, "next": page[-1]["id"] if len(rows) > limit else None}

    async def cancel_outreach(self, organisation: str, outreach_id: int, *, actor: str = IN_PROCESS) -> dict[str, Any]:
        """Take back what still waits. raises: BadInput; NotFound; Conflict for what waits no more."""
        named(organisation)
        limits.whole(outreach_id, "outreach_id", 1, limits.LARGEST_ID)
        async with self.database.service() as connection:
            done = await outreach.cancel(connection, organisation, outreach_id, now=self.clock.now())
            row = await outreach.one(connection, organisation, outreach_id)
            if row is None:
                raise NotFound("There is no such outreach.")
            if not done:
                raise Conflict(f"It waits no more: it is {row['status']}.")
            detail = {"outreach": outreach_id, "user_id": row["user_id"]}
            await audit.write(connection, organisation=organisation, actor=actor, act="cancel outreach", detail=detail)
        return row
