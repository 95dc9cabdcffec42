"""What people say to us, and who needs us because of it."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.facts.interactions import Interaction
from tactful.sense import interactions as incoming
from tactful.sense import limits
from tactful.sense.group import GroupCommit
from tactful.store.sensed.interactions import Answer
from tactful.uses import patterns, talking

MOST_LISTED = 500


class Talking(Running):
    """Interactions."""

    async def interact(
        self, organisation: str, told: Sequence[Interaction], *, paths: Sequence[str] | None = None
    ) -> Sequence[Answer]:
        """Record what people said, and answer what is told of each message; after the commit.

        Each is an event as well (kind `message`), so days, sessions and streaks count it; send none besides. An id
        counts once among a person's, and is answered as it was the first time. paths: how errors call each, with a dot
        behind; `interactions.0.` and so on when left out.

        The answer's `fresh` is None where it is about somebody who was erased; nothing of it is stored.

        raises: BadInput naming the first field that does not fit; then none is taken.
        """
        named(organisation)
        paths = [f"interactions.{number}." for number in range(len(told))] if paths is None else paths
        fit = incoming.batch(told, paths, now=self.clock.now())
        return await self.talks.submit([(organisation, each) for each in fit])

    async def people_needing_engagement(self, organisation: str, *, limit: int = 20) -> list[dict[str, Any]]:
        """Who needs us most: a risk of leaving that is sure enough, or a low mood; the most first.

        Each row has external_id, display_name, need (0..1), churn_risk_score and what else their pattern says, and
        next_best_action (type, message, action, reasons). As of the last pass (`patterns`) and their last message.

        raises: BadInput naming the field; NotFound for the organisation.
        """
        limits.whole(limit, "limit", 1, MOST_LISTED)
        whose = await self.require(organisation)
        return await asyncio.to_thread(
            patterns.needing, self.database, self.settings, whose, self.clock.now(), limit=limit
        )

    async def pattern(self, organisation: str, person: str) -> dict[str, Any] | None:
        """What is known of how somebody is: a row as above without advice, and `course`, their mood day by day
        for 60 days (at, mood). None where nothing is known. mood_forecast: how their mood is expected to go on in the
        next 14 days (forecast, and the chances lower, steady, higher), with reasons and version. raises: BadInput.
        """
        named(organisation, person)
        return await asyncio.to_thread(
            patterns.of, self.database, self.settings, (organisation, person), self.clock.now()
        )

    def groups(self) -> Iterable[GroupCommit[Any, Any]]:
        """What is said is written in groups, like events."""
        self._talking = talking.Talking(self.database, self.settings)
        self.talks: GroupCommit[talking.Row, Answer] = self._group(self._write_talks)
        return (*super().groups(), self.talks)

    async def _write_talks(self, rows: Sequence[talking.Row]) -> Sequence[Answer]:
        # Reading words keeps Python busy, in which an event loop would answer nobody.
        return await asyncio.to_thread(self._talking.write, rows, self.clock.now())
