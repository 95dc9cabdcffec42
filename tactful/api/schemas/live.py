"""Live sessions and what is heard of their audiences."""

from typing import Annotated, Any, Literal

from pydantic import Field

from tactful.api.schemas.events import Key, Number
from tactful.api.schemas.wire import At, Instant, Name, ShownId, Text, Told, UserId, Wire, example, exemplary
from tactful.sense.limits import MOST_PROPERTIES
from tactful.sense.sessions import MOST_ITEMS
from tactful.sense.signals import MOST_AT_ONCE, MOST_SIGNALS

Mode = Literal["manual", "semi_automatic", "automatic"]
State = Literal["planned", "live", "ended"]
SignalKind = Literal["join", "leave", "chat", "reaction", "poll_vote", "question", "hand_raised", "attention"]
LANGUAGE = r"^[a-z]{2}(-[A-Z]{2})?$"
Language = Annotated[str, Field(pattern=LANGUAGE, examples=["en"])]


class ItemIn(Wire):
    """Something on the agenda; while a planned break or time for questions lasts, silence is no news."""

    model_config = example(
        kind="break", title="Coffee", starts_at="2026-01-31T10:00:00Z", ends_at="2026-01-31T10:15:00Z"
    )
    kind: Literal["talk", "break", "questions"]
    title: Text = ""
    starts_at: At
    ends_at: At


class ItemOut(Told):
    """Something on the agenda."""

    kind: str
    title: str
    starts_at: Instant
    ends_at: Instant


class DescriptionIn(Wire):
    """A live session. mode: whether interventions wait for an organiser; semi_automatic: those of low risk do not.

    Where `ends_at` is known, the natural taper towards it is no news either.
    """

    model_config = example(
        event_id="conference-2026",
        title="Keynote",
        topic="databases",
        mode="manual",
        starts_at="2026-01-31T09:00:00Z",
        ends_at="2026-01-31T11:00:00Z",
        agenda=[exemplary(ItemIn)],
    )
    event_id: Name
    title: Text = ""
    topic: Text = ""
    language: Language = "en"
    mode: Mode = "manual"
    starts_at: At | None = None
    ends_at: At | None = None
    agenda: list[ItemIn] = Field(default_factory=list, max_length=MOST_ITEMS)


class SessionIn(DescriptionIn):
    """A new live session, by the product's own id."""

    model_config = example(**{"session_id": "keynote", **exemplary(DescriptionIn)})
    session_id: Name


class StartIn(Wire):
    """Nothing, where it begins now. started_at: when it began, up to 12 hours ago."""

    model_config = example(started_at="2026-01-31T09:00:00Z")
    started_at: At | None = None


class SessionOut(Told):
    """A live session as known now. viewers: how many are there."""

    session_id: ShownId
    event_id: ShownId
    title: str
    topic: str
    language: str
    mode: Mode
    state: State
    starts_at: Instant | None
    ends_at: Instant | None
    started_at: Instant | None
    ended_at: Instant | None
    created_at: Instant
    viewers: int
    agenda: list[ItemOut]


class SessionsOut(Told):
    """Live sessions, newest first."""

    sessions: list[SessionOut]


class SignalIn(Wire):
    """Something the audience did. The same id counts once in a session, however often it is sent.

    user_id: who did it, left out by a person's own token and where only numbers are told. count: how many did, only
    where nobody is named. value: attention, from 0 (elsewhere) to 1 (all there).
    """

    id: Name
    kind: SignalKind
    at: At | None = None
    user_id: UserId | None = None
    count: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = 1
    value: Annotated[float, Field(ge=0, le=1)] | None = None
    properties: dict[Key, Number | bool | Text] = Field(default_factory=dict, max_length=MOST_PROPERTIES)


class SignalsIn(Wire):
    """Up to 1,000 signals of one session; all are counted or, when one does not fit, none."""

    model_config = example(
        signals=[
            {"id": "s1", "kind": "join", "user_id": 42, "at": "2026-01-31T09:00:02Z"},
            {"id": "s2", "kind": "reaction", "count": 25, "at": "2026-01-31T09:00:03Z"},
        ]
    )
    signals: list[SignalIn] = Field(min_length=1, max_length=MOST_SIGNALS)


class SignalsOut(Told):
    """How many were new, how many had been counted before, and how many were from before or after the session."""

    accepted: int
    duplicate: int
    outside: int


def sessions_out(row: dict[str, Any]) -> SessionOut:
    """A session as the wire shows it."""
    return SessionOut.model_validate({name: row[name] for name in SessionOut.model_fields})
