"""One live room as this process knows it: its clients, its latest messages, its open polls."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from tactful.api.room.client import Client
from tactful.api.room.message import RESYNC, Message
from tactful.bootstrap.polling import opened, results
from tactful.store.running.rooms import AUDIENCE, ORGANISERS

# Told in sums, once a second.
SUMS = "question_votes"
# Of which every poll has one.
ONCE = ("poll_opened", "poll_closed")


class Room:
    """A room. name: of the hub; count: its next number. kept: how many messages a client who was away is told."""

    def __init__(self, session: dict[str, Any], organisation: str, *, name: str, count: Callable[[], int], kept: int):
        self.number: int = session["id"]
        self.session_id: str = session["session_id"]
        self.organisation = organisation
        self.clients: set[Client] = set()
        self.by_participant: dict[str, set[Client]] = {}
        # Those that were told to be open; and they with results, as of the last look.
        self.open: set[str] = set()
        self.polls: dict[str, dict[str, Any]] = {}
        self.ended = False
        self.looking = asyncio.Lock()
        # Since when nobody is here [s, of the loop's clock].
        self.empty_since: float | None = None
        self._told: set[tuple[str, str]] = set()
        self._sums: dict[int, int] = {}
        self._name = name
        self._count = count
        self._kept: deque[Message] = deque(maxlen=kept)
        # The last number that cannot be told any more.
        self._forgotten = count()

    @property
    def last(self) -> str:
        """The id of the latest message; whoever was told it has missed nothing."""
        number = self._kept[-1].number if self._kept else self._forgotten
        return f"{self._name}-{number}"

    def add(self, client: Client) -> bool:
        """Let a client in. Answers whether its participant was not here before."""
        self.clients.add(client)
        self.empty_since = None
        if client.participant is None:
            return False
        others = self.by_participant.setdefault(client.participant, set())
        others.add(client)
        return len(others) == 1

    def discard(self, client: Client, now: float) -> bool:
        """Let a client go. Answers whether its participant is not here any more."""
        self.clients.discard(client)
        if not self.clients:
            self.empty_since = now
        others = self.by_participant.get(client.participant or "")
        if others is None or client not in others:
            return False
        others.discard(client)
        if not others:
            del self.by_participant[str(client.participant)]
        return not others

    def hear(self, type: str, data: Any, to: Any) -> None:
        """Pass on what was published to this room."""
        if type == SUMS:
            self._sums |= {each["question_id"]: each["votes"] for each in data["questions"]}
            return
        if type in ONCE:
            poll = str(data["poll_id"])
            if not self._first(type, poll):
                return
            if type == "poll_closed":
                self._forget(poll)
            else:
                self.open.add(poll)
        if type == "session_ended":
            self.end()
            return
        self.tell(type, data, to)

    def tell(self, type: str, data: Any, to: Any = AUDIENCE, *, voted: str | None = None, keep: bool = True) -> None:
        """Tell those whom it is for. keep: for those who are away just now, too."""
        number = self._count() if keep else 0
        message = Message(type, data, to, f"{self._name}-{number}" if keep else "", number, voted)
        if keep:
            if len(self._kept) == self._kept.maxlen:
                self._forgotten = self._kept[0].number
            self._kept.append(message)
        for client in self._listeners(message):
            client.push(message)

    def _listeners(self, message: Message) -> Iterator[Client]:
        if message.participant is not None:
            yield from list(self.by_participant.get(message.participant, ()))
        elif message.voted is None and not message.for_organisers:
            yield from list(self.clients)
        else:
            yield from [client for client in self.clients if client.hears(message)]

    def missed(self, client: Client, since: str) -> list[Message]:
        """What a client was not told after the message `since`; or that it cannot be said."""
        name, _, number = since.rpartition("-")
        known = name == self._name and number.isdigit()
        if not known or not self._forgotten <= int(number):
            return [Message(RESYNC, {})]
        return [message for message in self._kept if message.number > int(number) and client.hears(message)]

    def resync(self) -> None:
        """Messages may have been missed: let everybody read what stands."""
        self.tell(RESYNC, {}, keep=False)

    def end(self) -> None:
        """The session is over."""
        if not self.ended:
            self.ended = True
            self.tell("session_ended", {"session_id": self.session_id})

    def look(self, polls: list[dict[str, Any]]) -> None:
        """Take in polls as they stand, with results: tell what is new of them."""
        for poll in polls:
            own, known = poll["poll_id"], self.polls.get(poll["poll_id"])
            if poll["closed_at"] is not None:
                if own in self.open and self._first("poll_closed", own):
                    self.tell("poll_closed", results(poll))
                self._forget(own)
                continue
            self.polls[own] = poll
            self.open.add(own)
            if self._first("poll_opened", own):
                self.tell("poll_opened", opened(poll))
            if poll["votes"] and (known is None or _counted(known) != _counted(poll)):
                self._tell_results(poll)

    def begin(self, polls: list[dict[str, Any]]) -> None:
        """Take in polls without telling anybody: whoever comes is told of them."""
        for poll in polls:
            if poll["closed_at"] is None:
                self.polls[poll["poll_id"]] = poll
                self.open.add(poll["poll_id"])
                self._first("poll_opened", poll["poll_id"])

    def tell_sums(self) -> None:
        """Tell how many want questions answered, where that has changed."""
        if self._sums:
            told = [{"question_id": question, "votes": votes} for question, votes in self._sums.items()]
            self._sums = {}
            self.tell(SUMS, {"questions": told}, keep=False)

    def _tell_results(self, poll: dict[str, Any]) -> None:
        data = results(poll)
        if poll["type"] == "open_ended":
            # What others wrote is for those who run the room.
            self.tell("poll_results", {**data, "answers": poll["answers"]}, ORGANISERS, keep=False)
        elif poll["results"] == "closed":
            self.tell("poll_results", data, ORGANISERS, keep=False)
        else:
            voted = poll["poll_id"] if poll["results"] == "voted" else None
            self.tell("poll_results", data, voted=voted, keep=False)

    def _first(self, type: str, poll: str) -> bool:
        """Whether this is told of a poll for the first time."""
        before = len(self._told)
        self._told.add((type, poll))
        return len(self._told) > before

    def _forget(self, poll: str) -> None:
        self.polls.pop(poll, None)
        self.open.discard(poll)
        for client in self.clients:
            client.voted.discard(poll)


def _counted(poll: dict[str, Any]) -> tuple[Any, ...]:
    return poll["votes"], poll["counts"], poll["answers"]
