"""Before somebody starts, and after: whether they will struggle, what they chose of the help, what came of it."""

from collections.abc import Sequence
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.decide.helping import ACTIONS, REVIEW
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.sense import asked as incoming
from tactful.sense import limits
from tactful.store.database import Identity
from tactful.store.decided import struggles
from tactful.store.decided.struggles import Asked

CHOICES = tuple(kind for kind, _ in ACTIONS)


class Struggling(Running):
    """Struggle: asked, helped, recorded."""

    async def struggle(
        self,
        organisation: str,
        person: str,
        content_id: str,
        *,
        kind: str | None = None,
        difficulty: float | None = None,
        prerequisites: Sequence[str] = (),
        similar: Sequence[str] = (),
        path: str = "",
    ) -> dict[str, Any]:
        """Whether somebody will struggle with what they are about to start, as of now; kept as a prediction.

        kind, difficulty (0 easy to 1 hard), prerequisites and similar: see `struggles.Asked`; what is left out is as
        the organisation described it. struggle_probability is None where nothing is known. path: stands before the
        names of fields in errors, with a dot.

        raises: BadInput naming the field, also where a prerequisite would have to come after the content itself.
        """
        named(organisation, person)
        one = Asked(organisation, person, content_id, kind, difficulty, prerequisites, similar)
        incoming.content(one, path)
        (told,) = await self.struggling.submit([one])
        if isinstance(told, BadInput):
            raise BadInput(told.detail, fields=[f"{path}{field}" for field in told.fields])
        if isinstance(told, Conflict):
            raise told
        return told

    async def record_struggle(
        self,
        organisation: str,
        person: str,
        content_id: str,
        *,
        struggled: bool,
        completion_time_seconds: float | None = None,
        gave_up: bool = False,
    ) -> dict[str, Any]:
        """Say what came of somebody's latest prediction about this content. What was said first stands.

        Answers the outcome that counts, with `repeated` where there was one. What an attempt told by itself is
        corrected by what is said here. raises: BadInput naming the field; NotFound where there is no prediction.
        """
        named(organisation, person)
        incoming.outcome(content_id, struggled, completion_time_seconds, gave_up)
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            row = await struggles.record(
                connection,
                content_id,
                struggled=struggled,
                seconds=completion_time_seconds,
                gave_up=gave_up,
                at=self.clock.now(),
            )
            if row is None and not await struggles.somebody(connection):
                raise NotFound(fields=["user_id"])
        if row is None:
            raise NotFound("There is no prediction about this content for this person.", fields=["content_id"])
        return row

    async def answer_help(self, organisation: str, person: str, prediction_id: int, action: str) -> dict[str, Any]:
        """Note what somebody chose of the help they were offered; the first choice stands.

        action: review_prerequisites takes the help, continue_anyway does not. Answers the choice that counts, with
        `repeated` where there was one. raises: BadInput naming the field; NotFound where there is no such prediction
        of theirs; Conflict where no help was offered with it.
        """
        named(organisation, person)
        limits.whole(prediction_id, "prediction_id", 1, limits.LARGEST_ID)
        if action not in CHOICES:
            raise BadInput(f"action: {action} is none; known are {', '.join(CHOICES)}.", fields=["action"])
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            row = await struggles.choose(
                connection, prediction_id, action, accepted=action == REVIEW, at=self.clock.now()
            )
            if row is None and not await struggles.somebody(connection):
                raise NotFound(fields=["user_id"])
        if row is None:
            raise NotFound("There is no such prediction for this person.", fields=["prediction_id"])
        if not row["intervention_offered"]:
            raise Conflict("No help was offered with this prediction, so there is nothing to choose.")
        return row
