"""Polls of live rooms: opened by hand, voted on, looked at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.rooming import REST, Asked, Rooming, page, titled
from tactful.bootstrap.running import named
from tactful.kernel.errors import NotFound, TactfulError
from tactful.sense import limits, said
from tactful.sense.group import GroupCommit
from tactful.sense.settings import PARTICIPANT_RATE, POLL_RESULTS
from tactful.store.sensed import polls as kept
from tactful.store.sensed import votes
from tactful.store.steps import Steps, run_async
from tactful.uses.rooms.acts import OPENED


class Polling(Rooming):
    """Polls and votes."""

    def groups(self) -> Iterable[GroupCommit[Any, Any]]:
        """What is written and read in groups."""
        self.voting: GroupCommit[votes.Vote, votes.Result] = self._group(self._count_votes)
        self.polling: GroupCommit[Asked, Any] = self._group(self._read_polls, writers=1, rest=REST)
        self.owning: GroupCommit[tuple[str, str], Any] = self._group(self._read_own)
        return (*super().groups(), self.owning, self.polling, self.voting)

    async def open_poll(
        self,
        organisation: str,
        session_id: str,
        *,
        question: str,
        type: str = "multiple_choice",
        options: Sequence[str] = (),
        duration: float = 60,
        results: str | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Open a poll by hand, in a session that runs; its audience hears of it at once.

        type: multiple_choice, rating or open_ended. duration: how long it is open [s]. results: when voters see them,
        voted, closed or always; `live.poll_results` when left out.

        raises: BadInput naming the field; NotFound; Conflict unless the session runs.
        """
        if results is None:
            results = await self._setting(organisation, POLL_RESULTS)
        fit = said.poll(question, type, options, duration, results)
        told = kept.NewPoll(question.strip(), type, fit, duration, results)
        opening = kept.open_poll(organisation, session_id, told, now=self.clock.now())
        poll = await self._of_room(organisation, session_id, opening, actor=actor, act="open poll")
        await self.rooms.tell(poll["live_session_id"], "poll_opened", opened(poll))
        return self._shown({**poll, "votes": 0, "counts": [0] * len(fit), "answers": []}, None, everything=True)

    async def close_poll(
        self, organisation: str, session_id: str, poll_id: str, *, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Close a poll before its time: no vote counts from now on. Twice is once. raises: BadInput, NotFound."""
        closing = kept.close_poll(organisation, session_id, said.number(poll_id), now=self.clock.now())
        poll = await self._of_room(organisation, session_id, closing, actor=actor, act="close poll")
        told = self._shown(poll, None, everything=True)
        await self.rooms.tell(poll["live_session_id"], "poll_closed", results(poll))
        return told

    async def polls(
        self,
        organisation: str,
        session_id: str,
        *,
        participant: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """Polls of a session, newest first. participant: as this one sees them; with all results when left out.

        raises: BadInput naming the field; NotFound.
        """
        page(limit, offset)

        def reading() -> Steps[list[dict[str, Any]]]:
            session = yield from kept.room(organisation, session_id)
            return (yield from kept.several(session, limit=limit, offset=offset))

        found = await self._of_room(organisation, session_id, reading())
        if participant is None:
            return [self._shown(poll, None, everything=True) for poll in found]
        own = await self.own_votes([poll["poll_id"] for poll in found], participant)
        return [self._shown(poll, vote, everything=False) for poll, vote in zip(found, own, strict=True)]

    async def poll(
        self, organisation: str, session_id: str, poll_id: str, *, participant: str | None = None
    ) -> dict[str, Any]:
        """One poll, as `polls` tells it. raises: BadInput, NotFound."""
        named(organisation, participant)
        limits.name(session_id, "session_id")
        (found,) = await self.polling.submit([(organisation, session_id, said.number(poll_id))])
        if isinstance(found, TactfulError):
            raise found
        if participant is None:
            return self._shown(found, None, everything=True)
        (own,) = await self.owning.submit([(found["poll_id"], participant)])
        return self._shown(found, own, everything=False)

    async def vote(
        self,
        organisation: str,
        session_id: str,
        poll_id: str,
        participant: str,
        *,
        choice: int | None = None,
        words: str | None = None,
    ) -> dict[str, Any]:
        """Vote, or vote otherwise; answered after the commit. Every participant has one vote, changeable until the end.

        choice: which option, counted from 0; words: where the poll asks for them.

        Answers poll_id, choice, words, first (they had not voted), changed (the vote was another one) and achievements.
        raises: BadInput naming the field; NotFound; Conflict once the poll is over, by the engine's clock.
        """
        named(organisation, participant)
        limits.name(session_id, "session_id")
        choice, words = said.vote(choice, words)
        told = votes.Vote(organisation, session_id, said.number(poll_id), participant, choice, words)
        (result,) = await self.voting.submit([told])
        if isinstance(result, TactfulError):
            raise result
        earned = titled(result.achievements)
        told_back = {"poll_id": told.poll, "choice": choice, "words": words}
        return told_back | {"first": result.first, "changed": result.changed, "achievements": earned}

    def _shown(self, poll: Mapping[str, Any], own: Mapping[str, Any] | None, *, everything: bool) -> dict[str, Any]:
        """A poll as somebody may see it. everything: they run the room."""
        is_open = poll["closed_at"] is None and poll["closes_at"] > self.clock.now()
        may = everything or seen(poll["results"], is_open=is_open, voted=own is not None)
        told = {name: value for name, value in poll.items() if name != "live_session_id"}
        told |= {"open": is_open, "own": None if own is None else dict(own)}
        told["counts"] = poll["counts"] if may else None
        # Words of others, which nobody has looked at, are for those who run the room.
        told["answers"] = poll["answers"] if everything else None
        return told

    async def look_at_rooms(self, sessions: Sequence[int], known: Sequence[str], *, since: datetime) -> kept.Look:
        """Live sessions (our numbers) as they stand; ends their polls that are over. See `store.sensed.polls.look`."""
        async with self.database.service() as connection:
            return await run_async(connection, kept.look(sessions, known, now=self.clock.now(), since=since))

    async def own_votes(self, polls: Sequence[str], participant: str) -> list[dict[str, Any] | None]:
        """What a participant voted on each of these polls: choice and words, or None."""
        return list(await self.owning.submit([(poll, participant) for poll in polls]))

    async def _count_votes(self, rows: Sequence[votes.Vote]) -> Sequence[votes.Result]:
        counting = votes.count_votes(rows, now=self.clock.now(), most=self.settings[PARTICIPANT_RATE])
        return await self._written(counting, len(rows))  # type: ignore[no-any-return]

    async def _read_polls(self, rows: Sequence[Asked]) -> Sequence[Any]:
        async with self.database.service() as connection:
            found = await run_async(connection, kept.named(rows))
        return [found.get(row) or NotFound(f"There is no poll {row[2]} in the live session {row[1]}.") for row in rows]

    async def _read_own(self, rows: Sequence[tuple[str, str]]) -> Sequence[Any]:
        async with self.database.service() as connection:
            found = await run_async(connection, kept.own_votes(rows))
        return [found.get(row) for row in rows]


def seen(when: str, *, is_open: bool, voted: bool) -> bool:
    """Whether somebody who takes part sees results. when: the poll's `results`.

    >>> seen("voted", is_open=True, voted=False), seen("closed", is_open=False, voted=False)
    (False, True)
    """
    return when == "always" or not is_open or (when == "voted" and voted)


def opened(poll: Mapping[str, Any]) -> dict[str, Any]:
    """A poll as its audience hears of it when it opens."""
    seconds = round((poll["closes_at"] - poll["opened_at"]).total_seconds())
    return {name: seconds if name == "duration" else poll[name] for name in OPENED}


def results(poll: Mapping[str, Any]) -> dict[str, Any]:
    """Results of a poll as a room hears of them."""
    return {name: poll[name] for name in ("poll_id", "votes", "counts")}
