"""What those see who look after people: who needs them, one person's story, and what would be decided."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput, NotFound
from tactful.predict import dropout
from tactful.sense import limits
from tactful.store.database import Identity
from tactful.store.overseen import around, finding, roster, timeline
from tactful.store.overseen import person as described
from tactful.store.overseen.chapters import TOPICS
from tactful.store.overseen.roster import Wanted
from tactful.store.overseen.timeline import Mark
from tactful.uses import previewing, regressions
from tactful.uses.previewing import Preview

MOST_FOUND, MOST_GROUPS = 2_000, 500
# What a curve of forgetting is drawn from: as many points, from so long before now until so long after it.
POINTS, BEHIND, AHEAD = 61, timedelta(days=30), timedelta(days=30)
ENTRIES = 500


class Overseeing(Running):
    """People as operators see them."""

    async def roster(self, organisation: str, wanted: Wanted, *, find: str = "") -> list[dict[str, Any]]:
        """A page of people, each with their risk as it was last worked out, why now and what was tried.

        wanted: which, in which order, and after whom; find: only those whose id or name has words that begin so.
        Each row has `reasons` in words, and `level` and `value` to go on after. raises: BadInput naming the field.
        """
        named(organisation)
        limits.text(find, "find")
        if find:
            found = await self.find_people(organisation, find, limit=MOST_FOUND)
            wanted = replace(wanted, people=tuple(row["id"] for row in found))
        async with self.database.acting_as(Identity(organisation)) as connection:
            page = await roster.page(connection, wanted)
            rows = await around.people(connection, [row["id"] for row in page], self.clock.now())
        places = {row["id"]: row for row in page}
        return [
            {
                **row,
                "risk_level": row["risk_level"] or roster.UNKNOWN,
                "level": places[row["id"]]["level"],
                "value": places[row["id"]]["value"],
                "reasons": _why(row),
            }
            for row in roster.in_order([row["id"] for row in page], rows)
        ]

    async def levels(self, organisation: str, *, group: int | None = None) -> dict[str, int]:
        """How many people are at each level of risk: critical, high, medium, low, unknown. group: by our number.

        raises: BadInput, NotFound.
        """
        async with self._office(organisation) as connection:
            return await roster.totals(connection, group)

    async def group_names(self, organisation: str) -> list[dict[str, Any]]:
        """id (our number), external_id and name of the organisation's groups, by name; 500 at most."""
        async with self._office(organisation) as connection:
            return await roster.groups(connection, MOST_GROUPS)

    async def find_people(self, organisation: str, text: str, *, limit: int = 20) -> list[dict[str, Any]]:
        """id, external_id and name of people in whose id and name words begin like those of `text`; exact ids first.

        raises: BadInput naming the field.
        """
        named(organisation)
        limits.text(text, "find")
        async with self.database.service() as connection:
            return await finding.find(connection, organisation, text.strip(), most=limit)

    async def known(self, organisation: str, names: Collection[str]) -> set[str]:
        """Those of the names that are ids of people of the organisation. raises: BadInput, NotFound."""
        async with self._office(organisation) as connection:
            return await finding.known(connection, list(names))

    async def about(self, organisation: str, person: str) -> dict[str, Any]:
        """One person: who they are, what waits for them, their open alerts, what was said of them, their hours.

        raises: BadInput, NotFound.
        """
        named(organisation, person)
        async with self._office(organisation) as connection:
            row = await described.read(connection, person, self.clock.now())
            if row is None:
                raise NotFound(f"There is nobody with the id {person} in {organisation}.")
            (known,) = await around.people(connection, [row["id"]], self.clock.now())
        return {**known, **row, "reasons": _why(known)}

    async def timeline(
        self, organisation: str, person: str, *, topics: Sequence[str] = (), after: Mark | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """What happened with one person, newest first: kind, at, key and body of each entry.

        topics: only these of `TOPICS`; after: an entry to go on after, else the latest of now. raises: BadInput,
        NotFound.
        """
        named(organisation, person)
        strange = [topic for topic in topics if topic not in TOPICS]
        if strange:
            raise BadInput(f"topic: {strange[0]} is none; known are {', '.join(TOPICS)}.", fields=["topic"])
        limits.whole(limit, "limit", 1, limits.LARGEST_COUNT)
        now = self.clock.now()
        async with self._office(organisation) as connection:
            row = await finding.exact(connection, person)
            if row is None:
                raise NotFound(f"There is nobody with the id {person} in {organisation}.")
            return await timeline.read(
                connection, row["id"], mark=after or Mark(now), now=now, limit=limit, topics=topics
            )

    async def preview(self, organisation: str, person: str, at: datetime) -> Preview | None:
        """What would be decided about a person at an instant ahead, if nothing happened until then; nothing is sent.

        None where nothing was ever heard of them. raises: BadInput naming the field; NotFound.
        """
        named(organisation, person)
        now = self.clock.now()
        at = self.instant(at, ahead=previewing.AHEAD)
        if at < now - timedelta(minutes=1):
            raise BadInput("at lies in the past; the time line tells what was decided then.", fields=["at"])
        rules = await self.governed(organisation)
        return await asyncio.to_thread(previewing.preview, self.database, rules, (organisation, person), at)

    async def next_best_action(self, organisation: str, person: str) -> dict[str, Any]:
        """What would be decided about a person now, and all that could be done, best first; nothing is sent.

        next_best_action (a kind, or nothing), result, due_at, propensity, policy, reasons, actions (see
        `decide.ranking.ranked`) and not_considered. It is the decision a tick would take at this instant, by the same
        rules. raises: BadInput, NotFound.
        """
        at = self.clock.now()
        told = await self.preview(organisation, person, at)
        return previewing.best(told, at=at, policy=self.rules.policy_name)

    async def remembering(self, organisation: str, person: str) -> dict[str, Any]:
        """How a person's skills fade: `instants`, and for each skill its chances [0..1] to be remembered at them.

        curves: by skill, None before it was last practised; peaks: how well each sat at its best; names: of those that
        have one. From 30 days ago to
        30 days ahead, as believed now, had they not practised since. raises: BadInput, NotFound.
        """
        named(organisation, person)
        now = self.clock.now()
        step = (BEHIND + AHEAD) / (POINTS - 1)
        instants = [now - BEHIND + number * step for number in range(POINTS)]
        known = (self.database, self.settings, (organisation, person), now, instants)
        curves, peaks = await asyncio.to_thread(regressions.remembering, *known)
        async with self._office(organisation) as connection:
            names = await described.skills(connection, list(curves))
        return {"instants": instants, "curves": curves, "peaks": peaks, "names": names}


def _why(row: dict[str, Any]) -> list[str]:
    level = row["risk_level"]
    return [] if level is None else dropout.why(level, row["risk_factors"], row)
