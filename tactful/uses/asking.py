"""Outside of ticks: a turn because somebody asks, and handing over because somebody came by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from tactful.decide import Rules
from tactful.deliver import FETCHED
from tactful.kernel.records import Delivery, Message
from tactful.loop import Turn, look, send, turn
from tactful.store.database import Connection, Database
from tactful.store.decided import interventions, ticks
from tactful.store.decided.moments import Scope
from tactful.store.described import lookup
from tactful.store.described.erasure import despite_erasure
from tactful.store.reading import RowReader
from tactful.uses import experiments
from tactful.uses.governing import governing


def ask(database: Database, rules: Rules, organisation: str, person: str, at: datetime, *, past: bool = False) -> Turn:
    """A turn for one person because somebody asked, in one transaction. past: see `look`. raises: NotFound."""
    return despite_erasure(database, partial(_ask, rules, (organisation, person), at, past))


def _ask(rules: Rules, whom: tuple[str, str], at: datetime, past: bool, connection: Connection) -> Turn:
    mine, source = (lookup.find(connection, *whom),), RowReader(connection)
    rules = governing(connection, rules, people=mine)
    interventions.expire(connection, at, mine)
    now = ticks.begin(
        connection, at=at, scope="ask", policy=rules.policy_name, configuration=rules.stored(), own_upto=rules.upto
    )
    waiting = interventions.deferred(source, Scope(people=mine), at=at, lock=True)
    seen = look(source, Scope(people=mine), at=at, rules=rules, past=past)
    send(connection, waiting, seen, rules=rules, at=at)
    done = turn(connection, seen, rules=rules, tick=now, asked=True)
    ticks.finish(connection, now)
    return done


def hand_over(database: Database, rules: Rules, whom: Sequence[tuple[str, str]], at: datetime) -> None:
    """Hand people who came by what waits for them: ask every guard rail again, word it, send it, keep the receipt.

    whom: (organisation, person) pairs; those nobody knows are passed over. All in one transaction, so
    what dies before its end still waits.
    """
    despite_erasure(database, partial(_hand_over, rules, whom, at))


def _hand_over(rules: Rules, whom: Sequence[tuple[str, str]], at: datetime, connection: Connection) -> None:
    scope = Scope(people=lookup.find_all(connection, whom))
    waiting = interventions.planned(RowReader(connection), scope, channels=list(FETCHED), at=at)
    if waiting.is_empty():
        return
    rules = governing(connection, rules, people=scope.people)
    seen = look(RowReader(connection), scope, at=at, rules=rules)
    ready = send(connection, waiting, seen, rules=rules, at=at)
    going = interventions.outgoing(connection, ready["intervention_id"].to_list())
    said = experiments.worded(connection, going, scope.people, at, rules=rules)
    worded = [_delivery(row, said[row["intervention_id"]]) for row in going]
    handed = [(delivery, FETCHED[delivery.channel].hand_over(delivery, at)) for delivery in worded]
    interventions.handed_over(connection, handed, at=at)


def _delivery(row: Mapping[str, Any], said: Message) -> Delivery:
    return Delivery(row["intervention_id"], row["channel"], None, said, row["expires_at"])
