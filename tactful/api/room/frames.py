"""What clients of a WebSocket may say, each message one thing, and what they are answered."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from msgspec import DecodeError
from msgspec.json import decode
from pydantic import Field, ValidationError

from tactful.api.call import SPEAKERS
from tactful.api.room.entering import Visitor
from tactful.api.room.message import Message
from tactful.api.routes.live import counted, signal
from tactful.api.schemas.live import SignalIn
from tactful.api.schemas.room import Choice, Said
from tactful.api.schemas.wire import LARGEST, Name, UserId, Wire
from tactful.api.twice import twice
from tactful.api.unfit import unfit
from tactful.facts.audiences import Signal
from tactful.kernel import ids
from tactful.kernel.errors import BadInput, BadRequest, NotAllowed, TactfulError
from tactful.sense.signals import MOST_SIGNALS

Ref = str | int | None


class Frame(Wire):
    """A message of a client. ref: told back with the answer. user_id: for whom a service's program speaks."""

    type: str
    ref: Name | int | None = Field(default=None)
    user_id: UserId | None = None


class VoteFrame(Frame):
    """A vote on a poll."""

    type: Literal["vote"]
    poll_id: Name
    choice: Choice | None = None
    words: Said | None = None


class QuestionFrame(Frame):
    """A question to those on the stage."""

    type: Literal["question"]
    words: Said


class WantFrame(Frame):
    """Wanting a question answered, or not any more."""

    type: Literal["question_vote"]
    question_id: int = Field(ge=1, le=LARGEST)
    wanted: bool = True


class HandFrame(Frame):
    """A raised hand. The same id counts once in a session, as that of a signal; without one, every hand is another."""

    type: Literal["hand"]
    id: Name | None = None


class SignalsFrame(Frame):
    """Signals, as POST .../signals takes them."""

    type: Literal["signals"]
    signals: list[SignalIn] = Field(min_length=1, max_length=MOST_SIGNALS)


class PingFrame(Frame):
    """Asking whether the server is there."""

    type: Literal["ping"]


async def _vote(visitor: Visitor, told: VoteFrame) -> Any:
    call, session = visitor.call, visitor.room["session_id"]
    who = call.person(told.user_id)
    return await call.engine.vote(call.organisation, session, told.poll_id, who, choice=told.choice, words=told.words)


async def _question(visitor: Visitor, told: QuestionFrame) -> Any:
    call, session = visitor.call, visitor.room["session_id"]
    return await call.engine.ask_room(call.organisation, session, call.person(told.user_id), told.words)


async def _want(visitor: Visitor, told: WantFrame) -> Any:
    call, session = visitor.call, visitor.room["session_id"]
    who = call.person(told.user_id)
    return await call.engine.want_answered(call.organisation, session, told.question_id, who, wanted=told.wanted)


async def _hand(visitor: Visitor, told: HandFrame) -> Any:
    call, session = visitor.call, visitor.room["session_id"]
    who = call.person(told.user_id)
    own = told.id or f"hand:{ids.token(12)}"
    raised = Signal(own, session, "hand_raised", call.engine.clock.now(), who)
    return counted(await call.engine.hear(call.organisation, [raised])).model_dump()


async def _signals(visitor: Visitor, told: SignalsFrame) -> Any:
    call, session = visitor.call, visitor.room["session_id"]
    heard = [signal(call, session, each, f"signals.{number}") for number, each in enumerate(told.signals)]
    return counted(await call.engine.hear(call.organisation, heard)).model_dump()


async def _ping(visitor: Visitor, told: PingFrame) -> Any:
    return {}


FRAMES: Mapping[str, tuple[type[Frame], Callable[[Visitor, Any], Awaitable[Any]]]] = {
    "vote": (VoteFrame, _vote),
    "question": (QuestionFrame, _question),
    "question_vote": (WantFrame, _want),
    "hand": (HandFrame, _hand),
    "signals": (SignalsFrame, _signals),
    "ping": (PingFrame, _ping),
}


async def answer(visitor: Visitor, raw: bytes) -> Message:
    """Do what a message says, and answer it: `done` with what came of it, or `error` and nothing was changed."""
    ref: Ref = None
    try:
        read, work = _read(raw)
        ref = read.ref
        if visitor.call.token.scope not in SPEAKERS and read.type != "ping":
            raise NotAllowed("An operator's token only listens here; speak over HTTP.")
        return Message("done", {"ref": ref, **await work(visitor, read)})
    except TactfulError as error:
        return refusal(error, _ref(raw) if ref is None else ref)


def refusal(error: TactfulError, ref: Ref = None) -> Message:
    """How a client hears that something was not done."""
    return Message("error", {"ref": ref, "error": error.name, "detail": error.detail, "fields": error.fields})


def _read(raw: bytes) -> tuple[Frame, Callable[[Visitor, Any], Awaitable[Any]]]:
    kind = decoded(raw).get("type")
    if not isinstance(kind, str) or kind not in FRAMES:
        raise BadInput(f"type must be one of {', '.join(FRAMES)}.", fields=["type"])
    model, work = FRAMES[kind]
    try:
        read = model.read(raw)
    except ValidationError as error:
        raise unfit(error.errors(include_url=False, include_input=False)) from None
    again = twice(raw, read)
    if again is not None:
        raise BadInput(f"{again} is given more than once; which one counts?", fields=[again])
    return read, work


def decoded(raw: bytes) -> dict[str, Any]:
    """A message as JSON. raises: BadRequest."""
    try:
        told = decode(raw)
    except (DecodeError, RecursionError, UnicodeDecodeError):
        raise BadRequest("A message must be JSON.") from None
    if not isinstance(told, dict):
        raise BadRequest('A message must be an object like {"type": "ping"}.')
    return told


def _ref(raw: bytes) -> Ref:
    try:
        ref = decoded(raw).get("ref")
    except TactfulError:
        return None
    return ref if isinstance(ref, (str, int)) and len(str(ref)) < 256 else None


def token_in(raw: bytes) -> str:
    """The token in a client's first message, {"token": "..."}. raises: BadRequest, NotAllowed."""
    token = decoded(raw).get("token")
    if not isinstance(token, str) or not token:
        raise NotAllowed('Show your token first: {"token": "..."}.', fields=["token"])
    return token
