"""What organisers do in live sessions: interventions by hand, and answers to suggestions."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from tactful.api.schemas.events import Key, Number
from tactful.api.schemas.wire import NO_NUL, Instant, ShownId, Text, Told, UserId, Wire, example, shown
from tactful.compose.polls.own import FEWEST_OPTIONS, LONGEST, LONGEST_OPTION, LONGEST_POLL, MOST_OPTIONS, SHORTEST
from tactful.sense.limits import MOST_PROPERTIES
from tactful.sense.said import LONGEST_QUESTION

Kind = Literal["POLL", "CHAT_PROMPT", "NOTIFICATION", "GAMIFICATION"]
State = Literal["waiting", "approved", "dismissed", "expired"]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUESTION, pattern=NO_NUL)]


Option = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_OPTION, pattern=NO_NUL)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST["question"], pattern=NO_NUL)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST["title"], pattern=NO_NUL)]
Body = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST["body"], pattern=NO_NUL)]
Duration = Annotated[float, Field(ge=SHORTEST, le=LONGEST_POLL)]


class ManualIn(Wire):
    """An intervention that an organiser sets off. override: in spite of the cooldown of its kind.

    context may say what it is made of, by kind: question (up to 140 characters), options (two to six, up to 60
    characters), type and duration (15 to 600 s) of a poll; text of a chat prompt; to, title and body of a notification;
    type, name, title and body of a game, or the name of one of ours. Without that a template that fits says it. Other
    entries are kept with the intervention.
    """

    model_config = example(
        session_id="keynote",
        event_id="conference-2026",
        intervention_type="POLL",
        reason="The speaker asks for a show of hands",
        context={"question": "Who has used it before?", "options": ["Daily", "Once", "Never"], "duration": 45},
    )
    session_id: UserId
    event_id: UserId
    intervention_type: Kind
    reason: Reason
    context: dict[Key, Number | bool | Text | list[Option] | None] = Field(
        default_factory=dict, max_length=MOST_PROPERTIES
    )
    override: bool = False


class DetailsOut(Told):
    """What was done. content: what is said, and where it comes from. cooldown_overridden: seconds that were left of it.

    published: whether the room has been told; if not, it is told as soon as that is possible.
    """

    session_id: ShownId
    event_id: ShownId
    intervention_type: Kind
    timestamp: Instant
    decision_id: int
    content: dict[str, Any]
    cooldown_overridden: float
    published: bool


class ManualOut(Told):
    """What became of it."""

    success: bool
    intervention_id: str
    message: str
    details: DetailsOut


class PollEdit(Wire):
    """Of a poll, what is to be otherwise."""

    question: Line | None = None
    type: Literal["multiple_choice", "rating", "open_ended"] | None = None
    options: list[Option] | None = Field(default=None, min_length=FEWEST_OPTIONS, max_length=MOST_OPTIONS)
    duration: Duration | None = None


class PromptEdit(Wire):
    """Of a chat prompt, what is to be otherwise."""

    text: Line | None = None


class NotificationEdit(Wire):
    """Of a notification, what is to be otherwise."""

    to: Literal["audience", "organisers"] | None = None
    title: Title | None = None
    body: Body | None = None


class GameEdit(Wire):
    """Of an achievement or a call to the leaderboard, what is to be otherwise."""

    type: Literal["achievement", "leaderboard"] | None = None
    name: Title | None = None
    title: Title | None = None
    body: Body | None = None


class ContentEdit(Wire):
    """What is to be said otherwise: the part that the suggestion has, with the fields that change."""

    poll: PollEdit | None = None
    prompt: PromptEdit | None = None
    notification: NotificationEdit | None = None
    gamification: GameEdit | None = None


class ApproveIn(Wire):
    """Nothing, where it is to be done as proposed. override: in spite of the cooldown of its kind."""

    model_config = example(content={"poll": {"question": "Shall we slow down?"}})
    content: ContentEdit | None = None
    override: bool = False


class DismissIn(Wire):
    """Why not, if you like; kept in the audit log."""

    model_config = example(reason="The speaker is about to ask the same")
    reason: Text = ""


class SuggestionOut(Told):
    """Something proposed. content: what would be said. expires_at: until when it waits for an answer.

    intervention_id: what became of it, once approved.
    """

    id: int
    session_id: ShownId
    decision_id: int
    type: Kind
    confidence: float
    priority: str
    reasoning: str
    content: dict[str, Any]
    state: State
    suggested_at: Instant
    expires_at: Instant
    answered_at: Instant | None
    answered_by: str | None
    intervention_id: str | None


class SuggestionsOut(Told):
    """What was proposed for a live session, newest first."""

    suggestions: list[SuggestionOut]


def manual_out(row: dict[str, Any]) -> ManualOut:
    """What was done, as the wire shows it."""
    details = row["details"]
    named = {name: shown(details[name]) for name in ("session_id", "event_id")}
    return ManualOut.model_validate({**row, "details": {**details, **named}})


def suggestion_out(row: dict[str, Any]) -> SuggestionOut:
    """A suggestion as the wire shows it."""
    same = {name: row[name] for name in SuggestionOut.model_fields if name != "session_id"}
    return SuggestionOut(session_id=shown(row["session_id"]), **same)
