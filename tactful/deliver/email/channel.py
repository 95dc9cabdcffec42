"""Letters to people, through a mail server."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from tactful.deliver.email.addresses import mailbox
from tactful.deliver.email.settings import (
    CA_FILE,
    CONNECTIONS,
    HOST,
    PACE,
    PASSWORD,
    PORT,
    REPLY_TO,
    SECURITY,
    SENDER,
    SENDER_NAME,
    TIMEOUT,
    USER,
)
from tactful.kernel.errors import CannotStart, ChannelRefused, Refusal
from tactful.kernel.ports import Can, Promise
from tactful.kernel.records import Delivery, Receipt
from tactful.kernel.settings import Settings

if TYPE_CHECKING:
    from tactful.deliver.email.lines import Lines


class Email:
    """Sends letters over `lines`. sender, reply_to: bare addresses; name: of the sender; pace: [1/s]."""

    name = "email"
    promise = Promise.AT_MOST_ONCE
    can: frozenset[Can] = frozenset()
    pace: float = PACE.default

    def __init__(self, lines: "Lines", *, sender: str, name: str = "", reply_to: str = "", pace: float) -> None:
        self._lines, self._sender, self._name, self._reply_to = lines, sender, name, reply_to
        self.pace = pace

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The channel as these settings have it; None without a mail server. raises: CannotStart."""
        if not settings[HOST]:
            return None
        from tactful.deliver.email.lines import Lines, Server

        try:
            server = Server(
                settings[HOST], settings[PORT], settings[SECURITY], settings[USER], settings[PASSWORD],
                timeout=settings[TIMEOUT], ca_file=settings[CA_FILE],
            )  # fmt: skip
        except OSError as error:
            raise CannotStart(f"email.ca_file cannot be used: {error}.", fields=[CA_FILE.name]) from error
        return cls(
            Lines(server, settings[CONNECTIONS]),
            sender=mailbox(settings[SENDER]),
            name=settings[SENDER_NAME],
            reply_to=settings[REPLY_TO] and mailbox(settings[REPLY_TO]),
            pace=settings[PACE],
        )

    def address(self, told: str) -> str:
        """A bare mailbox. raises: BadInput."""
        return mailbox(told)

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """Hand a letter to the mail server.

        raises: ChannelRefused where it did not take it; anything else once all of it was said and no answer came.
        """
        from tactful.deliver.email.letter import letter, mark

        if not delivery.address:
            raise ChannelRefused("There is no address to write to.", refusal=Refusal.GONE)
        written = letter(delivery, at, sender=self._sender, name=self._name, reply_to=self._reply_to)
        told = await self._lines.carry(self._sender, delivery.address, bytes(written), mark=mark(delivery))
        return Receipt(reference=told)

    async def close(self) -> None:
        """Hang up."""
        await self._lines.close()
