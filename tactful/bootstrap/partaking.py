"""Questions of live audiences, who wants them answered, and who takes part most."""

from collections.abc import Iterable, Sequence
from typing import Any

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.rooming import REST, Asked, Rooming, page, titled
from tactful.bootstrap.running import named
from tactful.kernel.errors import NotFound, TactfulError
from tactful.sense import limits, said
from tactful.sense.group import GroupCommit
from tactful.sense.settings import PARTICIPANT_RATE
from tactful.store.sensed import achievements as achieved
from tactful.store.sensed import leaderboard as points
from tactful.store.sensed import polls, sides
from tactful.store.sensed import questions as asked
from tactful.store.steps import Steps, run_async

# First places of a leaderboard.
MOST_PLACES = 100


class Partaking(Rooming):
    """Questions, achievements and the leaderboard."""

    def groups(self) -> Iterable[GroupCommit[Any, Any]]:
        """What is written and read in groups."""
        self.questioning: GroupCommit[asked.Question, Any] = self._group(self._ask_questions, writers=1)
        self.siding: GroupCommit[sides.Want, Any] = self._group(self._take_sides, writers=1)
        self.placing: GroupCommit[Asked, Any] = self._group(self._read_boards, writers=1, rest=REST)
        return (*super().groups(), self.placing, self.siding, self.questioning)

    async def questions(
        self,
        organisation: str,
        session_id: str,
        *,
        participant: str | None = None,
        hidden: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """Questions of a session: those that wait first, by votes. participant: whose `wanted` and `mine` are told.

        hidden: those too that an organiser took out of sight. raises: BadInput naming the field; NotFound.
        """
        page(limit, offset)

        def reading() -> Steps[list[dict[str, Any]]]:
            session = yield from polls.room(organisation, session_id)
            return (
                yield from asked.several(session, participant=participant, hidden=hidden, limit=limit, offset=offset)
            )

        found: list[dict[str, Any]] = await self._of_room(organisation, session_id, reading())
        return [{**row, "mine": row["participant"] == participant} for row in found]

    async def ask_room(self, organisation: str, session_id: str, participant: str, words: str) -> dict[str, Any]:
        """Ask a question in the name of a participant. The same one, while it waits, is one question.

        Answers question_id, first and achievements. raises: BadInput naming the field; NotFound; Conflict unless the
        session runs, and where too many of theirs wait.
        """
        named(organisation, participant)
        limits.name(session_id, "session_id")
        told = asked.Question(organisation, session_id, participant, said.words(words, "words"))
        (result,) = await self.questioning.submit([told])
        if isinstance(result, TactfulError):
            raise result
        if result.first:
            data = {"question_id": result.question_id, "words": told.words, "votes": 0}
            data |= {"asked_at": self.clock.now(), "answered": False, "hidden": False}
            await self.rooms.tell(result.live_session_id, "question", data)
        earned = titled(result.achievements)
        return {"question_id": result.question_id, "first": result.first, "achievements": earned}

    async def want_answered(
        self, organisation: str, session_id: str, question_id: int, participant: str, *, wanted: bool = True
    ) -> dict[str, Any]:
        """Want a question answered, or (wanted false) not any more. Twice is once.

        Answers question_id, votes and wanted. raises: BadInput naming the field; NotFound; Conflict for one's own
        question and for one that is settled.
        """
        named(organisation, participant)
        limits.name(session_id, "session_id")
        limits.whole(question_id, "question_id", 1, limits.LARGEST_ID)
        (result,) = await self.siding.submit([sides.Want(organisation, session_id, question_id, participant, wanted)])
        if isinstance(result, TactfulError):
            raise result
        return {"question_id": question_id, "votes": result.votes, "wanted": wanted}

    async def settle_question(
        self,
        organisation: str,
        session_id: str,
        question_id: int,
        *,
        answered: bool | None = None,
        hidden: bool | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Mark a question as answered, or take it out of sight; with false take that back. Its audience hears of it.

        raises: BadInput, NotFound.
        """
        limits.whole(question_id, "question_id", 1, limits.LARGEST_ID)

        def settling() -> Steps[tuple[dict[str, Any], int]]:
            session = yield from polls.room(organisation, session_id)
            now = self.clock.now()
            row = yield from asked.settle(session, question_id, now=now, answered=answered, hidden=hidden)
            return row, session["id"]

        act = "settle question" if hidden is None else "hide question"
        row, live_session_id = await self._of_room(organisation, session_id, settling(), actor=actor, act=act)
        data = {name: row[name] for name in ("question_id", "words", "votes", "asked_at")}
        data |= {"answered": row["answered_at"] is not None, "hidden": row["hidden_at"] is not None}
        if data["hidden"]:
            data["words"] = ""
        await self.rooms.tell(live_session_id, "question", data)
        return dict(row)

    async def leaderboard(
        self, organisation: str, session_id: str, *, participant: str | None = None, limit: int = 10
    ) -> dict[str, Any]:
        """First places (participant, points, place) and the own one of `participant`, if they have points.

        What counts how much is in `store.sensed.leaderboard.WORTH`; equal points are an equal place.

        raises: BadInput naming the field; NotFound.
        """
        named(organisation, participant)
        limits.name(session_id, "session_id")
        limits.whole(limit, "limit", 1, MOST_PLACES)
        (board,) = await self.placing.submit([(organisation, session_id, participant or "")])
        if isinstance(board, TactfulError):
            raise board
        return {"first": board.first[:limit], "own": board.own}

    async def achievements(self, organisation: str, session_id: str, participant: str) -> list[dict[str, Any]]:
        """What somebody has achieved in a session, oldest first: name, title, earned_at. raises: BadInput, NotFound."""
        named(organisation, participant)

        def reading() -> Steps[list[dict[str, Any]]]:
            session = yield from polls.room(organisation, session_id)
            return (yield from achieved.own(session["id"], participant))

        return list(await self._of_room(organisation, session_id, reading()))

    async def _ask_questions(self, rows: Sequence[asked.Question]) -> Sequence[Any]:
        asking = asked.ask(rows, now=self.clock.now(), most=self.settings[PARTICIPANT_RATE])
        return await self._written(asking, len(rows))  # type: ignore[no-any-return]

    async def _take_sides(self, rows: Sequence[sides.Want]) -> Sequence[Any]:
        results: Sequence[Any] = await self._written(sides.take_sides(rows, now=self.clock.now()), len(rows))
        await self._tell_sides([each for each in results if isinstance(each, sides.Wanted) and each.changed])
        return results

    async def _tell_sides(self, changed: Sequence[sides.Wanted]) -> None:
        """Let each room hear of its sums, all in one message; and askers of what they have achieved."""
        sums: dict[int, dict[int, int]] = {}
        for each in changed:
            sums.setdefault(each.live_session_id, {})[each.question_id] = each.votes
        for session, by_question in sums.items():
            told = [{"question_id": question, "votes": votes} for question, votes in by_question.items()]
            await self.rooms.tell(session, "question_votes", {"questions": told})
        for session, asker, earned in {(each.live_session_id, each.asker, each.earned) for each in changed}:
            for achievement in titled(earned):
                # Unlike `achievement`, which says to all of the room what may be achieved.
                await self.rooms.tell(session, "achieved", achievement, to={"participant": asker})

    async def _read_boards(self, rows: Sequence[Asked]) -> Sequence[Any]:
        async with self.database.service() as connection:
            numbers = await run_async(connection, asked.sessions({row[:2] for row in rows}))
            known = [row for row in rows if row[:2] in numbers]
            wanted = [points.Asked(numbers[row[:2]]["id"], row[2] or None) for row in known]
            found = await run_async(connection, points.boards(wanted, limit=MOST_PLACES)) if wanted else []
        boards = dict(zip(known, found, strict=True))
        return [boards.get(row) or NotFound(f"There is no live session {row[1]}.") for row in rows]
