"""Somebody who can be reached outside the product, with something on its way to them; and a channel that is a line."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tactful.decide import Rules
from tactful.kernel.clock import SetClock
from tactful.kernel.ports import Can, Promise
from tactful.kernel.records import Delivery, Event, Receipt
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.running.pacing import Pacing
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.store.valkey import client
from tactful.uses.sending import Ways, send_due
from tests.deliver.waiting import RULES
from tests.living import NOW, rows

CHANNEL = "line"
LONG = timedelta(hours=6)

PLAN = """
WITH planned AS (
  INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, channel,
                                 context, triggered_at, due_at, expires_at)
  SELECT id, organisation_id, %(kind)s, 5, 'test', 'planned', %(channel)s, '{"current_streak": 6}', %(at)s, %(at)s,
         %(expires)s FROM people WHERE external_id = ANY(%(people)s) ORDER BY id RETURNING *)
INSERT INTO deliveries (organisation_id, person_id, intervention_id, channel, due_at, expires_at, address_id)
SELECT p.organization_id, p.user_id, p.id, p.channel, p.due_at, p.expires_at, a.id
  FROM planned p LEFT JOIN addresses a ON a.person_id = p.user_id AND a.channel = p.channel ORDER BY p.id, a.id
"""
ADDRESS = """
INSERT INTO addresses (organisation_id, person_id, channel, address)
SELECT organisation_id, id, %s, %s || external_id FROM people WHERE external_id = ANY(%s) ORDER BY id
"""


class Line:
    """A channel into a list. answer: what the other side does with each delivery; None takes it."""

    name = CHANNEL
    can: frozenset[Can] = frozenset()

    def __init__(
        self,
        promise: Promise = Promise.IDEMPOTENT,
        answer: Callable[[Delivery], Exception | None] = lambda delivery: None,
        *,
        pace: float = float("inf"),
    ) -> None:
        self.promise, self.answer, self.pace = promise, answer, pace
        self.taken: list[Delivery] = []

    def address(self, told: str) -> str:
        return told

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        await asyncio.sleep(0)
        if (trouble := self.answer(delivery)) is not None:
            raise trouble
        self.taken.append(delivery)
        return Receipt(f"taken {len(self.taken)}")

    async def close(self) -> None:
        return


def met(database: Database, *people: str, channel: str = CHANNEL) -> None:
    """People of acme who were here yesterday and have an address in a channel."""
    at = NOW - timedelta(days=1)
    with database.batch() as connection:
        seen = [("acme", Event(id=f"first {who}", person=who, kind="visit", occurred_at=at)) for who in people]
        run(connection, count_rows(seen, now=NOW))
        reached(connection, channel, *people)


def reached(connection: Any, channel: str, *people: str, prefix: str = "to ") -> None:
    """Give people an address in a channel."""
    connection.execute(ADDRESS, (channel, prefix, list(people)))


def plan(
    database: Database, *people: str, kind: str = "proactive_checkin", channel: str = CHANNEL, at: datetime = NOW
) -> None:
    """Let a message wait for each of these people."""
    values = {"people": list(people), "kind": kind, "channel": channel, "at": at, "expires": at + LONG}
    with database.batch() as connection:
        connection.execute(PLAN, values)


async def send(
    database: Database,
    redis_url: str,
    channel: Line,
    *,
    at: datetime = NOW,
    settings: dict[str, Any] | None = None,
    rules: Rules = RULES,
) -> int:
    """Send what is due through a channel; how many were taken."""
    valkey = client(redis_url)
    rules = rules.replace(channels=frozenset({CHANNEL, "other"}))
    try:
        return await send_due(
            Ways(database, rules, Settings(settings or {}), Pacing(valkey), SetClock(at).now), channel
        )
    finally:
        await valkey.aclose()


def deliveries(database: Database) -> list[dict[str, Any]]:
    """How every delivery stands, with its intervention's state and channel."""
    return rows(
        database,
        """SELECT p.external_id AS person, d.channel, d.state, d.refusal, d.error, d.attempts, d.due_at, d.sent_at,
                  d.reference, d.mark, i.state AS intervention, i.channel AS now_through, i.title, i.message, i.shown_at
             FROM deliveries d JOIN intervention_logs i ON i.id = d.intervention_id JOIN people p ON p.id = d.person_id
            ORDER BY d.id""",
    )
