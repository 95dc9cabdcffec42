"""The one place where the verbs meet: `turn`, `send`, `settle`. Read this first.

A turn takes any number of people through sense -> predict -> decide at one instant and commits
what follows in one transaction. `send` is the moment before a channel hands something over: every
guard rail is asked again. `settle` closes what time has decided. `ticking` takes turns for everybody who is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from tactful.compose.context import context
from tactful.compose.render import render
from tactful.decide import Rules, chances, choose, review, with_wall_clock
from tactful.deliver import CHANNELS
from tactful.facts.activity import RECENT
from tactful.kernel.records import IN_APP, Delivery, Message
from tactful.kernel.settings import Settings
from tactful.predict import dropout
from tactful.store import asof, attention, features, interventions, ledger, lookup, moments, risk, schedule, ticks
from tactful.store.database import Connection, Database
from tactful.store.interventions import STATES
from tactful.store.moments import Scope
from tactful.store.reading import Reader, RowReader
from tactful.store.ticks import Tick

RECENT_WEEKS = features.Question(dropout.features, RECENT)
# What goes through these waits until the person comes by.
FETCHED = {channel.name: channel for channel in CHANNELS if channel.fetched}


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn did. decisions: DECISION as written to the ledger, with `decision_id`."""

    decisions: pl.DataFrame
    people: int
    reached: int


def look(source: Reader, scope: Scope, *, at: datetime, rules: Rules) -> pl.DataFrame:
    """Everything known and believed about the people in `scope` at `at`: MOMENT with BELIEF."""
    if asof.is_past(source, scope, at):
        asof.shadow(source, scope, at)
    known = with_wall_clock(moments.read(source, scope, at=at, defaults=rules.defaults), at)
    facts = features.read(source, RECENT_WEEKS, scope, at=at)
    return known.hstack(dropout.score(known, facts, settings=Settings(rules.values)))


def turn(
    connection: Connection, seen: pl.DataFrame, *, rules: Rules, tick: Tick, asked: bool = False, daily: bool = False
) -> Turn:
    """Decide about everybody in `seen` and write what follows; the caller commits.

    asked: somebody wants to know, so every decision goes to the ledger. daily: rewrite all risk rows.
    """
    decided = choose(seen, at=tick.at, rules=rules, draws=chances(seen, tick.at))
    decided = _claimed(connection, decided, seen, rules=rules, at=tick.at)
    news = ledger.due(decided.with_columns(seen["ledger_print"]), asked=asked)
    facts = seen.join(news.select("person_id"), on="person_id", how="semi", maintain_order="left")
    news = news.with_columns(facts.select(context().alias("facts")).to_series())
    written = ledger.record(connection, news, ledger.Entry(tick.id, tick.at, rules.policy_name))
    chosen = written.filter(pl.col("result").is_in(list(STATES))).with_columns(
        pl.lit(IN_APP).alias("channel"), pl.col("facts").alias("context")
    )
    interventions.plan(connection, chosen, at=tick.at)
    risk.rewrite(connection, seen if daily else risk.changed(seen), at=tick.at)
    schedule.next_due(connection, seen.filter("was_due"), decided)
    return Turn(written, seen.height, chosen.filter(pl.col("result") == "acted").height)


def send(
    connection: Connection, waiting: pl.DataFrame, seen: pl.DataFrame, *, rules: Rules, at: datetime
) -> pl.DataFrame:
    """The last question before something is handed over: every guard rail again, then let go, wait or drop.

    waiting: OPEN rows of people in `seen`. Deferred ones claim attention only now; the claim a
    planned one already made does not stand in its own way. Answers the rows that may go.
    """
    verdict = review(waiting, seen, at=at, rules=rules)
    allowed = verdict.filter(pl.col("verdict") == "allowed")
    held = allowed.filter(pl.col("state") == "deferred").unique("person_id", keep="first", maintain_order=True)
    own = held["intervention_id"].to_list()
    granted = attention.claim(connection, held, seen, at=at, limits=rules.limits, own=own)
    released = held.filter(pl.col("person_id").is_in(granted))
    interventions.release(connection, released, at=at)
    interventions.postpone(connection, verdict.filter(pl.col("verdict") == "later"))
    lost = held.filter(~pl.col("person_id").is_in(granted))
    never = verdict.filter(pl.col("verdict") == "never")
    interventions.withdraw(connection, [*lost["intervention_id"], *never["intervention_id"]])
    return pl.concat([allowed.filter(pl.col("state") != "deferred"), released])


def settle(connection: Connection, at: datetime) -> int:
    """Close what time has decided: interventions that expired. Answers how many."""
    return interventions.expire(connection, at)


def ask(database: Database, rules: Rules, organisation: str, person: str, at: datetime) -> Turn:
    """A turn for one person because somebody asked, in one transaction. raises: NotFound."""
    with database.batch() as connection:
        mine = Scope(people=(lookup.find(connection, organisation, person),))
        source = RowReader(connection)
        now = ticks.begin(connection, at=at, scope="ask", policy=rules.policy_name, configuration=rules.stored())
        seen = look(source, mine, at=at, rules=rules)
        send(connection, interventions.deferred(source, mine, at=at), seen, rules=rules, at=at)
        done = turn(connection, seen, rules=rules, tick=now, asked=True)
        ticks.finish(connection, now)
        return done


def hand_over(database: Database, rules: Rules, whom: Sequence[tuple[str, str]], at: datetime) -> None:
    """Hand people who came by what waits for them: ask every guard rail again, word it, send it, keep the receipt.

    whom: (organisation, person) pairs; those nobody knows are passed over. All in one transaction, so
    what dies before its end still waits.
    """
    with database.batch() as connection:
        scope = Scope(people=lookup.find_all(connection, whom))
        waiting = interventions.planned(RowReader(connection), scope, channels=list(FETCHED), at=at)
        if waiting.is_empty():
            return
        seen = look(RowReader(connection), scope, at=at, rules=rules)
        ready = send(connection, waiting, seen, rules=rules, at=at)
        worded = [_worded(row, at) for row in interventions.outgoing(connection, ready["intervention_id"].to_list())]
        handed = [(delivery, FETCHED[delivery.channel].send(delivery, at)) for delivery in worded]
        interventions.handed_over(connection, handed, at=at)


def _worded(row: dict[str, Any], at: datetime) -> Delivery:
    """The delivery of an `outgoing` row. What comes back after a snooze says what it said before."""
    said = Message(row["title"], row["message"], row["action"])
    message = said if said.title else render(row["kind"], row["intervention_id"], row["context"], at)
    return Delivery(row["intervention_id"], row["channel"], row["address"], message, row["expires_at"])


def _claimed(
    connection: Connection, decided: pl.DataFrame, seen: pl.DataFrame, *, rules: Rules, at: datetime
) -> pl.DataFrame:
    """`decided` with the result `lost` where somebody else took the person's attention first."""
    wanted = decided.filter(pl.col("result") == "acted").with_columns(pl.col("chosen").alias("kind"))
    granted = attention.claim(connection, wanted, seen, at=at, limits=rules.limits)
    lost = (pl.col("result") == "acted") & ~pl.col("person_id").is_in(granted)
    return decided.with_columns(pl.when(lost).then(pl.lit("lost")).otherwise("result").alias("result"))
