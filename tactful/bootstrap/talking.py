"""What people say to us, and who needs us because of it."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.facts.interactions import Interaction
from tactful.sense import interactions as incoming
from tactful.sense.group import GroupCommit
from tactful.store.sensed.interactions import Answer
from tactful.uses import talking


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

    def groups(self) -> Iterable[GroupCommit[Any, Any]]:
        """What is said is written in groups, like events."""
        self._talking = talking.Talking(self.database, self.settings)
        self.talks: GroupCommit[talking.Row, Answer] = self._group(self._write_talks)
        return (*super().groups(), self.talks)

    async def _write_talks(self, rows: Sequence[talking.Row]) -> Sequence[Answer]:
        # Reading words keeps Python busy, in which an event loop would answer nobody.
        return await asyncio.to_thread(self._talking.write, rows, self.clock.now())
