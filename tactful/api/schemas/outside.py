"""What leaves the product: where people are reached, what they allow, what they answer, what did not get through."""

from typing import Annotated, Literal

from pydantic import Field

from tactful.api.schemas.interventions import Id
from tactful.api.schemas.people import Key
from tactful.api.schemas.wire import Instant, ShownId, Text, Told, UserId, Wire, example
from tactful.kernel.records import Response


class AddressIn(Wire):
    """Where the person wants to be reached. wording: what they agreed to, in the words they saw."""

    model_config = example(channel="telegram", address="77000111", wording="Yes, remind me by Telegram.")
    channel: Key
    address: Annotated[str, Field(min_length=1, max_length=2000)]
    wording: Text = ""
    user_id: UserId | None = None


class AddressOut(Told):
    """An address as it is kept."""

    channel: str
    address: str


class LinkIn(Wire):
    """The channel in which they write to link it to themselves."""

    model_config = example(channel="telegram")
    channel: Key
    user_id: UserId | None = None


class LinkOut(Told):
    """A one-time token, to be sent through the channel until then. link: opens the chat and sends it; null without."""

    token: str
    expires_at: Instant
    link: str | None


class LinkableOut(Told):
    """A chat that can be linked. address: of theirs that is; null where none is."""

    channel: str
    address: str | None


class LinksOut(Told):
    """The chats that the person can link to themselves."""

    links: list[LinkableOut]


class StopIn(Wire):
    """Nothing, to stop all messages outside the product; again: to allow them again."""

    model_config = example(again=False)
    again: bool = False
    user_id: UserId | None = None


class StoppedOut(Told):
    """outreach: whether messages outside the product are allowed now. withdrawn: how many were still to go."""

    outreach: bool
    withdrawn: int


class ConsentChangeOut(Told):
    """One change. given: null where they took back what they had said. source: through what."""

    at: Instant
    purpose: str
    given: bool | None
    source: str
    wording: str | None


class ConsentsOut(Told):
    """What the person agreed to and took back, latest first."""

    changes: list[ConsentChangeOut]


class AnswerIn(Wire):
    """What the person did with a message."""

    model_config = example(response="engaged")
    response: Annotated[Response, Field(strict=False)]


class UndeliveredOut(Told):
    """A delivery that came to nothing, or of which nobody can tell (`unknown`)."""

    id: int
    user_id: ShownId
    channel: str
    state: Literal["refused", "unknown"]
    refusal: str | None
    error: str | None
    attempts: int
    tried_at: Instant | None
    expires_at: Instant
    intervention_id: int
    intervention_type: str
    title: str


class UndeliveredListOut(Told):
    """Latest first. next: `before` of the next page; null after the last."""

    deliveries: list[UndeliveredOut]
    next: int | None


class ReplayIn(Wire):
    """Deliveries to send again: also those in doubt, which may then arrive twice."""

    model_config = example(ids=[7, 8])
    ids: Annotated[list[Id], Field(min_length=1, max_length=200)]


class ReplayedOut(Told):
    """replayed: what goes out again. over: what it is too late for, or was answered."""

    replayed: list[int]
    over: list[int]


class BouncedOut(Told):
    """What a letter that came back said. known: whether it is about one of yours. refusal: gone, blocked, retry or
    invalid. off: nothing goes to that address any more; stopped: how many messages were queued to it."""

    known: bool
    refusal: str | None
    detail: str
    off: bool
    stopped: int
