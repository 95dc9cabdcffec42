"""Trying a channel out with everything real but its provider: an engine, servers, a worker's turn, and the other side.

One generated person links themselves, gets one message at their best hour, answers, asks why, stops, and gets nothing
more. `tactful simulate channel` prints what happened.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tactful.bootstrap import Engine
from tactful.decide.settings import HOLDOUT
from tactful.embedded.settings import DATA_DIR
from tactful.kernel.clock import SetClock
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Response
from tactful.kernel.settings import Settings
from tactful.testing.channels import PEERS
from tactful.testing.peers import Chatty, Peer
from tactful.testing.people import Person, past, people

# Days of their past, and after the conversation; within these more would have come to somebody who had not stopped.
ORGANISATION, DAYS, AFTER = "demo", 45, 15
# A fixed moment, so that it is the same conversation whenever it is had.
BEGIN = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)
PERSON, US, NOTE = "person", "tactful", "note"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. who: person, tactful or note."""

    at: datetime
    who: str
    text: str


@dataclass
class Trial:
    """One conversation. read: how much of what they were told is written down."""

    engine: Engine
    peer: Peer
    channel: str
    person: Person
    clock: SetClock
    lines: list[Line] = field(default_factory=list)
    read: int = 0

    @property
    def chat(self) -> str:
        """Where they are reached."""
        return self.peer.address(self.person.id)

    @property
    def whom(self) -> tuple[str, str]:
        """Organisation and person."""
        return ORGANISATION, self.person.id

    def note(self, text: str) -> None:
        """Say what happens beside the conversation."""
        self.lines.append(Line(self.clock.now(), NOTE, text))

    def listen(self) -> None:
        """Write down what they were told since."""
        told = self.peer.told(self.chat) if isinstance(self.peer, Chatty) else [each.text for each in self.peer.taken]
        for each in told[self.read :]:
            self.lines.append(Line(self.clock.now(), US, each))
        self.read = len(told)

    async def says(self, text: str) -> None:
        """They write something, and are answered."""
        assert isinstance(self.peer, Chatty)
        self.lines.append(Line(self.clock.now(), PERSON, text))
        self.peer.says(self.chat, text)
        await self.hear()

    async def hear(self) -> None:
        """A worker's turn of hearing."""
        self.clock.advance(timedelta(seconds=5))
        chat = self.engine.chats[self.channel]
        heard = await chat.hear(await self.engine.chat_place(self.channel))
        await self.engine.take_heard(self.channel, heard)
        self.listen()

    async def turn(self) -> int:
        """A worker's turn of deciding and sending; how many messages went out."""
        await self.engine.tick(daily=True)
        sent = await self.engine.send_due(self.channel)
        self.listen()
        return sent


async def trial(
    name: str, *, say: Sequence[str] = (), stop: bool = True, servers: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Try the channel of this name. say: what else they write before they ask why. stop: whether they stop in the end.
    servers: settings that name servers of yours, with an empty database; ours, for as long as it takes, when left out.

    Answers `channel`, `zone` (of the person), `sent` (messages before the stop), `sent_after` (it), and `lines` in
    order: at, who (person, tactful, note), text.

    raises: BadInput for a channel there is none of.
    """
    if name not in PEERS:
        raise BadInput(f"channel: {name} is none that can be tried; known are {', '.join(PEERS)}.", fields=["channel"])
    clock = SetClock(BEGIN)
    with tempfile.TemporaryDirectory(prefix="tactful-trial-") as folder, PEERS[name]() as peer:
        # As root the servers run under another user, who has to get in.
        Path(folder).chmod(0o755)
        where = servers if servers is not None else {DATA_DIR.name: str(Path(folder) / "data")}
        values = {**where, HOLDOUT.name: 0.0, **peer.settings()}
        async with Engine(Settings(values), clock=clock) as engine:
            (person,) = people(1)
            tried = Trial(engine, peer, name, person, clock)
            sent = await _until_sent(tried)
            await _answer(tried, say)
            if stop:
                await _stop(tried)
            after = await _days_after(tried)
    lines = [asdict(each) for each in tried.lines]
    return {"channel": name, "zone": person.zone, "sent": sent, "sent_after": after, "lines": lines}


async def _until_sent(tried: Trial) -> int:
    """They come, are linked, and are written to when they are at their best."""
    events = list(past(tried.person, now=tried.clock.now(), days=DAYS))
    await tried.engine.accept(ORGANISATION, events)
    tried.note(f"{tried.person.id} came {len(events)} times, and has not been here for 20 days.")
    await _link(tried)
    await tried.engine.carry_out("timing")
    profile = await tried.engine.timing_profile(*tried.whom)
    assert profile is not None
    best, here = profile["optimal_study_time"], tried.clock.now().astimezone(ZoneInfo(tried.person.zone))
    tried.clock.advance((datetime.combine(here, best, here.tzinfo) - here) % timedelta(days=1))
    tried.note(f"It is {best:%H:%M} where they are: of {profile['sessions_analyzed']} stays the best began about then.")
    return await tried.turn()


async def _link(tried: Trial) -> None:
    if isinstance(tried.peer, Chatty):
        begun = await tried.engine.link_started(*tried.whom, tried.channel)
        await tried.says(f"/start {begun['token']}")
        return
    if tried.channel == "webhook":
        await tried.engine.add_webhook(ORGANISATION, tried.chat)
    await tried.engine.take_address(*tried.whom, tried.channel, tried.chat)
    tried.note(f"They are reached at {tried.chat}.")


async def _answer(tried: Trial, say: Sequence[str]) -> None:
    if isinstance(tried.peer, Chatty):
        tried.peer.answers(tried.chat, Response.ENGAGED)
        tried.note("They answer: engaged.")
        await tried.hear()
        for text in (*say, "/why"):
            await tried.says(text)


async def _stop(tried: Trial) -> None:
    if isinstance(tried.peer, Chatty):
        await tried.says("/stop")
        return
    out = tried.peer.taken[-1].out if tried.peer.taken else ""
    tried.note("They follow the link that stops it.")
    await tried.engine.go_out(out.rstrip("/").rpartition("/")[2])


async def _days_after(tried: Trial) -> int:
    """How many more come, by themselves, while they stay away."""
    sent = 0
    for _ in range(AFTER):
        tried.clock.advance(timedelta(days=1))
        sent += await tried.turn()
    more = f"{sent} more have" if sent else "nothing more has"
    tried.note(f"{AFTER} days later {more} come.")
    return sent


def words(told: dict[str, Any]) -> Iterator[str]:
    """What happened in a trial, by the person's clock, line by line."""
    here = ZoneInfo(told["zone"])
    for each in told["lines"]:
        at = f"{each['at'].astimezone(here):%a %H:%M}"
        first, *rest = each["text"].split("\n")
        yield f"{at}  ({first})" if each["who"] == NOTE else f"{at}  {each['who']:>7}: {first}"
        yield from (f"{'':20}{line}" for line in rest)
