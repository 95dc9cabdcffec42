"""One second of all live sessions that a process holds: read what is new, notice, decide, write.

Everything is written under the numbers by which the sessions are held. What was noticed comes first, and what follows
from it; then what the detectors were told. Whoever takes sessions over goes on from the last snapshot, tells the
detectors what is written and then what was heard; what it notices again within a minute was noticed before.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tactful.facts.engagement import BACK, Score
from tactful.kernel.settings import Settings
from tactful.store.database import Connection, Database, passing
from tactful.store.running import listening, outbox, partitions
from tactful.store.sensed import seconds
from tactful.uses.rooms.cases import Deciding
from tactful.uses.rooms.listening import Listening, Session, known
from tactful.uses.rooms.noticed import Noticed
from tactful.uses.rooms.turn import turn

log = logging.getLogger(__name__)
T = TypeVar("T")

# What is said of a session with which something cannot be done.
DROPPED, OPEN = "cannot be gone on with; what is new of it is dropped", "cannot be closed"

# What can be told once more need not be on disk before the next second: it is heard again from the signals, which are.
UNHURRIED = "SET LOCAL synchronous_commit = off"


@dataclass(slots=True)
class Second:
    """What a second brought. entries: of the outbox, committed. scores: of the row of each session."""

    entries: list[dict[str, Any]]
    sessions: list[Session]
    scores: Score | None
    viewers: NDArray[np.float64]
    at: datetime
    # When the detectors had answered, by the monotonic clock [s].
    noticed_at: float
    # Entries that were published meanwhile.
    told: list[int] = field(default_factory=list)

    def engagement(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """What organisers of each room are told of it: its number, and the data."""
        if self.scores is None:
            return
        at, viewers = self.at.isoformat(), self.viewers.tolist()
        columns = [getattr(self.scores, name).tolist() for name in Score._fields]
        for session in self.sessions:
            told = {name: known(each[session.row]) for name, each in zip(Score._fields, columns, strict=True)}
            yield session.id, {"at": at, **told, "viewers": int(viewers[session.row])}


@dataclass(slots=True)
class Holder:
    """A process that holds live sessions. name: its own. epochs: partition -> number, as last renewed."""

    database: Database
    settings: Settings
    name: str
    epochs: dict[int, int] = field(default_factory=dict)
    listening: Listening = field(init=False)
    _noticed: list[Noticed] = field(default_factory=list)
    _written: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listening = Listening(self.settings)

    def prepare(self) -> None:
        """Make the shares where there are none yet; once, before anything else."""
        with self.database.batch() as connection:
            partitions.prepare(connection)

    def hold(self) -> None:
        """Renew what is held, take what is free; twice a second. For a thread of its own."""
        with self.database.batch() as connection:
            held = partitions.hold(connection, self.name)
        self.epochs = held

    def part(self) -> None:
        """Give everything back, so that another may go on at once."""
        with self.database.batch() as connection:
            kept = partitions.still(connection, self.name, self.epochs)
            self._keep(connection, {each: self.epochs[each] for each in kept}, everything=True)
            partitions.part(connection, self.name, list(self.epochs))
        self.epochs = {}

    def second(self, now: datetime, deciding: Deciding) -> Second:
        """Let the time come to `now`: what is noticed is decided about and written. `keep` comes after it.

        raises: psycopg.Error; what could not be written then is written next time.
        """
        second, epochs = int(now.timestamp()), dict(self.epochs)
        self.listening.turn(second)
        self._read(second, epochs)
        sessions, scores = self.listening.score()
        noticed, written = self.listening.due(scores)
        self._noticed += noticed + self.listening.attend()
        self._written += written
        noticed_at = time.monotonic()
        entries = self._decide(now, epochs, deciding)
        return Second(
            entries, sessions, scores if sessions else None, self.listening.viewers.copy(), self._at(), noticed_at
        )

    def _read(self, second: int, epochs: dict[int, int]) -> None:
        with self.database.batch() as connection:
            live = listening.live(connection, list(epochs))
            wanted = {each: epochs[partitions.partition(each)] for each in live}
            self._drop(wanted)
            told = listening.described(connection, self.listening.unread(live))
            new = [row for row in told if row["live_session_id"] not in self.listening.sessions]
            if new:
                self._take(connection, new, wanted)
            self.listening.change(told)
            since = datetime.fromtimestamp(second - BACK + 1, UTC)
            news = seconds.news(connection, self.listening.heard(), since=since)
        self.listening.hear(news)

    def _drop(self, wanted: dict[int, int]) -> None:
        """Let go of sessions that have ended, or that were held by another meanwhile."""
        held = self.listening.sessions.values()
        gone = [each.id for each in held if wanted.get(each.id) != each.epoch]
        self.listening.end(gone)
        self._noticed = [each for each in self._noticed if each.live_session_id not in gone]
        self._written = [row for row in self._written if row["live_session_id"] not in gone]

    def _take(self, connection: Connection, new: Sequence[dict[str, Any]], epochs: dict[int, int]) -> None:
        ids = [row["live_session_id"] for row in new]
        # Read first: were the database away between the two, sessions would go on with less than is known of them.
        kept, told = listening.snapshots(connection, ids), listening.told(connection, ids)
        self.listening.begin(new, kept, epochs)
        self._noticed += self.listening.catch_up(told)

    def keep(self, told: Sequence[int] = ()) -> None:
        """Write what the detectors were told in the last second, and where they stand; nobody waits for it.

        told: entries of the outbox that were published.
        raises: psycopg.Error; what could not be written then is written next time.
        """
        with self.database.batch() as connection:
            connection.execute(UNHURRIED)
            held = self._held(connection, dict(self.epochs))
            written = [row for row in self._written if _of(row["live_session_id"], held)]
            _all_or_apart(partial(_write, connection), written, key=_whose)
            self._keep(connection, held)
            _apart(partial(_close, connection), listening.over(connection, list(held)), key=_whose, lost=OPEN)
            outbox.told(connection, told)
        self._written = []

    def _decide(self, now: datetime, epochs: dict[int, int], deciding: Deciding) -> list[dict[str, Any]]:
        if not self._noticed:
            return []
        decide = partial(self._turn, epochs=epochs, deciding=deciding, at=now)
        entries = _all_or_apart(decide, self._noticed, key=lambda each: each.live_session_id)
        self._noticed = []
        return entries

    def _turn(
        self, noticed: Sequence[Noticed], *, epochs: dict[int, int], deciding: Deciding, at: datetime
    ) -> list[dict[str, Any]]:
        # What is written is sent together: nobody waits for one answer before the next is asked.
        with self.database.batch() as connection, connection.pipeline():
            held = self._held(connection, _these(epochs, noticed))
            mine = [each for each in noticed if _of(each.live_session_id, held)]
            return turn(connection, mine, at=at, deciding=deciding)

    def _held(self, connection: Connection, epochs: dict[int, int]) -> dict[int, int]:
        kept = partitions.still(connection, self.name, epochs)
        return {each: epoch for each, epoch in epochs.items() if each in kept}

    def _keep(self, connection: Connection, held: dict[int, int], *, everything: bool = False) -> None:
        rows = [row for row in self.listening.kept(everything=everything) if _of(row[0], held)]
        listening.keep(connection, rows, self._at())

    def _at(self) -> datetime:
        return datetime.fromtimestamp(self.listening.now, UTC)


def _write(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[Any]:
    with connection.transaction():
        listening.write(connection, rows)
    return []


def _close(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[Any]:
    with connection.transaction():
        for row in rows:
            listening.close(connection, row["live_session_id"], row["level"])
    return []


def _whose(row: dict[str, Any]) -> int:
    return int(row["live_session_id"])


def _all_or_apart(
    work: Callable[[Sequence[T]], list[Any]], things: Sequence[T], *, key: Callable[[T], int]
) -> list[Any]:
    """`work` on all of them at once, or `_apart` where that cannot be done."""
    try:
        return work(things)
    except Exception as error:
        if passing(error):
            raise
        log.warning("Live sessions: %s. They are gone on with one by one.", error)
        return _apart(work, things, key=key)


def _apart(
    work: Callable[[Sequence[T]], list[Any]], things: Sequence[T], *, key: Callable[[T], int], lost: str = DROPPED
) -> list[Any]:
    """`work` session by session, so that none waits for one with which it cannot be done; that one is dropped."""
    done: list[Any] = []
    for session in sorted({key(each) for each in things}):
        try:
            done += work([each for each in things if key(each) == session])
        except Exception as error:
            if passing(error):
                raise
            log.exception("Live session %d %s.", session, lost)
    return done


def _of(live_session_id: int, held: dict[int, int]) -> bool:
    return partitions.partition(live_session_id) in held


def _these(epochs: dict[int, int], noticed: Sequence[Noticed]) -> dict[int, int]:
    wanted = {partitions.partition(each.live_session_id) for each in noticed}
    return {each: epoch for each, epoch in epochs.items() if each in wanted}
