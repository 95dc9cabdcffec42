"""The engine's life: its servers, its connections, and the groups in which it writes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from tactful.bootstrap.where import Place, channel_settings, place, print_of, read_settings, rules_of
from tactful.decide import Rules
from tactful.deliver import set_up
from tactful.facts.beats import Beat, Heard
from tactful.facts.streaks import REST_DAYS
from tactful.kernel.clock import FUTURE_ALLOWED, Clock, SystemClock, plausible
from tactful.kernel.errors import BadInput, NotFound, NotReady
from tactful.kernel.ports import Pushed
from tactful.kernel.records import Event
from tactful.kernel.settings import Setting, Settings
from tactful.sense import limits
from tactful.sense.group import GroupCommit
from tactful.sense.settings import GROUP_QUEUE, GROUP_ROWS, GROUP_WRITERS, PARTICIPANT_RATE
from tactful.store import steps, valkey
from tactful.store.database import AsyncConnection, Database, Identity, away
from tactful.store.decided import asof, inbox
from tactful.store.decided.struggles import Asked
from tactful.store.described import organisations, own
from tactful.store.migrate import migrate
from tactful.store.running import answers
from tactful.store.running.answers import Answers, Kept
from tactful.store.sensed import events, presence
from tactful.store.sensed import signals as heard
from tactful.store.settings import ANSWER_SECONDS, MONTHLY_YEARS, POOL_SIZE, TIMESCALE
from tactful.uses import asking, story, struggles
from tactful.uses.rooms.cases import Deciding

# What costs as much for one person as for ten, so those who come by soon after share it: asking every guard rail, and
# believing something of those who are about to start, who wait for it.
REST, REST_OF_WAITING = 2.0, 0.5
T = TypeVar("T", str, int, float, bool)
# Exports at work at the same time in one process; others wait.
EXPORTS = 2


def named(organisation: str, person: str | None = None) -> None:
    """An organisation and perhaps one of its people, by ids that can be. raises: BadInput naming which cannot."""
    limits.name(organisation, "organisation")
    if person is not None:
        limits.name(person, "person")


class Running:
    """What every topic of the engine stands on."""

    def __init__(self, settings: Settings | None = None, *, clock: Clock | None = None) -> None:
        self.settings = settings if settings is not None else read_settings()
        self.clock: Clock = clock or SystemClock()
        # The channels outside the product that are set up, by name; known once the engine is open.
        self.outside: dict[str, Pushed] = {}
        self.rules = rules_of(self.settings)
        self._place = place(self.settings)
        self._counting = asyncio.Lock()
        self._exporting = asyncio.Semaphore(EXPORTS)
        # When they were counted, by the loop's clock, and the figures of `status`.
        self._counted: tuple[float, dict[str, Any]] | None = None
        # How often tokens were revoked or rotated here: whoever remembers good ones looks again when it changes.
        self.tokens_ended = 0
        # What decisions in live sessions depend on, and when it was read, by the loop's clock.
        self._live_deciding: tuple[float, Deciding] | None = None
        # Which life of Valkey was seen last, and when: another one may have forgotten the end of it.
        self._valkey_seen: tuple[str, float] | None = None
        # The worker of this process, where it has one: set by whoever starts it.
        self.worker: asyncio.Task[None] | None = None
        self._ending: list[Callable[[], Awaitable[None]]] = []

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Start or join the servers, bring the tables up to date, open the connections.

        raises: CannotStart, NotReady; then all that was opened is closed again.
        """
        async with AsyncExitStack() as opened:
            self.where: Place = await asyncio.to_thread(self._place.__enter__)
            opened.push_async_callback(asyncio.to_thread, self._place.__exit__, None, None, None)
            secret = self.where.role_secret
            self.database = Database(
                self.where.database_url,
                role_secret=secret,
                pool_size=self.settings[POOL_SIZE],
                monthly_years=self.settings[MONTHLY_YEARS],
            )
            opened.push_async_callback(self.database.close)
            hypertables = self.settings[TIMESCALE] == "auto"
            await asyncio.to_thread(migrate, self.database, role_secret=secret, hypertables=hypertables)
            await self.database.open()
            self.valkey = valkey.client(self.where.redis_url)
            opened.push_async_callback(self.valkey.aclose)
            age = self.settings[ANSWER_SECONDS]
            self.settings = channel_settings(self.settings, self.where)
            self.outside = set_up(self.settings)
            self.rules = self.rules.replace(channels=frozenset(self.outside))
            for channel in self.outside.values():
                opened.push_async_callback(channel.close)
            self.answers = Answers(self.valkey, seconds=age, print=print_of(self.settings))
            self.events: GroupCommit[tuple[str, Event], bool | None] = self._group(self._write_events)
            self.presence: GroupCommit[tuple[str, Beat], Heard] = self._group(self._write_beats)
            self.signals: GroupCommit[heard.Row, heard.Result] = self._group(self._write_signals)
            self.looking: GroupCommit[inbox.Asked, list[dict[str, Any]]] = self._group(self._look)
            self.risking: GroupCommit[tuple[str, str], dict[str, Any] | None] = self._group(self._risks, writers=1)
            self.keeping: GroupCommit[answers.Asked, Kept] = self._group(self._kept)
            self.showing: GroupCommit[tuple[str, str], None] = self._group(self._hand_over, writers=1, rest=REST)
            self.struggling: GroupCommit[Asked, struggles.Answer] = self._group(
                self._struggles, writers=1, rest=REST_OF_WAITING
            )
            reading = (self.looking, self.risking, self.struggling, self.keeping)
            for group in (*reading, self.showing, self.presence, *self.groups(), self.signals, self.events):
                opened.push_async_callback(group.close)
            self._opened = opened.pop_all()

    def groups(self) -> Iterable[GroupCommit[Any, Any]]:
        """What topics write and read in groups beside this; made when the engine opens, closed in this order."""
        return ()

    async def _written(self, writing: steps.Steps[Any], size: int) -> Any:
        """What steps that write `size` rows answer, in a transaction of their own; many in a thread of their own."""
        if size >= events.BUSY:
            return await asyncio.to_thread(self._write_large, writing)
        async with self.database.service() as connection:
            return await steps.run_async(connection, writing)

    def _write_large(self, writing: steps.Steps[Any]) -> Any:
        with self.database.batch() as connection:
            return steps.run(connection, writing)

    def _group(self, write: Any, *, writers: int | None = None, rest: float = 0.0) -> Any:
        sizes = self.settings
        rows, queue, most = sizes[GROUP_ROWS], sizes[GROUP_QUEUE], sizes[GROUP_WRITERS]

        async def or_not_ready(rows: Any) -> Any:
            try:
                return await write(rows)
            except Exception as error:
                if away(error):
                    raise NotReady("The database does not answer just now; send this again shortly.") from error
                raise

        return GroupCommit(or_not_ready, rows=rows, queue=queue, writers=writers or most, rest=rest)

    def before_close(self, work: Callable[[], Awaitable[None]]) -> None:
        """Carry out `work` before anything is closed: who keeps connections of others open ends them there."""
        self._ending.append(work)

    async def hang_up(self) -> None:
        """End what others keep open for long. Whoever serves requests calls it as soon as asked to stop."""
        while self._ending:
            await self._ending.pop()()

    async def close(self) -> None:
        """Finish what was accepted, close the connections, leave the servers."""
        await self.hang_up()
        await self._opened.aclose()

    async def _write_events(self, rows: Sequence[tuple[str, Event]]) -> Sequence[bool | None]:
        now, rest = self.clock.now(), self.settings[REST_DAYS]
        if len(rows) >= events.BUSY:
            return await asyncio.to_thread(events.write_large, self.database, rows, now=now, rest_days=rest)
        try:
            async with self.database.service() as connection:
                people = await events.meet(connection, rows)
            async with self.database.service() as connection:
                return await events.write_group(connection, rows, people, now=now, rest_days=rest)
        except events.INTERRUPTED:
            return await asyncio.to_thread(events.write_again, self.database, rows, now=now, rest_days=rest)

    async def _write_beats(self, rows: Sequence[tuple[str, Beat]]) -> Sequence[Heard]:
        now, settings = self.clock.now(), self.settings
        try:
            async with self.database.service() as connection:
                return await presence.write_group(connection, rows, now=now, settings=settings)
        except events.INTERRUPTED:
            return await asyncio.to_thread(presence.write_again, self.database, rows, now=now, settings=settings)

    async def _write_signals(self, rows: Sequence[heard.Row]) -> Sequence[heard.Result]:
        now, most = self.clock.now(), self.settings[PARTICIPANT_RATE]
        if len(rows) >= events.BUSY:
            return await asyncio.to_thread(heard.write_large, self.database, rows, now=now, most=most)
        async with self.database.service() as connection:
            return await steps.run_async(connection, heard.count_signals(rows, now=now, most=most))

    async def _look(self, asked: Sequence[inbox.Asked]) -> Sequence[list[dict[str, Any]]]:
        async with self.database.people() as connection:
            return await inbox.due(connection, asked)

    async def _risks(self, whom: Sequence[tuple[str, str]]) -> Sequence[dict[str, Any] | None]:
        return await asyncio.to_thread(story.risks, self.database, self.rules, whom, self.clock.now())

    async def _kept(self, asked: Sequence[answers.Asked]) -> Sequence[Kept]:
        async with self.database.service() as connection:
            places = await self.answers.stamped(connection, asked, at=self.clock.now())
        return await self.answers.found(places)

    async def _struggles(self, asked: Sequence[Asked]) -> Sequence[struggles.Answer]:
        return await asyncio.to_thread(struggles.predict, self.database, self.settings, asked, self.clock.now())

    async def _hand_over(self, whom: Sequence[tuple[str, str]]) -> Sequence[None]:
        await asyncio.to_thread(asking.hand_over, self.database, self.rules, whom, self.clock.now())
        return [None] * len(whom)

    @asynccontextmanager
    async def _office(self, organisation: str) -> AsyncIterator[AsyncConnection]:
        """One transaction as an operator of the organisation. raises: BadInput; NotFound when there is no such one."""
        named(organisation)
        async with self.database.acting_as(Identity(organisation)) as connection:
            if not await organisations.known(connection):
                raise NotFound(
                    f"There is no organisation {organisation}.",
                    fields=["organisation"],
                )
            yield connection

    def instant(self, at: datetime | None, *, field: str = "at", ahead: timedelta = FUTURE_ALLOWED) -> datetime:
        """`at` in UTC, or now. raises: BadInput when it is naive or later than a day (or `ahead`) from now."""
        now = self.clock.now()
        if at is None:
            return now
        if not isinstance(at, datetime):
            raise BadInput(f"{field} must be a time.", fields=[field])
        return plausible(at, now=now, field=field, ahead=ahead)

    def _instant(self, at: datetime | None, *, margin: timedelta = asof.MOMENT) -> tuple[datetime, bool]:
        """The instant that is meant, and whether it lies in the past by more than `margin`."""
        now = self.clock.now()
        return self.instant(at), at is not None and asof.is_past(at, now, margin=margin)

    async def governed(self, organisation: str) -> Rules:
        """The rules that hold for an organisation now, with what it has set for itself. raises: BadInput."""
        return self.rules.with_own({0: await self._own(organisation)}, upto=0).of(0)

    async def _own(self, organisation: str) -> Mapping[str, Any]:
        """What an organisation has set for itself, by name. raises: BadInput."""
        named(organisation)
        async with self.database.service() as connection:
            return await steps.run_async(connection, own.standing(organisation))

    async def _setting(self, organisation: str, row: Setting[T]) -> T:
        """The value of a setting that organisations may have of their own. raises: BadInput."""
        value: T = (await self._own(organisation)).get(row.name, self.settings[row])
        return value

    async def require(self, organisation: str) -> int:
        """Our id of an organisation. raises: BadInput; NotFound when nobody has named it yet."""
        named(organisation)
        async with self.database.service() as connection:
            return await organisations.number(connection, organisation)
