"""A message to a room, made once for all who hear it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from msgspec.json import encode

from tactful.store.running.rooms import AUDIENCE, ORGANISERS

# What tells a client that it has missed something: it reads what stands anew.
RESYNC = "resync"


@dataclass(frozen=True)
class Message:
    """Something that a room is told. number: in the order of this process, 0 for what is not kept.

    to: audience, organisers or {"participant": ID}. voted: of the audience, only those who voted on this poll.
    """

    type: str
    data: Any
    to: Any = AUDIENCE
    id: str = ""
    number: int = 0
    voted: str | None = None

    @cached_property
    def raw(self) -> bytes:
        """The message as JSON, in bytes."""
        head = {"id": self.id} if self.id else {}
        return encode({**head, "type": self.type, "data": self.data})

    @cached_property
    def text(self) -> str:
        """The message as JSON, for a WebSocket."""
        return self.raw.decode()

    @cached_property
    def event(self) -> bytes:
        """The message as an event of a stream.

        >>> Message("notification", {"title": "Soon"}, id="x-7").event
        b'id: x-7\\ndata: {"id":"x-7","type":"notification","data":{"title":"Soon"}}\\n\\n'
        """
        head = f"id: {self.id}\n".encode() if self.id else b""
        return b"%sdata: %s\n\n" % (head, self.raw)

    @property
    def participant(self) -> str | None:
        """Whom alone it is for."""
        return self.to.get("participant") if isinstance(self.to, dict) else None

    @property
    def for_organisers(self) -> bool:
        """Whether it is for those who run the room alone."""
        return bool(self.to == ORGANISERS)
