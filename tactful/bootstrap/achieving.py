"""What people reached, and which milestones there are."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.store.database import Connection
from tactful.uses import governing, milestones, setting_up
from tactful.uses.setting_up import Doing

T = TypeVar("T")


class Achieving(Running):
    """Milestones."""

    async def milestones(self, organisation: str, person: str) -> dict[str, Any]:
        """What somebody reached and is on the way to, their points, level and streak; they are looked at first.

        Of somebody nobody knows: nothing yet. raises: BadInput.
        """
        named(organisation, person)
        whom, now = (organisation, person), self.clock.now()
        return await asyncio.to_thread(milestones.of, self.database, self.rules, whom, now)

    async def milestone_definitions(self, organisation: str) -> list[dict[str, Any]]:
        """Every milestone of the organisation: those that everybody has, as they hold for it, then its own.

        source: default, changed or own. raises: BadInput, NotFound.
        """
        return await self._within(organisation, IN_PROCESS, setting_up.listed)

    async def milestone_statistics(self, organisation: str) -> dict[str, Any]:
        """active_milestones, people, and of each milestone how many reached it and the median of days it took them.

        raises: BadInput, NotFound.
        """
        return await self._within(organisation, IN_PROCESS, setting_up.statistics)

    async def preview_milestone(self, organisation: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """How many people have a milestone already that is not there yet; nothing is written.

        told: as for `add_milestone`, or a milestone_name that is there and what would be otherwise.
        raises: BadInput naming the field, NotFound.
        """
        return await self._within(organisation, IN_PROCESS, lambda doing: setting_up.preview(doing, told))

    async def add_milestone(
        self, organisation: str, told: Mapping[str, Any], *, celebrate_earlier: bool = False, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Add a milestone: `sense.milestones.new` says what it takes. It is there at once.

        celebrate_earlier: whether those who have it already are told; otherwise they have it in silence. How many they
        are is `earlier` in the answer. raises: BadInput naming the field; NotFound; Conflict where there is one of
        that name, or too many.
        """
        return await self._within(organisation, actor, lambda doing: setting_up.add(doing, told, celebrate_earlier))

    async def change_milestone(
        self,
        organisation: str,
        name: str,
        told: Mapping[str, Any],
        *,
        celebrate_earlier: bool = False,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Change a milestone, one of those that everybody has or one of the organisation's own; for it alone.

        What was reached stays reached. raises: BadInput naming the field; NotFound; Conflict where too many are.
        """
        return await self._within(
            organisation, actor, lambda doing: setting_up.change(doing, name, told, celebrate_earlier)
        )

    async def remove_milestone(self, organisation: str, name: str, *, actor: str = IN_PROCESS) -> dict[str, Any]:
        """Remove one of the organisation's own, or have one that it changed be as everybody has it.

        What was reached stays reached. raises: BadInput; NotFound; Conflict for one that everybody has as it is:
        switch it off instead.
        """
        return await self._within(organisation, actor, lambda doing: setting_up.remove(doing, name))

    async def _within(self, organisation: str, actor: str, work: Callable[[Doing], T]) -> T:
        named(organisation)
        now = self.clock.now()

        def carry_out() -> T:
            with self.database.batch() as connection:
                return work(self._doing(connection, organisation, actor, now))

        return await asyncio.to_thread(carry_out)

    def _doing(self, connection: Connection, organisation: str, actor: str, now: Any) -> Doing:
        rules = governing.governing(connection, self.rules, names=[organisation])
        return Doing(connection, organisation, milestones.wishes(rules), actor, now)
