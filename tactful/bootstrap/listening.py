"""Live sessions while they last: who listens, what a second brought, and publishing it."""

import json

from tactful.bootstrap.running import Running
from tactful.decide.live import rules as live
from tactful.kernel import ids
from tactful.store.running import outbox
from tactful.store.running.outbox import ROOM, Entry
from tactful.uses.rooms.cases import NO_ARMS, Deciding
from tactful.uses.rooms.second import Holder, Second


class Listening(Running):
    """What the process that listens to live sessions needs."""

    def holder(self) -> Holder:
        """A new holder of live sessions, with a name of its own."""
        return Holder(self.database, self.settings, ids.unique())

    async def live_deciding(self) -> Deciding:
        """What decisions in live sessions depend on, as it is now."""
        return Deciding(live.rules(self.settings), NO_ARMS)

    async def tell(self, done: Second) -> None:
        """Publish what a second brought: what was written, each once; and to rooms how engaged they are.

        raises: redis.RedisError; what was written stays in the outbox then.
        """
        for row in done.entries:
            await outbox.publish(self.valkey, Entry(**row))
        if done.entries:
            async with self.database.service() as connection:
                await outbox.done(connection, [row["id"] for row in done.entries])
        await self._tell_engagement(done)

    async def publish(self) -> None:
        """Publish what is left in the outbox. raises: redis.RedisError."""
        async with self.database.service() as connection:
            await outbox.clear(connection, self.valkey)

    async def _tell_engagement(self, done: Second) -> None:
        if done.scores is None:
            return
        pipeline = self.valkey.pipeline(transaction=False)
        for message in done.engagement():
            pipeline.publish(f"{ROOM}{message.pop('room')}", json.dumps(message))
        await pipeline.execute()
