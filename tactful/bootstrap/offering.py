"""Quick actions: listed for whoever opens the palette, and counted when chosen."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.decide.settings import CONSENT_DEFAULT
from tactful.facts.quick import Asked, Used
from tactful.sense import limits
from tactful.sense import quick as incoming
from tactful.sense.group import GroupCommit
from tactful.store.sensed import quick as counted
from tactful.uses import offering


class Offering(Running):
    """Quick actions: listed, chosen."""

    def groups(self) -> Iterable[GroupCommit[Any, Any]]:
        """What is read and written in groups."""
        self.offering: GroupCommit[Asked, list[dict[str, Any]]] = self._group(self._list_actions, writers=1)
        self.choosing: GroupCommit[Used, bool | None] = self._group(self._count_choices, writers=1)
        return (*super().groups(), self.offering, self.choosing)

    async def quick_actions(self, asked: Asked) -> list[dict[str, Any]]:
        """Every action for somebody, best first: id, label, description, kind, url, action, target, keywords, reason.

        Nothing is written, and people nobody knows stay unknown. raises: BadInput naming the field.
        """
        named(asked.organisation, asked.person)
        incoming.asked(asked)
        (told,) = await self.offering.submit([asked])
        return told

    async def use_quick_action(self, used: Used) -> bool | None:
        """Count that somebody chose an action; False if its id was counted before, None if they were erased.

        raises: BadInput naming the field.
        """
        named(used.organisation, used.person)
        limits.name(used.action_id, "action_id")
        limits.name(used.page, "current_page")
        if used.id is not None:
            limits.name(used.id, "id")
        (fresh,) = await self.choosing.submit([used])
        return fresh

    async def _list_actions(self, asked: Sequence[Asked]) -> Sequence[list[dict[str, Any]]]:
        at = self.clock.now()
        return await asyncio.to_thread(offering.propose, self.database, self.rules, self.settings, asked, at)

    async def _count_choices(self, used: Sequence[Used]) -> Sequence[bool | None]:
        counting = counted.count(used, consent_default=self.settings[CONSENT_DEFAULT], now=self.clock.now())
        fresh: list[bool | None] = await self._written(counting, len(used))
        return fresh
