"""A tick: turns for everybody whose moment has come, in batches, each batch one transaction."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import polars as pl

from tactful.decide import Rules, chances, choose
from tactful.kernel.settings import Settings
from tactful.loop import look, send, settle, turn
from tactful.store.alone import alone
from tactful.store.database import Connection, Database
from tactful.store.decided import interventions, snoozed, ticks
from tactful.store.decided.moments import Scope
from tactful.store.decided.ticks import Tick
from tactful.store.described.erasure import despite_erasure
from tactful.store.reading import RowReader, reader
from tactful.store.settings import RESUME_MINUTES
from tactful.uses import beliefs, milestones, timing
from tactful.uses.governing import governing

# People in one batch: bounds memory and the length of one transaction.
BATCH = 1_000_000


def tick(
    database: Database,
    rules: Rules,
    *,
    at: datetime,
    everybody: bool = False,
    daily: bool = False,
    past: bool = False,
    batch: int = BATCH,
    young: timedelta = timedelta(minutes=RESUME_MINUTES.default),
) -> Tick | None:
    """One tick at `at`: settle, release what waited, decide about everybody whose moment has come.

    One at a time across all processes: None when another is running. The same tick again changes
    nothing; a tick that died goes on where its last committed batch ended, before any later one.
    past: `at` lies in the past; everybody is asked about as of then. batch: people per transaction.
    young: how long after its moment a tick that died is gone on with.
    """
    with alone(database, ticks.NAME) as mine:
        if not mine:
            return None
        with database.batch() as connection:
            rules = governing(connection, rules)
            configuration = rules.stored()
            left = ticks.died(connection, at=at, young=young, policy=rules.policy_name, configuration=configuration[0])
            # The schedule says when to look next, not when to have looked: a past instant asks about everybody.
            scope = "daily" if daily else "all" if everybody or past else "due"
            now = ticks.begin(
                connection,
                at=at,
                scope=scope,
                policy=rules.policy_name,
                configuration=configuration,
                own_upto=rules.upto,
            )
            if not now.finished:
                settle(connection, at, rules=rules)
                snoozed.back(connection, at)
        for each in [*(one for one in left if one.id != now.id), now]:
            if not each.finished:
                _complete(database, _as_begun(database, rules, each), each, batch, past=past)
        return now


def _as_begun(database: Database, rules: Rules, now: Tick) -> Rules:
    """The rules a tick began with, whatever organisations have set for themselves since: it says which they are."""
    if now.own_upto == rules.upto:
        return rules
    with database.batch() as connection:
        return governing(connection, rules, upto=now.own_upto)


def rehearse(
    database: Database,
    rules: Rules,
    *,
    at: datetime,
    past: bool = False,
    organisation: int | None = None,
    batch: int = BATCH,
    instead: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What a tick over everybody at `at` would decide; nothing is written, claimed or released.

    Told as `ledger.summary` tells a tick, silence included: id is None, and the people of all decisions
    are the people looked at. organisation: only this one's people, by our own id; instead: as if these were all the
    settings it had of its own. past: see `tick`.
    """
    with database.batch() as connection:
        rules = governing(connection, rules, organisations=None if organisation is None else [organisation])
    if organisation is not None and instead is not None:
        rules = rules.with_own({organisation: instead}, upto=rules.upto)
    counts: Counter[tuple[str, str | None]] = Counter()
    cursor = 0
    while (upto := _boundary(database, at, cursor, due=False, size=batch)) is not None:
        with reader(database, few=False) as source:
            seen = look(source, Scope(after=cursor, upto=upto), at=at, rules=rules, past=past)
        if organisation is not None:
            seen = seen.filter(pl.col("organisation_id") == organisation)
        decided = choose(seen, at=at, rules=rules, draws=chances(seen, at))
        counts.update({(result, chosen): people for result, chosen, people in _tallied(decided).iter_rows()})
        cursor = upto
    reached = sum(people for (result, _), people in counts.items() if result == "acted")
    rows = [{"result": result, "chosen": chosen, "people": people} for (result, chosen), people in counts.most_common()]
    return {"id": None, "at": at, "people": counts.total(), "reached": reached, "decisions": rows}


def _tallied(decided: pl.DataFrame) -> pl.DataFrame:
    return decided.group_by("result", "chosen").agg(pl.len()).sort("result", "chosen")


def _complete(database: Database, rules: Rules, now: Tick, batch: int, *, past: bool) -> None:
    cursor, due = now.cursor, now.scope == "due"
    with database.batch() as connection:
        woken = ticks.woken(connection, now)
    if not past:
        milestones.keep_up_live(database, rules, now.at)
    reached: set[int] = set()
    while (upto := _boundary(database, now.at, cursor, due=due, woken=woken, size=batch)) is not None:
        people = Scope(after=cursor, upto=upto, due=due, woken=woken)
        # Before anybody is looked at, so that what they reached is known by then.
        if not past:
            milestones.keep_up(database, rules, people, now.at)
        reached |= despite_erasure(database, partial(_batch, database, rules, now, people, past))
        cursor = upto
    # After all decisions, so that none waits for it. Of the past nothing is kept: it was not believed then.
    if reached and not past:
        note = partial(timing.note, people=reached, at=now.at, settings=Settings(rules.values))
        despite_erasure(database, note)
    if now.scope == "daily":
        beliefs.rescale(database, rules, now.at)
        beliefs.keep(database, rules, now.at)
    with database.batch() as connection:
        ticks.finish(connection, now)


def _boundary(
    database: Database, at: datetime, cursor: int, *, due: bool, size: int, woken: tuple[int, ...] = ()
) -> int | None:
    with database.batch() as connection:
        last = ticks.due_boundary(connection, at=at, woken=woken) if due else None
        if due and (last is None or last <= cursor):
            return None
        upto = ticks.boundary(connection, after=cursor, size=size)
        return upto if upto is None or last is None else min(upto, last)


def _batch(database: Database, rules: Rules, now: Tick, scope: Scope, past: bool, connection: Connection) -> set[int]:
    """A batch of the tick; answers who was reached, by our own ids."""
    with reader(database, few=False) as source:
        seen = look(source, scope, at=now.at, rules=rules, past=past)
        waiting = interventions.deferred(source, Scope(after=scope.after, upto=scope.upto), at=now.at)
    released: set[int] = set()
    if not waiting.is_empty():
        released = _release(connection, Scope(people=tuple(set(waiting["person_id"]))), rules, now.at, past=past)
    done = turn(connection, seen, rules=rules, tick=now, daily=now.scope == "daily")
    ticks.advance(connection, now, cursor=scope.upto, people=done.people, reached=done.reached)
    ticks.looked(connection, now, dict(seen.group_by("organisation_id").len().sort("organisation_id").iter_rows()))
    return released | set(done.decisions.filter(pl.col("result") == "acted")["person_id"])


def _release(connection: Connection, holders: Scope, rules: Rules, at: datetime, *, past: bool) -> set[int]:
    """Let go what still waits of these people, and answer whose went; somebody who asked may have been quicker."""
    source = RowReader(connection)
    waiting = interventions.deferred(source, holders, at=at, lock=True)
    gone = send(connection, waiting, look(source, holders, at=at, rules=rules, past=past), rules=rules, at=at)
    return set(gone["person_id"])
