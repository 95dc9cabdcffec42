"""What was done, whether it helped, and what was withheld: what operators look back at."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.decide import inline_help
from tactful.decide.guardrails import HERE_RAILS, LIVE_RAILS, RAILS
from tactful.kernel.errors import BadInput
from tactful.sense import limits
from tactful.store.decided import ledger, searching, withheld
from tactful.store.decided.searching import Search
from tactful.store.learned import done
from tactful.store.learned.done import When
from tactful.store.settings import AT_ONCE
from tactful.store.steps import run_async
from tactful.uses import errands, watching, weighing
from tactful.uses.rooms import success

# How far back one can look [h], and up to which span things are told by the hour.
LONGEST, BY_THE_HOUR = 24 * 400, 48
MOST_LISTED = 10_001


class Weighing(Running):
    """Looking back."""

    async def done(self, organisation: str, *, hours: int = 24 * 7) -> dict[str, Any]:
        """What was done in the last `hours`, and how people took it.

        people: over_time, kinds, channels, wordings, with the counts of `store.learned.days.SUMS`; rooms: done,
        proposed, noticed; help: inline, by type; presence: by day. since, until,
        step (hour, day): of when. raises: BadInput, NotFound.
        """
        when = self._when(hours)
        async with self._office(organisation) as connection:
            return {
                "since": when.since,
                "until": when.until,
                "step": when.step,
                "people": await run_async(connection, done.of_people(when)),
                "rooms": await run_async(connection, done.of_rooms(when)),
                "help": await run_async(connection, done.of_help(when)),
                "presence": await run_async(connection, done.of_presence(when)),
            }

    async def effects(self, organisation: str, *, days: int = 30) -> dict[str, Any]:
        """What came of the last `days` (one of `weighing.SPANS`), beside people who were left alone: at, body, kept.

        body: as `monitoring` tells `success`, and coverage; None where it is a lot and was not worked out yet. kept:
        whether it is as it was worked out last, because it is a lot.
        raises: BadInput, NotFound.
        """
        if days not in weighing.SPANS:
            raise BadInput(f"days must be one of {', '.join(map(str, weighing.SPANS))}.", fields=["days"])
        return await asyncio.to_thread((await self._weigher(organisation)).effects, days)

    async def live_effects(self, organisation: str) -> dict[str, Any]:
        """What each kind of intervention does in the organisation's live sessions: `learn.lift.Lift`, by kind.

        raises: BadInput, NotFound.
        """
        whose, now = await self.require(organisation), self.clock.now()

        def read() -> dict[str, Any]:
            with self.database.batch() as connection:
                return {kind: each.as_json() for kind, each in success.effects(connection, whose, now).items()}

        return await asyncio.to_thread(read)

    async def belief(self, organisation: str, capability: str) -> dict[str, Any]:
        """How true the beliefs of a capability have been in the last 180 days: at, body and kept, as in `effects`.

        body: as `learn.monitoring.watch` tells it; None where they are many and were not looked through yet. raises:
        BadInput, NotFound.
        """
        if capability not in watching.WATCHED:
            raise BadInput(f"capability must be one of {', '.join(watching.WATCHED)}.", fields=["capability"])
        return await asyncio.to_thread((await self._weigher(organisation)).belief, capability)

    async def withheld(self, organisation: str, *, hours: int = 24 * 7) -> dict[str, Any]:
        """What became of everything that was considered in the last `hours`.

        looked: how often ticks looked at somebody; over_time (at, result, decisions); results (about, result, kind,
        decisions); candidates (about, kind, candidates, allowed); rails (about, kind, rail, candidates, alone).
        raises: BadInput, NotFound.
        """
        when = self._when(hours)
        async with self._office(organisation) as connection:
            over_time, results = await run_async(connection, withheld.results(when.since, when.until, when.step))
            summed = when.step == "day"
            told = await run_async(connection, withheld.verdicts(when.since, when.until, summed=summed))
            looked = await run_async(connection, withheld.looked(when.since, when.until))
        return {
            "since": when.since,
            "until": when.until,
            "step": when.step,
            "looked": looked,
            "over_time": over_time,
            "results": results,
            "candidates": [_considered(row) for row in told if row["bit"] < 0],
            "rails": [_named(row) for row in told if row["bit"] >= 0],
        }

    async def ledger(
        self,
        organisation: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        after: tuple[datetime, int] | None = None,
        rail: str = "",
        limit: int = 50,
        **asked: Any,
    ) -> list[dict[str, Any]]:
        """Rows of the ledger, newest first, with the guard rails that forbade each candidate (`against`).

        since, until: by default the last week. after: (at, id) of the last row seen. rail: that forbade a candidate, of
        the `kind` if one is asked for. asked: person, session, kind, result and tick. raises: BadInput, NotFound.
        """
        limits.whole(limit, "limit", 1, MOST_LISTED)
        until = self.instant(until, field="until")
        since = until - timedelta(hours=24 * 7) if since is None else self.instant(since, field="since")
        before, before_id = after or (until, limits.LARGEST_ID)
        if asked.get("tick") is not None:
            since, until = await self._moment(asked["tick"], since, until)
        masks: dict[str, Any] = _masks(rail) if rail else {}
        if rail and not any(masks[name] for name in RAILS_OF):
            raise BadInput(f"rail: there is no guard rail {rail}.", fields=["rail"])
        # What comes later in the list is no later either: the index begins there.
        search = Search(since, min(until, before), before, before_id, limit, **masks, **asked)
        try:
            async with self._office(organisation) as connection:
                rows = await run_async(connection, searching.listed(search))
        except searching.TOO_LONG as error:
            told = "That is too much to go through at once; ask for a shorter time, or for one person."
            raise BadInput(told, fields=["since"]) from error
        return [
            row | {"against": [_against(row, *each) for each in zip(row["kinds"], row["verdicts"], strict=True)]}
            for row in rows
        ]

    async def _moment(self, tick: int, since: datetime, until: datetime) -> tuple[datetime, datetime]:
        """The span as far as the tick could have decided anything in it: its moment, or nothing."""
        limits.whole(tick, "tick", 1, limits.LARGEST_ID)
        async with self.database.service() as connection:
            at = await ledger.moment(connection, tick)
        return (at, at) if at is not None and since <= at <= until else (until, since)

    async def send_for(self, organisation: str, errand: str, *, actor: str = IN_PROCESS) -> bool:
        """Have long work done by a worker: train, or reckon. False where it is asked for already.

        raises: BadInput, NotFound.
        """
        if errand not in errands.DOES:
            raise BadInput(f"errand must be one of {', '.join(errands.DOES)}.", fields=["errand"])
        whose, now = await self.require(organisation), self.clock.now()
        return await asyncio.to_thread(errands.ask, self.database, (whose, organisation), errand, actor=actor, at=now)

    async def errand(self, organisation: str, name: str) -> dict[str, Any] | None:
        """The errand of this name that was asked for last: when, by whom, how far it is and what came of it."""
        whose = await self.require(organisation)
        return await asyncio.to_thread(errands.last, self.database, whose, name)

    async def carry_out_errands(self) -> int:
        """Do all long work that was asked for and that nobody is at; answers how many. A worker does this."""
        return await asyncio.to_thread(errands.carry_out, self.database, self.rules, self.clock.now)

    async def reckon(self, at: datetime | None = None) -> None:
        """Sum up the days that are over and work out what takes long, of everybody; each night's work."""
        instant = self.instant(at)
        few = self.settings[AT_ONCE]
        await asyncio.to_thread(weighing.nightly, self.database, self.rules, instant, few=few, tell=lambda _: None)

    def _when(self, hours: int) -> When:
        limits.whole(hours, "hours", 1, LONGEST)
        until = self.clock.now()
        return When(until - timedelta(hours=hours), until, "hour" if hours <= BY_THE_HOUR else "day")

    async def _weigher(self, organisation: str) -> weighing.Weighing:
        named(organisation)
        whose, few = await self.require(organisation), self.settings[AT_ONCE]
        return weighing.Weighing(self.database, self.rules, whose, self.clock.now(), few)


# Each has bits of its own in the ledger.
RAILS_OF = {"of_person": RAILS, "of_session": LIVE_RAILS, "of_here": HERE_RAILS}
HERE = (inline_help.INLINE, inline_help.FORESEEN)


def _rails(about: str, kind: str) -> list[str]:
    whose = "of_session" if about == "session" else "of_here" if kind in HERE else "of_person"
    return [rail.name for rail in RAILS_OF[whose]]


def _masks(rail: str) -> dict[str, Any]:
    return {name: _mask(rail, rails) for name, rails in RAILS_OF.items()} | {"here": HERE}


def _mask(rail: str, rails: Any) -> int:
    return sum(1 << number for number, each in enumerate(rails) if each.name == rail)


def _considered(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("about", "kind", "candidates")} | {"allowed": row["alone"]}


def _named(row: dict[str, Any]) -> dict[str, Any]:
    names = _rails(row["about"], row["kind"])
    # A guard rail that is no longer there keeps its number.
    rail = names[row["bit"]] if row["bit"] < len(names) else f"number {row['bit'] + 1}"
    return {name: value for name, value in row.items() if name != "bit"} | {"rail": rail}


def _against(row: dict[str, Any], kind: str, bits: int) -> list[str]:
    names = _rails("session" if row["person"] is None else "person", kind)
    return [name for number, name in enumerate(names) if bits >> number & 1]
