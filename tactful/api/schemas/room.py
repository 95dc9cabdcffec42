"""What a live audience takes part in: polls, questions, points."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from tactful.api.schemas.wire import NO_NUL, Instant, ShownId, Told, UserId, Wire, example, shown
from tactful.sense.said import LONGEST, LONGEST_OPTION, LONGEST_QUESTION, MOST_OPTIONS, SHORTEST

Type = Literal["multiple_choice", "rating", "open_ended"]
Results = Literal["voted", "closed", "always"]
Said = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUESTION, pattern=NO_NUL)]
Option = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_OPTION, pattern=NO_NUL)]
Choice = Annotated[int, Field(ge=0, le=MOST_OPTIONS - 1)]


class PollIn(Wire):
    """A poll. options: of a multiple choice, two to ten; of a rating 1 to 5 when left out. duration: seconds.

    results: when those who take part see them: once they voted, once it is closed, or always.
    """

    model_config = example(question="What shall we look at next?", options=["Joins", "Indexes"], duration=60)
    question: Said
    type: Type = "multiple_choice"
    options: list[Option] = Field(default_factory=list, max_length=MOST_OPTIONS)
    duration: float = Field(default=60, ge=SHORTEST, le=LONGEST)
    results: Results | None = None


class OwnVoteOut(Told):
    """What you voted: an option, counted from 0, or words."""

    choice: int | None
    words: str | None


class PollOut(Told):
    """A poll. votes: how many have voted. counts: votes of each option, null while they are hidden from you.

    answers: the latest answers in words, for those who run the room. own: your vote.
    """

    poll_id: str
    session_id: ShownId
    question: str
    type: Type
    options: list[str]
    results: Results
    open: bool
    opened_at: Instant
    closes_at: Instant
    closed_at: Instant | None
    votes: int
    counts: list[int] | None
    answers: list[str] | None
    own: OwnVoteOut | None
    intervention_id: str | None


class PollsOut(Told):
    """Polls, newest first."""

    polls: list[PollOut]


class VoteIn(Wire):
    """A vote: an option, counted from 0, or words where the poll asks for them; one of both."""

    model_config = example(choice=1)
    choice: Choice | None = None
    words: Said | None = None
    user_id: UserId | None = None


class AchievementOut(Told):
    """Something somebody has achieved."""

    name: str
    title: str


class VoteOut(Told):
    """Your vote as it counts. first: you had not voted on it. changed: it replaced another vote of yours."""

    poll_id: str
    choice: int | None
    words: str | None
    first: bool
    changed: bool
    achievements: list[AchievementOut]


class QuestionIn(Wire):
    """Something somebody wants to know."""

    model_config = example(words="How does it behave under load?")
    words: Said
    user_id: UserId | None = None


class AskedOut(Told):
    """The question. first: you had not asked it before."""

    question_id: int
    first: bool
    achievements: list[AchievementOut]


class QuestionOut(Told):
    """A question. votes: how many want it answered. user_id: who asked, for those who run the room."""

    question_id: int
    words: str
    votes: int
    asked_at: Instant
    answered_at: Instant | None
    hidden_at: Instant | None
    user_id: ShownId | None
    mine: bool
    wanted: bool


class QuestionsOut(Told):
    """Questions: those that wait first, the most wanted of them first."""

    questions: list[QuestionOut]


class WhoIn(Wire):
    """Whom this is about; a service's token must say so."""

    model_config = example(user_id=42)
    user_id: UserId | None = None


class WantedOut(Told):
    """How many want the question answered, and whether you do."""

    question_id: int
    votes: int
    wanted: bool


class SettleIn(Wire):
    """undo: take it back."""

    model_config = example(undo=False)
    undo: bool = False


class PlaceOut(Told):
    """A place on the leaderboard. Equal points are an equal place."""

    user_id: ShownId
    points: int
    place: int


class LeaderboardOut(Told):
    """The first places, and your own where you have points."""

    first: list[PlaceOut]
    own: PlaceOut | None


class EarnedOut(AchievementOut):
    """Something you have achieved, and when."""

    earned_at: Instant


class AchievementsOut(Told):
    """What you have achieved, oldest first."""

    achievements: list[EarnedOut]


class TicketOut(Told):
    """A ticket into the room, for one connection. Use it within `seconds`."""

    ticket: str
    seconds: int


def poll_out(row: dict[str, Any]) -> PollOut:
    """A poll as the wire shows it."""
    same = {name: row[name] for name in PollOut.model_fields if name not in ("session_id", "own")}
    own = None if row["own"] is None else OwnVoteOut(**row["own"])
    return PollOut(session_id=shown(row["session_id"]), own=own, **same)


def question_out(row: dict[str, Any], *, who: bool) -> QuestionOut:
    """A question as the wire shows it. who: with whoever asked."""
    same = {name: row[name] for name in QuestionOut.model_fields if name != "user_id"}
    return QuestionOut(user_id=shown(row["participant"]) if who else None, **same)


def place_out(row: dict[str, Any]) -> PlaceOut:
    """A place as the wire shows it."""
    return PlaceOut(user_id=shown(row["participant"]), points=row["points"], place=row["place"])
