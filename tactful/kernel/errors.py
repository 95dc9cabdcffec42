"""Every error carries its HTTP status, its stable name and a sentence that says what to do.

The docstring of a class is its default sentence.
"""

from collections.abc import Sequence
from enum import StrEnum


class TactfulError(Exception):
    """Something went wrong inside Tactful; the log has the details under the request's id."""

    status = 500

    def __init__(self, detail: str | None = None, *, fields: Sequence[str] = ()) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip()
        self.fields = list(fields)
        super().__init__(self.detail)

    @property
    def name(self) -> str:
        """The stable name that clients may compare with."""
        return type(self).__name__


class BadInput(TactfulError):
    """The request does not fit; correct the named fields and send it again."""

    status = 422


class BadRequest(TactfulError):
    """The request could not be read as JSON; check its syntax and encoding."""

    status = 400


class NotSignedIn(TactfulError):
    """Send a valid bearer token in the Authorization header."""

    status = 401


class NotAllowed(TactfulError):
    """The token is valid but does not allow this; use one with the right scope."""

    status = 403


class NotFound(TactfulError):
    """There is nothing under that name, or it is not yours to see."""

    status = 404


class MethodNotAllowed(TactfulError):
    """This address does not answer that method; see /docs for those it answers."""

    status = 405


class Conflict(TactfulError):
    """This clashes with what is already recorded; read it again and decide anew."""

    status = 409


class TooLarge(TactfulError):
    """The body is larger than this address accepts; send it in smaller parts."""

    status = 413


class TooMany(TactfulError):
    """Too many requests; wait as long as the Retry-After header says."""

    status = 429

    def __init__(self, detail: str | None = None, *, seconds: int = 60) -> None:
        super().__init__(detail)
        self.seconds = seconds


class NotReady(TactfulError):
    """A part the engine needs is not available yet; try again shortly."""

    status = 503


class BadSetting(TactfulError):
    """A setting has a value it cannot have; correct it and start again."""

    status = 500


class CannotStart(TactfulError):
    """The engine could not start; the sentence says which part and what to do."""

    status = 500


class Refusal(StrEnum):
    """Why a channel did not take a message.

    GONE: nobody is there any more. BLOCKED: they do not want it there. RETRY: not now; nothing was carried.
    INVALID: this message will never be taken, wherever it goes.
    """

    GONE = "gone"
    BLOCKED = "blocked"
    RETRY = "retry"
    INVALID = "invalid"


class ChannelRefused(TactfulError):
    """The channel did not take the message."""

    status = 502

    def __init__(self, detail: str | None = None, *, refusal: Refusal, after: float | None = None) -> None:
        """after: how long the other side asked to be left alone [s]; all of it, not this one address."""
        super().__init__(detail)
        self.refusal, self.after = refusal, after
