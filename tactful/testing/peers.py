"""The other side of a channel, on the loopback address: what every protocol fake can be asked.

With one of these any channel can be tried without a provider, an account or a network::

    with PEERS["webhook"]() as peer:
        engine = tactful.Engine(Settings(peer.settings()))
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, runtime_checkable

from tactful.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """One delivery as the other side understood it.

    who: the address it came to. text: all words that a person reads, title first. action: where it leads; out: how all
    of this is stopped, the web address, or the mark that a button of a chat comes back with. key: what tells a copy
    from another delivery; None where nothing does. answers: the responses that can be given within it. raw: whatever
    else came, by name.
    """

    who: str
    text: str
    action: str
    out: str
    key: str | None = None
    answers: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)


class Peer(Protocol):
    """The other side of one channel while its block lasts; it takes everything until told otherwise.

    refuses: what its protocol can say. strange: addresses that no channel may accept.
    """

    refuses: frozenset[Refusal]
    strange: tuple[str, ...]

    @property
    def taken(self) -> list[Taken]:
        """What it has taken by now, in order of arrival."""
        ...

    def settings(self) -> dict[str, Any]:
        """Settings, by name, with which the channel talks to it."""
        ...

    def address(self, who: str) -> str:
        """Where somebody is reached there, as products and people tell it."""
        ...

    def refuse(self, refusal: Refusal | None, *, after: float | None = None) -> None:
        """From now on refuse for this reason, None to take again. after: how long to be left alone, if it can say."""
        ...

    def hang_up(self, *, taking: bool) -> None:
        """From now on hang up without an answer, `taking` what came or before it came."""
        ...

    def leave(self) -> None:
        """Listen no more."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


@runtime_checkable
class Chatty(Protocol):
    """Of a peer whose people write back, what they do. chat: somebody's `Peer.address`."""

    def says(self, chat: str, text: str) -> Any:
        """They write something."""
        ...

    def answers(self, chat: str, response: str) -> Any:
        """They answer the last message that can be answered. raises: LookupError where there is none."""
        ...

    def told(self, chat: str) -> list[str]:
        """What they were told, oldest first."""
        ...
