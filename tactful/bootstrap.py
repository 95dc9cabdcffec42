"""Settings -> Engine: the only place that names real parts."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import redis.asyncio

import tactful
from tactful import asking, embedded, loop, story, ticking
from tactful.decide import Rules
from tactful.embedded.folder import Folder
from tactful.kernel.clock import Clock, SystemClock, plausible
from tactful.kernel.errors import NotFound, NotReady
from tactful.kernel.records import Beat, Event
from tactful.kernel.settings import Agreement, Setting, Settings, read
from tactful.predict import dropout
from tactful.predict.dropout.settings import SETTINGS as BELIEFS
from tactful.sense import events as incoming
from tactful.sense.group import GroupCommit
from tactful.sense.settings import GROUP_QUEUE, GROUP_ROWS, GROUP_WRITERS
from tactful.store import asof, audit, events, ledger, organisations, pauses, presence, risk, status
from tactful.store.database import Database, Identity, away
from tactful.store.migrate import migrate
from tactful.store.settings import (
    DATABASE_URL,
    MONTHLY_YEARS,
    POOL_SIZE,
    REDIS_URL,
    RESUME_MINUTES,
    ROLE_SECRET,
    WORKER_SILENCE,
    plain_url,
)

SETTINGS_FILE = "tactful.toml"


def setting_rows() -> list[Setting[Any]]:
    """Every settings row, collected from the folders that own them, in order of name."""
    return sorted((row for owner in _owners() for row in owner.SETTINGS), key=lambda row: row.name)


def agreements() -> list[Agreement]:
    """What settings must agree on, collected from the folders that own them."""
    return [each for owner in _owners() for each in getattr(owner, "AGREEMENTS", ())]


def _owners() -> list[ModuleType]:
    root = Path(tactful.__path__[0])
    found = sorted(path.relative_to(root).parent.parts for path in root.rglob("settings.py"))
    return [import_module(".".join(("tactful", *folder, "settings"))) for folder in found if folder != ("kernel",)]


def read_settings(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """All settings from the environment and `tactful.toml` (or `file`), unless TACTFUL_CONFIG names another.

    raises: BadSetting, naming the setting and where the wrong value came from.
    """
    environ = os.environ if environ is None else environ
    return read(setting_rows(), environ=environ, file=file or Path(SETTINGS_FILE), agreements=agreements())


@dataclass(frozen=True, slots=True)
class Place:
    """Where the engine's servers are and the secret its database roles share."""

    database_url: str
    redis_url: str
    role_secret: str
    folder: Folder | None


@contextmanager
def place(settings: Settings) -> Any:
    """The servers the settings name, or our own, for the length of a block."""
    own_database, own_valkey = not settings[DATABASE_URL], not settings[REDIS_URL]
    with embedded.running(settings, postgres=own_database, valkey=own_valkey) as parts:
        folder: Folder = parts.folder
        yield Place(
            plain_url(settings[DATABASE_URL]) or parts.database_url,
            settings[REDIS_URL] or parts.redis_url,
            settings[ROLE_SECRET] or folder.secret("database-roles"),
            folder,
        )


def rules_of(settings: Settings) -> Rules:
    """The rules these settings make, with what beliefs are weighed by: all that a decision depends on."""
    rules = Rules.from_settings(settings)
    return rules.replace(values=rules.values | settings.public(BELIEFS))


class Engine:
    """Tactful in process. Times are aware UTC; `organisation` and `person` are the product's own ids.

    Use it as an asynchronous context manager::

        async with tactful.Engine() as engine:
            await engine.accept("acme", [Event(id="1", person="42", kind="visit", occurred_at=now)])
            await engine.tick()
    """

    def __init__(self, settings: Settings | None = None, *, clock: Clock | None = None) -> None:
        self.settings = settings if settings is not None else read_settings()
        self.clock: Clock = clock or SystemClock()
        self.rules = rules_of(self.settings)
        self._place = place(self.settings)
        # The worker of this process, where it has one: set by whoever starts it.
        self.worker: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Engine":
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
            await asyncio.to_thread(migrate, self.database, role_secret=secret)
            await self.database.open()
            self.valkey = redis.asyncio.Redis.from_url(self.where.redis_url)
            opened.push_async_callback(self.valkey.aclose)
            self.events: GroupCommit[tuple[str, Event], bool] = self._group(self._write_events)
            self.presence: GroupCommit[tuple[str, Beat], None] = self._group(self._write_beats)
            self.showing: GroupCommit[tuple[str, str], None] = self._group(self._hand_over)
            for group in (self.showing, self.presence, self.events):
                opened.push_async_callback(group.close)
            self._opened = opened.pop_all()

    def _group(self, write: Any) -> Any:
        sizes = self.settings

        async def or_not_ready(rows: Any) -> Any:
            try:
                return await write(rows)
            except Exception as error:
                if away(error):
                    raise NotReady("The database does not answer just now; send this again shortly.") from error
                raise

        return GroupCommit(or_not_ready, rows=sizes[GROUP_ROWS], queue=sizes[GROUP_QUEUE], writers=sizes[GROUP_WRITERS])

    async def close(self) -> None:
        """Finish what was accepted, close the connections, leave the servers."""
        await self._opened.aclose()

    async def _write_events(self, rows: Sequence[tuple[str, Event]]) -> Sequence[bool]:
        async with self.database.service() as connection:
            people = await events.meet(connection, rows)
        async with self.database.service() as connection:
            return await events.write_group(connection, rows, people, now=self.clock.now())

    async def _write_beats(self, rows: Sequence[tuple[str, Beat]]) -> Sequence[None]:
        async with self.database.service() as connection:
            return await presence.write_group(connection, rows, now=self.clock.now(), settings=self.settings)

    async def _hand_over(self, whom: Sequence[tuple[str, str]]) -> Sequence[None]:
        await asyncio.to_thread(asking.hand_over, self.database, self.rules, whom, self.clock.now())
        return [None] * len(whom)

    async def accept(self, organisation: str, facts: Sequence[Event]) -> Sequence[bool]:
        """Record what people did. For each fact, whether its id is new; answered after the commit.

        raises: BadInput naming the first field that does not fit; then none of the facts is taken.
        """
        checked = incoming.batch(facts, now=self.clock.now())
        return await self.events.submit([(organisation, fact) for fact in checked])

    def instant(self, at: datetime | None, *, field: str = "at") -> datetime:
        """`at` in UTC, or now. raises: BadInput when it is naive or later than a day from now."""
        now = self.clock.now()
        return now if at is None else plausible(at, now=now, field=field)

    def _instant(self, at: datetime | None, *, margin: timedelta = asof.MOMENT) -> tuple[datetime, bool]:
        """The instant that is meant, and whether it lies in the past by more than `margin`."""
        now = self.clock.now()
        return self.instant(at), at is not None and asof.is_past(at, now, margin=margin)

    async def risk(self, organisation: str, person: str, at: datetime | None = None) -> dict[str, Any]:
        """One person's risk of leaving as of now (or `at`), with reasons and a strategy. raises: NotFound."""
        at, past = self._instant(at)
        return await asyncio.to_thread(story.risk, self.database, self.rules, organisation, person, at, past=past)

    async def tick(self, at: datetime | None = None, *, everybody: bool = False, daily: bool = False) -> Any:
        """One tick now or at `at`; None when another process is ticking. See `ticking.tick`."""
        at, past = self._instant(at, margin=asof.LATE)
        young = timedelta(minutes=self.settings[RESUME_MINUTES])
        return await asyncio.to_thread(
            ticking.tick, self.database, self.rules, at=at, everybody=everybody, daily=daily, past=past, young=young
        )

    async def rehearse(self, at: datetime | None = None, *, organisation: str | None = None) -> dict[str, Any]:
        """What a tick over everybody (or one organisation's people) would do now or at `at`; nothing is written.

        The answer has the shape of `tick_summary`; its id is None, and silence is among the decisions.
        raises: NotFound for an organisation that nobody knows.
        """
        at, past = self._instant(at, margin=asof.LATE)
        whose = None if organisation is None else await self.require(organisation)
        return await asyncio.to_thread(
            ticking.rehearse, self.database, self.rules, at=at, past=past, organisation=whose
        )

    async def require(self, organisation: str) -> int:
        """Our id of an organisation. raises: NotFound when nobody has named it yet."""
        async with self.database.service() as connection:
            return await organisations.number(connection, organisation)

    async def tick_summary(self, tick_id: int) -> dict[str, Any]:
        """What a tick did: its instant, people looked at, people reached, decisions by result and kind."""
        async with self.database.service() as connection:
            return await ledger.summary(connection, tick_id)

    async def ask(self, organisation: str, person: str, at: datetime | None = None) -> loop.Turn:
        """Decide about one person now, because somebody asked; the decision always goes to the ledger."""
        at, past = self._instant(at)
        return await asyncio.to_thread(asking.ask, self.database, self.rules, organisation, person, at, past=past)

    async def at_risk(
        self, organisation: str, *, limit: int = 20, after: tuple[float, int] | None = None
    ) -> list[dict[str, Any]]:
        """People of the organisation by risk, highest first, each with reasons in words."""
        async with self.database.acting_as(Identity(organisation)) as connection:
            rows = await risk.at_risk(connection, levels=["critical", "high", "medium"], limit=limit, after=after)
        return [{**row, "reasons": dropout.reasons(row)} for row in rows]

    async def explain(self, organisation: str, person: str, at: datetime | None = None) -> dict[str, Any]:
        """Why a person was or was not reached at an instant, also where silence was not stored."""
        at, past = self._instant(at)
        return await asyncio.to_thread(story.at, self.database, self.rules, organisation, person, at, past=past)

    async def explain_decision(self, organisation: str, decision_id: int) -> dict[str, Any]:
        """One row of the ledger in plain words. raises: NotFound."""
        return await asyncio.to_thread(story.of, self.database, organisation, decision_id)

    async def status(self) -> dict[str, Any]:
        """Versions, last tick, queue and failures."""
        silence = self.settings[WORKER_SILENCE]
        async with self.database.service() as connection:
            return {"tactful": tactful.__version__, **await status.figures(connection, silence=silence)}

    async def pause(
        self, organisation: str, *, scope: str, name: str, mode: str, actor: str, reason: str = ""
    ) -> dict[str, Any]:
        """Stop reaching people at once. scope: organisation, kind or channel; mode: pause or shadow."""
        async with self.database.acting_as(Identity(organisation)) as connection:
            row = await pauses.pause(connection, scope=scope, name=name, mode=mode, reason=reason, actor=actor)
            await audit.write(
                connection, actor=actor, act=mode, detail={"scope": scope, "name": name, "reason": reason}
            )
        return row

    async def resume(self, organisation: str, *, scope: str, name: str, mode: str, actor: str) -> dict[str, Any]:
        """End a pause. raises: NotFound when nothing is paused there."""
        async with self.database.acting_as(Identity(organisation)) as connection:
            if not await pauses.resume(connection, scope=scope, name=name, mode=mode):
                raise NotFound("Nothing is paused there.")
            await audit.write(connection, actor=actor, act=f"end {mode}", detail={"scope": scope, "name": name})
        return {"scope": scope, "name": name, "mode": mode, "ended": True}
