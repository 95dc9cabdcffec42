"""Live rooms: what every topic about their audiences stands on."""

from collections.abc import Iterable
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.sense import limits
from tactful.sense.group import GroupCommit
from tactful.store.running import audit
from tactful.store.running.rooms import Rooms
from tactful.store.sensed import polls
from tactful.store.sensed.achievements import ACHIEVEMENTS
from tactful.store.steps import Steps, run_async

# Rows of one answer.
MOST_ROWS = 200
# Reading what all of a room looks at costs as much for one of them as for all: so long nothing is read after it, as a
# multiple of what that took.
REST = 1.0

# An organisation, its live session, and a poll of it or a participant.
Asked = tuple[str, str, str]


class Rooming(Running):
    """Live rooms."""

    def groups(self) -> Iterable[GroupCommit[Any, Any]]:
        """What is written and read in groups."""
        self.rooms = Rooms(self.valkey)
        return super().groups()

    async def room(self, organisation: str, session_id: str) -> dict[str, Any]:
        """A live session: id (our number), organisation_id, session_id, event_id, state. raises: BadInput, NotFound."""
        return dict(await self._of_room(organisation, session_id, polls.room(organisation, session_id)))

    async def _of_room(
        self, organisation: str, session_id: str, steps: Steps[Any], *, actor: str = "", act: str = ""
    ) -> Any:
        """What steps about a live session answer, in a transaction of their own. act: noted in the audit log."""
        named(organisation)
        limits.name(session_id, "session_id")
        async with self.database.service() as connection:
            answer = await run_async(connection, steps)
            if act:
                detail = {"session": session_id}
                await audit.write(connection, organisation=organisation, actor=actor, act=act, detail=detail)
        return answer


def titled(names: Iterable[str]) -> list[dict[str, str]]:
    """Achievements with their titles."""
    return [{"name": name, "title": ACHIEVEMENTS[name].title} for name in names]


def page(limit: int, offset: int) -> None:
    """A part of a list that can be. raises: BadInput."""
    limits.whole(limit, "limit", 1, MOST_ROWS)
    limits.whole(offset, "offset", 0, limits.LARGEST_COUNT)
