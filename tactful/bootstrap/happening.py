"""What happens in an organisation's live sessions just now, for those who look on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.bootstrap.running import Running
from tactful.kernel.errors import BadInput, NotFound
from tactful.sense import limits
from tactful.store.decided import happening
from tactful.store.sensed import attending

# Sessions of one answer, and things that happened.
MOST_SESSIONS, MOST_CHANGES = 200, 500
MOST_PEOPLE, MOST_HANDS = 10_001, 20
# For so long something noticed says how a session stands.
LATELY = timedelta(minutes=5)
# For so long a hand counts as raised.
RAISED = timedelta(minutes=10)


class Happening(Running):
    """Live sessions as they run."""

    async def happening(
        self, organisation: str, *, since: datetime, limit: int = MOST_CHANGES, kinds: Sequence[str] = happening.KINDS
    ) -> dict[str, Any]:
        """Everything that runs, and what happened or changed since then.

        Answers at (when it was looked at), total (how many sessions run), sessions (of which the least engaged
        MOST_SESSIONS are told, least first) and changes (latest first; see `store.decided.happening`).

        raises: BadInput naming the field; NotFound for the organisation.
        """
        limits.whole(limit, "limit", 1, MOST_CHANGES)
        at = self.clock.now()
        async with self._office(organisation) as connection:
            sessions = await happening.sessions(connection, lately=at - LATELY, limit=MOST_SESSIONS)
            total = len(sessions) if len(sessions) < MOST_SESSIONS else await happening.count(connection)
            changed = await happening.changes(connection, since=since, at=at, limit=limit, kinds=kinds)
        return {"at": at, "total": total, "sessions": sessions, "changes": changed}

    async def heard_lately(
        self, organisation: str, sessions: Sequence[str], *, since: datetime
    ) -> list[dict[str, Any]]:
        """How engaged these running sessions were since then, by stretches of ten seconds, oldest first.

        session_id, at (the end of the stretch), engagement (0..1, None where unknown) and viewers. raises: BadInput;
        NotFound for the organisation.
        """
        async with self._office(organisation) as connection:
            return await happening.heard(connection, sessions[:MOST_SESSIONS], since=since)

    async def still_known(self, members: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """Those of (organisation, live session, participant) who are known there; who was erased meanwhile is not."""
        if not members:
            return []
        async with self.database.service() as connection:
            known = await attending.known(connection, members)
        return [each for place, each in enumerate(members) if place in known]

    async def attending(
        self, organisation: str, session_id: str, *, order: str = "-last_at", limit: int = 50, offset: int = 0
    ) -> dict[str, Any]:
        """Who is or was in a live session under a name: total, people (those who are there first), hands.

        order: participant, first_at, last_at, chats, reactions, votes, questions or hands; `-` before it: largest
        first. hands: who raised one in the last RAISED, the latest first.

        raises: BadInput naming the field; NotFound.
        """
        limits.name(session_id, "session_id")
        limits.whole(limit, "limit", 1, MOST_PEOPLE)
        limits.whole(offset, "offset", 0, limits.LARGEST_COUNT)
        if order.removeprefix("-") not in attending.ORDERS:
            raise BadInput(f"order must be one of {', '.join(attending.ORDERS)}.", fields=["order"])
        async with self._office(organisation) as connection:
            number = await attending.number(connection, session_id)
            if number is None:
                raise NotFound(f"There is no live session {session_id}.", fields=["session_id"])
            total, people = await attending.people(connection, number, order=order, limit=limit, offset=offset)
            since = self.clock.now() - RAISED
            hands = await attending.hands(connection, number, since=since, limit=MOST_HANDS)
        return {"total": total, "people": people, "hands": hands}
