"""What comes back after it was taken: an address that is gone or does not want it is left alone, at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from tactful.decide import Rules
from tactful.kernel.errors import Refusal
from tactful.store.database import Connection, Database
from tactful.store.decided import deliveries
from tactful.store.decided import returned as stored
from tactful.store.described import addresses
from tactful.store.described.erasure import despite_erasure
from tactful.uses.sending.result import another_way

QUEUED = "Not sent: an earlier message to this address came back."


@dataclass(frozen=True, slots=True)
class Returned:
    """One message that came back. mark: of its delivery; organisation: whose it must be, None for anybody's.

    most: from how many on that came back as undeliverable for now the address counts as gone.
    """

    channel: str
    mark: str
    refusal: Refusal
    detail: str
    organisation: str | None
    most: int


def returned(database: Database, rules: Rules, told: Returned, *, at: datetime) -> Mapping[str, Any] | None:
    """Note it. Answers `off`, whether the address is left alone from now on, and `stopped`: how many messages to it
    that were still to go; those go another way, or wait in the product. None where nobody knows the delivery.
    """
    return despite_erasure(database, partial(_returned, rules, told, at))


def _returned(rules: Rules, told: Returned, at: datetime, connection: Connection) -> Mapping[str, Any] | None:
    found = stored.find(connection, told.channel, told.mark, told.organisation)
    if found is None:
        return None
    # What is still tried may yet arrive.
    if told.refusal is Refusal.RETRY:
        return {"off": False, "stopped": 0}
    address = found["address_id"]
    waiting = [] if address is None else stored.queued(connection, address)
    deliveries.hold(connection, [found["id"], *waiting])
    if not stored.back(connection, found["id"], told.refusal, told.detail) or address is None:
        return {"off": False, "stopped": 0}
    refusal = told.refusal
    if refusal is Refusal.INVALID:
        if stored.count(connection, address) < told.most:
            return {"off": False, "stopped": 0}
        refusal = Refusal.GONE
    addresses.switch_off(connection, {address: str(refusal)}, at=at)
    stopped = stored.stop(connection, waiting, refusal, QUEUED)
    another_way(connection, rules, stopped, at)
    return {"off": True, "stopped": len(stopped)}
