"""Somebody who filled in every field that there is, each with a mark of its own, at every door; and who was reached."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI
from psycopg import sql

from tactful.api.app import create_app
from tactful.api.auth import issue
from tactful.api.settings import PERSON_PER_MINUTE as MOST_REQUESTS
from tactful.bootstrap import Engine
from tactful.decide.triggers.settings import SWITCHES
from tactful.kernel.clock import SetClock
from tactful.predict.dropout.settings import CRITICAL_FROM, HIGH_FROM
from tactful.store.database import Database
from tactful.testing.channels import PEERS
from tactful.testing.peers import Peer
from tactful.testing.pubsub_peer import PubsubPeer
from tactful.testing.reddit import RedditPeer
from tactful.testing.telegram import TelegramPeer
from tests.api.conftest import KEY, calling, engine_settings
from tests.respect.fields import marks

# A Wednesday, and noon for everybody here.
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
# Their id in the product is a mark like the others; so is our own number of them, and that of their chat.
WHO, NUMBER, CHAT = "zqm000x", 770001234567, "998877665544"
# Whoever was away for ten days is critical here. One thing at a time: a milestone would come before what is asked for.
PERSON_PER_MINUTE = 100
OWN = {
    HIGH_FROM.name: 0.35, CRITICAL_FROM.name: 0.4, SWITCHES["milestone_reached"].name: False,
    MOST_REQUESTS.name: PERSON_PER_MINUTE,
}  # fmt: skip


@dataclass
class Planted:
    """An engine, and what was put into it. planted: into which fields each mark went."""

    engine: Engine
    app: FastAPI
    client: httpx.AsyncClient
    peers: dict[str, Peer]
    clock: SetClock
    count: int = 0
    planted: dict[str, set[str]] = field(default_factory=dict)

    def mark(self) -> str:
        """A new one."""
        self.count += 1
        return f"zqm{self.count:03d}x"

    def bearer(self, sub: str, scope: str) -> dict[str, str]:
        """A token of these days."""
        token = issue(KEY, sub=sub, org="acme", scope=scope, now=self.clock.now(), hours=1)
        return {"Authorization": f"Bearer {token}"}

    async def put(self, address: str, body: Any = None, *, scope: str = "service", **path: Any) -> Any:
        """Call an address, which must take it; what it answered. path: what stands for names in it."""
        method, _, where = address.partition(" ")
        for name, value in path.items():
            where = where.replace(f"{{{name}}}", str(value))
        sub = WHO if scope == "person" else "olga"
        told = await self.client.request(method, where, json=body, headers=self.bearer(sub, scope))
        assert told.status_code < 300, f"{address}: {told.text}"
        for place, mark in marks(body):
            self.planted.setdefault(mark, set()).add(f"{address} {place}")
        return told.json() if told.content else None

    def beside(self, place: str, mark: str) -> str:
        """Note a mark that goes in by no address of ours; answers it."""
        self.planted.setdefault(mark, set()).add(place)
        return mark


@asynccontextmanager
async def planting(database: Database, redis_url: str) -> AsyncIterator[Planted]:
    """An engine with every channel set up, at NOON, where our number of the next person is NUMBER."""
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute(sql.SQL("ALTER TABLE people ALTER COLUMN id RESTART WITH {}").format(NUMBER))
    clock = SetClock(NOON)
    async with AsyncExitStack() as stack:
        peers = {name: stack.enter_context(make()) for name, make in _peers(clock, redis_url).items()}
        told = {name: value for peer in peers.values() for name, value in peer.settings().items()}
        settings = engine_settings(database, redis_url, **told, **OWN)
        engine = await stack.enter_async_context(Engine(settings, clock=clock))
        await engine.valkey.flushdb()
        app = create_app(engine)
        client = await stack.enter_async_context(calling(app))
        yield Planted(engine, app, client, peers, clock)


def _peers(clock: SetClock, redis_url: str) -> dict[str, Callable[[], Peer]]:
    own: dict[str, Callable[[], Peer]] = {
        "telegram": lambda: TelegramPeer(clock=clock, wait=0),
        "reddit": lambda: RedditPeer(clock=clock),
        "pubsub": lambda: PubsubPeer(redis_url),
    }
    return {**PEERS, **own}
