"""A wave: a few deliveries that go out together, asked about again and worded right before.

From the commit that marks them on they may have arrived; before it nothing has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from tactful.decide import Rules
from tactful.kernel.records import Delivery, Message
from tactful.kernel.settings import Settings
from tactful.loop import look, send
from tactful.store.database import Connection, Database
from tactful.store.decided import deliveries
from tactful.store.decided.moments import Scope
from tactful.store.described import own
from tactful.store.described.erasure import despite_erasure
from tactful.store.reading import RowReader
from tactful.uses import experiments
from tactful.uses.governing import governing
from tactful.uses.sending.settings import ACTION_URL, PUBLIC_URL

# Where what stops messages is answered, below the public address.
OUT = "/api/v1/out/"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery on its way. id, address: our numbers of the row and of where it goes."""

    id: int
    address: int | None
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Wave:
    """taken: how many interventions were due and looked at; parcels: those deliveries that go."""

    taken: int
    parcels: Sequence[Parcel]


def prepare(database: Database, rules: Rules, settings: Settings, channel: str, *, at: datetime, size: int) -> Wave:
    """Take up to `size` deliveries of a channel that are due, and mark those that may go as being sent."""
    return despite_erasure(database, partial(_prepare, rules, settings, channel, at, size))


def _prepare(rules: Rules, settings: Settings, channel: str, at: datetime, size: int, connection: Connection) -> Wave:
    held = deliveries.take(connection, channel, at=at, size=size)
    if not held:
        return Wave(0, [])
    waiting = deliveries.interventions(connection, sorted({intervention for _, intervention in held}))
    settled = deliveries.settled(connection, sorted(set(waiting["person_id"])))
    waiting = waiting.filter(pl.col("person_id").is_in(settled))
    if waiting.is_empty():
        return Wave(0, [])
    scope = Scope(people=tuple(sorted(settled)))
    rules = governing(connection, rules, people=scope.people)
    seen = look(RowReader(connection), scope, at=at, rules=rules)
    ready = set(send(connection, waiting, seen, rules=rules, at=at)["intervention_id"])
    rows = deliveries.going(connection, [delivery for delivery, intervention in held if intervention in ready])
    words = experiments.worded(connection, rows, scope.people, at, rules=rules)
    deliveries.mark(connection, [row["id"] for row in rows], words, at=at)
    theirs = own.told(connection.execute(*own.question(people=scope.people)).fetchall()).bodies
    parcels = [_parcel(row, words[row["intervention_id"]], theirs, settings) for row in rows]
    return Wave(waiting.height, parcels)


def _parcel(
    row: Mapping[str, Any], said: Message, theirs: Mapping[int, Mapping[str, Any]], settings: Settings
) -> Parcel:
    mark = row["mark"].hex
    pattern = theirs.get(row["organisation_id"], {}).get(ACTION_URL.name, settings[ACTION_URL])
    opens = pattern.format(action=said.action, mark=mark) if said.action else ""
    delivery = Delivery(
        row["intervention_id"],
        row["channel"],
        row["address"],
        Message(said.title, said.body, opens, said.template),
        row["expires_at"],
        out=f"{settings[PUBLIC_URL].rstrip('/')}{OUT}{row['token'].hex}" if row["token"] is not None else "",
        mark=mark,
        language=row["locale"],
        secret=row["secret"],
        key=mark,
    )
    return Parcel(row["id"], row["address_id"], delivery)
