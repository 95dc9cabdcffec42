"""Live rooms: polls, questions and points of an audience."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from tactful.api.address import Address
from tactful.api.auth import PERSONAL, SCOPES, SERVICE
from tactful.api.call import SPEAKERS, About, Call, Caller
from tactful.api.routes.live import RUNNERS, SessionId
from tactful.api.schemas.room import (
    AchievementsOut,
    AskedOut,
    EarnedOut,
    LeaderboardOut,
    PollIn,
    PollOut,
    PollsOut,
    QuestionIn,
    QuestionOut,
    QuestionsOut,
    SettleIn,
    VoteIn,
    VoteOut,
    WantedOut,
    WhoIn,
    place_out,
    poll_out,
    question_out,
)
from tactful.api.schemas.wire import LARGEST
from tactful.kernel.errors import Conflict, NotAllowed, NotFound

PollId = Annotated[UUID, Path()]
QuestionId = Annotated[int, Path(ge=1, le=LARGEST)]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1)]
EVERYBODY = frozenset(SCOPES)
NOBODY_NAMED = WhoIn()
DONE = SettleIn()


async def list_polls(
    call: Caller, session_id: SessionId, user_id: About = None, limit: Limit = 50, offset: Offset = 0
) -> PollsOut:
    """Polls of a live session, newest first; results as far as you may see them.

    A service that names user_id sees them as that participant does.
    """
    found = await call.engine.polls(
        call.organisation, session_id, participant=viewer(call, user_id), limit=limit, offset=offset
    )
    return PollsOut(polls=[poll_out(row) for row in found])


async def open_poll(call: Caller, session_id: SessionId, body: PollIn) -> PollOut:
    """Open a poll by hand, in a session that runs. Its audience hears of it at once.

    It asks for no cooldown and begins one: until that is over, no other poll is decided upon.
    """
    row = await call.engine.open_poll(
        call.organisation,
        session_id,
        question=body.question,
        type=body.type,
        options=body.options,
        duration=body.duration,
        results=body.results,
        actor=call.actor,
    )
    return poll_out(row)


async def read_poll(call: Caller, session_id: SessionId, poll_id: PollId, user_id: About = None) -> PollOut:
    """One poll, with results as far as you may see them."""
    who = viewer(call, user_id)
    return poll_out(await call.engine.poll(call.organisation, session_id, str(poll_id), participant=who))


async def close_poll(call: Caller, session_id: SessionId, poll_id: PollId) -> PollOut:
    """Close a poll before its time. No vote counts from now on; closing it twice is closing it once."""
    return poll_out(await call.engine.close_poll(call.organisation, session_id, str(poll_id), actor=call.actor))


async def vote(call: Caller, session_id: SessionId, poll_id: PollId, body: VoteIn) -> VoteOut:
    """Vote, or vote otherwise. Everybody has one vote on a poll, which they may change until it is closed.

    Answered once it is stored. A vote that comes after the poll is closed, by the server's clock, is refused (409).
    """
    row = await call.engine.vote(
        call.organisation, session_id, str(poll_id), call.person(body.user_id), choice=body.choice, words=body.words
    )
    return VoteOut.model_validate(row)


async def list_questions(
    call: Caller, session_id: SessionId, user_id: About = None, limit: Limit = 50, offset: Offset = 0
) -> QuestionsOut:
    """Questions of a live session: those that wait first, the most wanted of them first.

    Who asked, and what was hidden, is shown to those who run the room.
    """
    who = viewer(call, user_id)
    found = await call.engine.questions(
        call.organisation, session_id, participant=who, hidden=who is None, limit=limit, offset=offset
    )
    return QuestionsOut(questions=[question_out(row, who=who is None) for row in found])


async def ask_question(call: Caller, session_id: SessionId, body: QuestionIn) -> AskedOut:
    """Ask a question. The same one of the same participant, while it waits, is one question."""
    row = await call.engine.ask_room(call.organisation, session_id, call.person(body.user_id), body.words)
    return AskedOut.model_validate(row)


async def want_answered(
    call: Caller, session_id: SessionId, question_id: QuestionId, body: WhoIn = NOBODY_NAMED
) -> WantedOut:
    """Want a question answered too. Everybody counts once, and not for their own."""
    row = await call.engine.want_answered(call.organisation, session_id, question_id, call.person(body.user_id))
    return WantedOut.model_validate(row)


async def want_no_more(
    call: Caller, session_id: SessionId, question_id: QuestionId, user_id: About = None
) -> WantedOut:
    """Take it back that you want a question answered."""
    who = call.person(user_id)
    row = await call.engine.want_answered(call.organisation, session_id, question_id, who, wanted=False)
    return WantedOut.model_validate(row)


async def question_answered(
    call: Caller, session_id: SessionId, question_id: QuestionId, body: SettleIn = DONE
) -> QuestionOut:
    """Mark a question as answered, or (undo) as waiting again."""
    row = await call.engine.settle_question(
        call.organisation, session_id, question_id, answered=not body.undo, actor=call.actor
    )
    return question_out({**row, "mine": False, "wanted": False}, who=True)


async def hide_question(
    call: Caller, session_id: SessionId, question_id: QuestionId, body: SettleIn = DONE
) -> QuestionOut:
    """Take a question out of everybody's sight, or (undo) show it again."""
    row = await call.engine.settle_question(
        call.organisation, session_id, question_id, hidden=not body.undo, actor=call.actor
    )
    return question_out({**row, "mine": False, "wanted": False}, who=True)


async def read_leaderboard(
    call: Caller,
    session_id: SessionId,
    user_id: About = None,
    limit: Annotated[int, Query(ge=1, le=100, description="First places.")] = 10,
) -> LeaderboardOut:
    """Who takes part most, by ids of the product: the first places, and your own.

    A vote or a question is 5 points (five questions count), a raised hand 3 (five count), a chat message 2 and a
    reaction 1 (twenty count), and 2 for each who wants a question of yours answered (fifty count).
    """
    board = await call.engine.leaderboard(call.organisation, session_id, participant=viewer(call, user_id), limit=limit)
    own = board["own"]
    return LeaderboardOut(first=[place_out(row) for row in board["first"]], own=None if own is None else place_out(own))


async def list_achievements(call: Caller, session_id: SessionId, user_id: About = None) -> AchievementsOut:
    """What you have achieved in a live session, oldest first."""
    rows = await call.engine.achievements(call.organisation, session_id, call.person(user_id))
    return AchievementsOut(achievements=[EarnedOut.model_validate(row) for row in rows])


def viewer(call: Call, user_id: str | int | None) -> str | None:
    """As whom somebody looks at a room: as themselves, as whom a service names, or (None) as one who runs it.

    raises: NotAllowed where an operator or somebody else speaks for a participant.
    """
    if call.token.scope in PERSONAL or (call.token.scope == SERVICE and user_id is not None):
        return call.person(user_id)
    if user_id is not None:
        raise NotAllowed("An operator's token speaks for no participant; leave user_id out.", fields=["user_id"])
    return None


BASE = "/api/v1/live/sessions/{id}"
POLL, QUESTION = f"{BASE}/polls/{{poll_id}}", f"{BASE}/questions/{{question_id}}"
TAG = "live room"
ROUTES = (
    Address("POST", f"{POLL}/vote", vote, TAG, SPEAKERS, raises=(NotFound, Conflict)),
    Address("POST", f"{POLL}/close", close_poll, TAG, RUNNERS, raises=(NotFound,)),
    Address("GET", POLL, read_poll, TAG, EVERYBODY, raises=(NotFound,)),
    Address("GET", f"{BASE}/polls", list_polls, TAG, EVERYBODY, raises=(NotFound,)),
    Address("POST", f"{BASE}/polls", open_poll, TAG, RUNNERS, raises=(NotFound, Conflict)),
    Address("POST", f"{QUESTION}/vote", want_answered, TAG, SPEAKERS, raises=(NotFound, Conflict)),
    Address("DELETE", f"{QUESTION}/vote", want_no_more, TAG, SPEAKERS, raises=(NotFound, Conflict)),
    Address("POST", f"{QUESTION}/answered", question_answered, TAG, RUNNERS, raises=(NotFound,)),
    Address("POST", f"{QUESTION}/hide", hide_question, TAG, RUNNERS, raises=(NotFound,)),
    Address("GET", f"{BASE}/questions", list_questions, TAG, EVERYBODY, raises=(NotFound,)),
    Address("POST", f"{BASE}/questions", ask_question, TAG, SPEAKERS, raises=(NotFound, Conflict)),
    Address("GET", f"{BASE}/leaderboard", read_leaderboard, TAG, EVERYBODY, raises=(NotFound,)),
    Address("GET", f"{BASE}/achievements", list_achievements, TAG, SPEAKERS, raises=(NotFound,)),
)
