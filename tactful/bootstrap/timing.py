"""When people are at their best, and whether now is a good time."""

import asyncio
from datetime import datetime
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput
from tactful.sense import limits
from tactful.store.decided import asof
from tactful.uses import checking, timing

# So far ahead it may be asked whether a moment is good.
CHECKED_AHEAD = checking.AHEAD


class Timing(Running):
    """Timing."""

    async def timing_profile(self, organisation: str, person: str) -> dict[str, Any] | None:
        """At which hours and on which days somebody is at their best, with every session that was counted.

        None of whom nothing is known. raises: BadInput naming the field.
        """
        named(organisation, person)
        return await asyncio.to_thread(
            timing.of, self.database, self.settings, (organisation, person), self.clock.now()
        )

    async def check_timing(
        self,
        organisation: str,
        person: str,
        at: datetime | None = None,
        *,
        intervention_type: str | None = None,
        zone: str | None = None,
    ) -> dict[str, Any]:
        """Whether now (or `at`) is a good time to write to somebody, why, and when instead.

        intervention_type: a kind whose guard rails must allow it as well, as of now. zone: what their clock shows,
        where that is not what it usually does. It is never a good time in their quiet hours. `at` may lie up to 14
        days ahead, and is judged as if nothing happened until then; what is proposed lies within these days as well.

        raises: BadInput naming the field.
        """
        named(organisation, person)
        now, asked_at = self.clock.now(), self.instant(at, ahead=CHECKED_AHEAD)
        past = at is not None and asof.is_past(asked_at, now)
        kinds = (await self.governed(organisation)).kinds if intervention_type is not None else {}
        if intervention_type is not None and intervention_type not in kinds:
            known = ", ".join(kinds)
            told = f"intervention_type: {intervention_type} is not known; known are {known}."
            raise BadInput(told, fields=["intervention_type"])
        if zone is not None:
            limits.zone(zone, "zone")
        until = max(asked_at, now + CHECKED_AHEAD)
        asked = checking.Check(asked_at, intervention_type, zone, past, now, until)
        return await asyncio.to_thread(checking.check, self.database, self.rules, (organisation, person), asked)
