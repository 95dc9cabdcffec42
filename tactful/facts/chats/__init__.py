"""What people do in a chat with us, whichever chat it is: records that channels read and conversations answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol, runtime_checkable

from tactful.kernel.records import Response


@dataclass(frozen=True, slots=True)
class Start:
    """They opened the chat. token: the one-time token of the link they came by; empty without one."""

    token: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """They wrote something that is no command."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """They answered a delivery. mark: `Delivery.mark` of it."""

    mark: str
    response: Response


@dataclass(frozen=True, slots=True)
class Stop:
    """They want nothing more, anywhere."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """They want to be left alone between start and end of their day; neither: no longer. fits: it could be read."""

    start: time | None = None
    end: time | None = None
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Why:
    """They ask why they got what they got last."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """They ask how they are reached."""


@dataclass(frozen=True, slots=True)
class Help:
    """They ask what can be said."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """They shut us out of this chat; nothing can be said to them any more."""


@dataclass(frozen=True, slots=True)
class Unblocked:
    """They let us in again."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that we cannot read: a picture, a voice message, a command there is not."""


Said = Start | Text | Pressed | Stop | Quiet | Why | Preferences | Help | Blocked | Unblocked | Unknown


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that somebody did in a chat.

    key: counts once in its account. chat: their address, as `Pushed.address` keeps it; empty where nobody is to be
    answered. place: where to go on behind it. language: of their program, as a tag, where it tells. handle: what the
    channel ties an answer to.
    """

    key: str
    chat: str
    at: datetime
    said: Said
    place: int | None = None
    language: str = ""
    handle: tuple[str, ...] = ()


@runtime_checkable
class Chats(Protocol):
    """A channel in which people write back.

    account: which of our accounts there it is; what was heard is counted for each by itself. listens: whether we ask
    for what people said, or are told of it.
    """

    name: str
    account: str
    listens: bool

    def link(self, token: str) -> str | None:
        """The address that opens a chat with us and says this one-time token there; None where nobody knows ours."""
        ...

    async def prepare(self) -> None:
        """Tell the other side, once, how we hear. raises: ChannelRefused."""
        ...

    async def hear(self, after: int | None) -> Sequence[Heard]:
        """What was said behind this place, oldest first; waits a while for it. Again what was not `heard`."""
        ...

    async def reply(self, heard: Heard, words: str) -> None:
        """Answer it; nothing where there is nobody to answer. raises: ChannelRefused, or anything."""
        ...

    async def took(self, heard: Sequence[Heard]) -> None:
        """Tell the other side that these were taken, where it wants to know."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...
