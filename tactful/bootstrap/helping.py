"""Help where somebody is: whether to show it, and what they answered."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.decide.helping import CONTINUE, REVIEW
from tactful.facts.here import Asked
from tactful.kernel.errors import BadInput, NotFound
from tactful.sense import asked as incoming
from tactful.sense import limits
from tactful.sense.group import GroupCommit
from tactful.store.database import Identity
from tactful.store.decided import helps, struggles
from tactful.uses import helping

ACCEPTED, DISMISSED = ANSWERS = ("accepted", "dismissed")


class Helping(Running):
    """Inline help: checked, answered."""

    def groups(self) -> Iterable[GroupCommit[Any, Any]]:
        """What is decided in groups."""
        self.helping: GroupCommit[Asked, dict[str, Any]] = self._group(self._check_helps, writers=1)
        return (*super().groups(), self.helping)

    async def check_help(
        self, organisation: str, person: str, asked: Asked, *, checked: bool = False
    ) -> dict[str, Any]:
        """Whether to help somebody where they are, as of now, and what to say; shown help counts as shown.

        asked: its organisation and person are those named here. Answers should_show, help_id, help_type, help_message,
        title, action, decision_id and reason: why it is shown, or why nothing is. checked: the way in has held what
        the page told to what can be.

        raises: BadInput naming the field.
        """
        if not checked:
            named(organisation, person)
            incoming.behaviour(asked)
        (told,) = await self.helping.submit([asked])
        return told

    async def answer_inline_help(self, organisation: str, person: str, help_id: int, response: str) -> dict[str, Any]:
        """Record what somebody did with help they were shown; the first answer stands.

        response: accepted or dismissed. Help that was foreseen is answered with its belief, too. Answers the answer
        that counts, with `repeated` where there was one. raises: BadInput naming the field; NotFound.
        """
        named(organisation, person)
        limits.whole(help_id, "help_id", 1, limits.LARGEST_ID)
        if response not in ANSWERS:
            told = f"user_response: {response} is none; known are {', '.join(ANSWERS)}."
            raise BadInput(told, fields=["user_response"])
        at = self.clock.now()
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            row = await helps.answer(connection, help_id, response, at=at)
            if row is not None and row["prediction_id"] is not None and not row.get("repeated"):
                taken = response == ACCEPTED
                action = REVIEW if taken else CONTINUE
                await struggles.choose(connection, row["prediction_id"], action, accepted=taken, at=at)
        if row is None:
            raise NotFound("There is no such help for this person.", fields=["help_id"])
        return row

    async def _check_helps(self, asked: Sequence[Asked]) -> Sequence[dict[str, Any]]:
        return await asyncio.to_thread(helping.check, self.database, self.rules, asked, self.clock.now())
