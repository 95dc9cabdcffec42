"""An engine with a bot, and people who chat with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Protocol

from tactful.bootstrap import Engine
from tactful.decide.settings import HOLDOUT
from tactful.kernel.clock import SetClock
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.settings import DATABASE_URL, REDIS_URL, ROLE_SECRET
from tactful.store.steps import run
from tests.conftest import ROLE_SECRET as SECRET
from tests.living import NOW, one

ANA = ("acme", "ana")


class Peopled(Protocol):
    """Of a peer, what people do."""

    def settings(self) -> dict[str, Any]: ...

    def address(self, who: str) -> str: ...

    def says(self, chat: str, text: str) -> Any: ...

    def told(self, chat: str) -> list[str]: ...


@asynccontextmanager
async def chatting(
    database: Database, redis_url: str, peer: Peopled, clock: SetClock, **more: Any
) -> AsyncIterator[Engine]:
    """An open engine on the test's own database that talks to this peer."""
    servers = {DATABASE_URL.name: database.owner_url, REDIS_URL.name: redis_url, ROLE_SECRET.name: SECRET}
    settings = Settings({**servers, HOLDOUT.name: 0.0, **peer.settings()}).replace(**more)
    async with Engine(settings, clock=clock) as engine:
        await engine.valkey.flushdb()
        yield engine


async def hear(engine: Engine, channel: str) -> int:
    """Take what was said since; how much of it was new."""
    chat = engine.chats[channel]
    heard = await chat.hear(await engine.chat_place(channel))
    return await engine.take_heard(channel, heard)


async def link(engine: Engine, channel: str, peer: Peopled, whom: tuple[str, str] = ANA) -> str:
    """Let somebody link their chat by a link of their own; the chat."""
    begun = await engine.link_started(*whom, channel)
    chat = peer.address(whom[1])
    peer.says(chat, f"/start {begun['token']}")
    await hear(engine, channel)
    return chat


# Something that waits for ana, as a tick would have planned it for a channel; and what it is when it was sent.
PLAN = """
WITH planned AS (
  INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, channel,
                                 context, triggered_at, due_at, expires_at)
  SELECT id, organisation_id, 'morning_ritual', 5, 'morning_ritual', 'planned', %(channel)s,
         '{"current_streak": 6}', %(at)s, %(at)s, %(expires)s FROM people WHERE external_id = 'ana' RETURNING *)
INSERT INTO deliveries (organisation_id, person_id, intervention_id, channel, due_at, expires_at, address_id)
SELECT p.organization_id, user_id, p.id, p.channel, due_at, expires_at, a.id
  FROM planned p JOIN addresses a ON a.person_id = p.user_id AND a.channel = p.channel RETURNING intervention_id
"""


def plan(database: Database, channel: str) -> int:
    """Let something wait for ana in `channel` until an hour from NOW; answers its id."""
    at = NOW - timedelta(minutes=1)
    seen = Event(id="first", person=ANA[1], kind="visit", occurred_at=at)
    with database.batch() as connection:
        run(connection, count_rows([(ANA[0], seen)], now=NOW))
        row = connection.execute(PLAN, {"channel": channel, "at": at, "expires": NOW + timedelta(hours=1)}).fetchone()
    assert row is not None
    return int(row["intervention_id"])


def allowed(database: Database) -> Any:
    """Whether ana allows what leaves the product."""
    return one(database, "SELECT consent->>'outreach' FROM people WHERE external_id = 'ana'")
