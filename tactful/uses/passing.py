"""Passes: what is worked out about everybody once in a while, range by range, each range one transaction.

A pass of a name runs once at a time across all processes. It goes on after a crash where its last committed range
ended; the same pass again changes nothing. Progress stands in the table `passes`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from tactful.kernel.settings import Settings
from tactful.store.alone import alone
from tactful.store.database import Connection, Database
from tactful.store.decided.moments import Scope
from tactful.store.described.erasure import despite_erasure
from tactful.store.running import passes
from tactful.store.running.passes import Pass
from tactful.uses import patterns, plateaus, regressions, timing

# People in one range: bounds memory, and how long somebody in it who asks waits for one transaction.
RANGE = 1_000


class Judge(Protocol):
    """Works something out about the people in a scope and writes it; the caller commits. since: see `passes.since`."""

    def __call__(
        self, connection: Connection, scope: Scope, *, at: datetime, settings: Settings, since: datetime | None
    ) -> None:
        """Carry it out."""
        ...


@dataclass(frozen=True)
class Work:
    """What a pass of some name does. configuration: a print of the settings it works by.

    shares: of which organisations only a share (0..1) of what is believed is kept; None where nothing is. size: people
    in a range.
    """

    told: str
    judge: Judge
    configuration: Callable[[Settings], str]
    shares: Callable[[Connection, datetime, Settings], Mapping[int, float]] | None = None
    size: int = RANGE


WORKS: Mapping[str, Work] = {
    plateaus.NAME: Work("Finds who is stuck on a skill.", plateaus.judge, plateaus.configuration, plateaus.shares),
    regressions.NAME: Work("Finds what people are about to forget.", regressions.judge, regressions.configuration),
    # Mostly there is nothing new of anybody, so a range costs little; and it comes every half an hour.
    patterns.NAME: Work(
        "Works out topics, hours and needs of people.", patterns.judge, patterns.configuration, size=20 * RANGE
    ),
    timing.NAME: Work("Learns at which hours people are at their best.", timing.judge, timing.configuration),
}


def go(
    database: Database,
    name: str,
    settings: Settings,
    *,
    at: datetime,
    work: Work | None = None,
    size: int | None = None,
) -> Pass | None:
    """Carry out the pass of this name at `at`, or go on with one that died; None when another process is at it.

    work: what it does, by default that of WORKS. size: people in a range, by default as the work says.
    """
    what = work or WORKS[name]
    with alone(database, name) as mine:
        if not mine:
            return None
        mark = what.configuration(settings)
        with database.batch() as connection:
            done = passes.begin(connection, name, at=at, configuration=mark)
            since = passes.since(connection, name, mark)
            kept: dict[str, Any] = {} if what.shares is None else {"shares": what.shares(connection, done.at, settings)}
        if done.finished:
            return done
        judge = partial(what.judge, at=done.at, settings=settings, since=since, **kept)
        _complete(database, done, judge, size or what.size)
        with database.batch() as connection:
            passes.finish(connection, done)
            return passes.named(connection, done.id)


def _complete(database: Database, done: Pass, judge: Callable[[Connection, Scope], None], size: int) -> None:
    cursor = done.cursor
    while (upto := despite_erasure(database, partial(_range, done, judge, cursor, size))) is not None:
        cursor = upto


def _range(
    done: Pass, judge: Callable[[Connection, Scope], None], cursor: int, size: int, connection: Connection
) -> int | None:
    """The last person of the range after `cursor`, once it is done; None where nobody is left."""
    following = passes.boundary(connection, after=cursor, size=size)
    if following is None:
        return None
    upto, people = following
    judge(connection, Scope(after=cursor, upto=upto))
    passes.advance(connection, done, cursor=upto, people=people)
    return upto


def listed(database: Database) -> list[dict[str, Any]]:
    """The last two passes of each name, newest first, with `state`: at work, stopped, finished or abandoned."""
    with database.batch() as connection:
        found = passes.listed(connection)
    return [{**row, "state": _state(database, row)} for row in found]


def _state(database: Database, row: Mapping[str, Any]) -> str:
    if row["finished_at"] is not None:
        return "finished"
    if row["abandoned_at"] is not None:
        return "abandoned"
    # Whoever is at it holds the lock.
    with alone(database, row["name"]) as free:
        return "stopped" if free else "at work"
