"""When the engine learns, what it has learned, and whether that is still true."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tactful import loop
from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.sense import limits
from tactful.store.decided import asof
from tactful.store.described import organisations
from tactful.store.learned import moods, setting_back, versions
from tactful.store.learned.usual import HOURS
from tactful.store.running import audit
from tactful.store.settings import BELIEF_DAYS
from tactful.uses import errands, watching
from tactful.uses.training.ways import WAYS

LEARNED = (*WAYS, HOURS, *moods.CAPABILITIES)
LONGEST_LOOK = 3650


class Learning(Running):
    """Training, the registry of what was learned, and monitoring."""

    async def train(
        self, at: datetime | None = None, *, by: str, capability: str | None = None
    ) -> list[dict[str, Any]]:
        """Learn anew from what came of people, now or as of `at`; reports of each organisation. See `training.train`.

        organisation: its name; None where all of them taught together. by: who asked for it. capability: only this one.
        raises: BadInput for an instant that cannot be, or before the last learning; NotReady while another learns;
        NotFound for a capability that learns nothing.
        """
        _known(capability)
        if capability in moods.CAPABILITIES:
            raise BadInput(f"{capability} is learned from labelled texts: give a file with --data.", fields=["data"])
        instant = self.instant(at)
        if instant > self.clock.now() + asof.MOMENT:
            raise BadInput("at lies ahead; what comes of people until then is not known yet.", fields=["at"])
        reports = await asyncio.to_thread(
            errands.train, self.database, self.rules, at=instant, by=by, capability=capability
        )
        names = await asyncio.to_thread(self._names)
        return [{**one, "organisation": names.get(one["organisation"])} for one in reports]

    async def train_mood(
        self, labelled: pl.DataFrame, *, organisation: str | None = None, at: datetime | None = None, by: str
    ) -> dict[str, Any]:
        """Learn sentiments or emotions from labelled texts, for one organisation or everybody (None); a report.

        labelled: text, label and perhaps id, all of them words. See `training.moods.learn`. raises: BadInput naming
        the rows, and nothing is learned; NotFound for an unknown organisation; NotReady while another learns.
        """
        instant = self.instant(at)
        whose = None if organisation is None else await self.require(organisation)
        told = await asyncio.to_thread(
            errands.train_mood, self.database, self.rules, labelled, at=instant, by=by, whose=whose
        )
        return {**told, "organisation": organisation}

    async def learned(self, organisation: str | None, capability: str | None = None) -> list[dict[str, Any]]:
        """Every version of what the organisation believes, newest first, of one `capability` or of all.

        organisation: None for what was learned for everybody, or by all together.

        raises: NotFound, also for a capability that learns nothing.
        """
        _known(capability)
        whose = None if organisation is None else await self.require(organisation)
        return await asyncio.to_thread(self._history, whose, capability)

    async def monitoring(
        self, organisation: str, capability: str = loop.LEAVING, *, days: int = 180, at: datetime | None = None
    ) -> dict[str, Any]:
        """How true the beliefs of the last `days` before `at` (now) have been, and what they were good for.

        Not further back than beliefs are kept (`store.belief_days`); `since` says from when. See
        `learn.monitoring.watch` and `learn.success.success`.

        raises: BadInput naming the field; NotFound for a capability whose beliefs nobody keeps.
        """
        named(organisation)
        limits.whole(days, "days", 1, LONGEST_LOOK)
        if capability not in watching.WATCHED:
            raise NotFound(
                f"No beliefs are kept of {capability}; choose from {', '.join(watching.WATCHED)}.",
                fields=["capability"],
            )
        whose, until = await self.require(organisation), self.instant(at)
        kept = self.clock.now() - timedelta(days=self.settings[BELIEF_DAYS])
        span = {"since": min(until, max(until - timedelta(days=days), kept)), "until": until}
        told = await asyncio.to_thread(watching.watched, self.database, self.rules, whose, capability, **span)
        return {"capability": capability, **span, **told}

    async def serving(self, organisation: str) -> dict[str, dict[str, Any]]:
        """What serves the organisation now, by capability; what is missing is told as before anything was learned.

        shared: whether all organisations that learn together taught it. raises: BadInput, NotFound.
        """
        whose, now = await self.require(organisation), self.clock.now()

        def read() -> dict[str, dict[str, Any]]:
            with self.database.batch() as connection:
                return {row["capability"]: row for row in versions.served(connection, whose, now)}

        return await asyncio.to_thread(read)

    async def set_back(
        self, organisation: str | None, capability: str, version: int, *, reason: str = "", actor: str = IN_PROCESS
    ) -> int:
        """Let a version of the organisation's own serve again that served before; answers the number it has now.

        organisation: None for what was learned for everybody.
        version: 0 for none, so that what is told before anything was learned serves again. The next learning is held
        to what serves then. raises: BadInput, NotFound; Conflict where it serves already, or never did.
        """
        whose = None if organisation is None else await self.require(organisation)
        _known(capability)
        limits.whole(version, "version", 0, limits.LARGEST_COUNT)
        limits.text(reason, "reason")
        what = f"version {version}" if version else "what is told before anything was learned"
        because = f"Set back to {what} by {actor}.{f' {reason.strip()}' if reason.strip() else ''}"
        decision = versions.Decision(self.clock.now(), promoted=True, by=actor, reason=because)

        def write() -> int:
            with self.database.batch() as connection:
                if (setting_back.serves(connection, whose, capability) or 0) == version:
                    raise Conflict(f"This is what serves already: {what}.")
                made = setting_back.set_back(connection, whose, capability, version, decision=decision)
                if made is None:
                    raise Conflict(f"There is no version {version} of {capability} that has served.")
                detail = {"capability": capability, "version": version, "now": made, "reason": reason}
                if organisation is not None:
                    audit.note(connection, organisation, actor=actor, act="set back model", detail=detail)
                return made

        return await asyncio.to_thread(write)

    def _names(self) -> dict[int | None, str]:
        with self.database.batch() as connection:
            return organisations.names(connection)

    def _history(self, organisation: int | None, capability: str | None) -> list[dict[str, Any]]:
        with self.database.batch() as connection:
            return versions.history(connection, organisation, capability)


def _known(capability: str | None) -> None:
    if capability is not None and capability not in LEARNED:
        raise NotFound(
            f"Nothing is learned about {capability}; choose from {', '.join(LEARNED)}.", fields=["capability"]
        )
