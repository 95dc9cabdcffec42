"""Live sessions while they last: who listens, what a second brought, and publishing it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from tactful.bootstrap.running import Running
from tactful.decide.live import rules as live
from tactful.decide.policies.thompson import exploring
from tactful.kernel import ids
from tactful.sense.settings import POLL_RESULTS
from tactful.store.running import outbox
from tactful.store.running.outbox import Entry
from tactful.store.running.rooms import ORGANISERS, PATIENCE, body, tell_each
from tactful.uses.rooms import ending, settling
from tactful.uses.rooms.cases import Deciding
from tactful.uses.rooms.second import Holder, Second
from tactful.uses.rooms.turn import expire

# For so long what was learned of interventions is taken as it was [s].
LEARNED_SECONDS = 30.0
# Longer than this nobody clears the outbox at a stretch, for nobody else gets at what they hold [s].
CLEARING = 4.0
# What Valkey was told in its last seconds it may not have kept, if it was killed [s].
LOST = 10.0
# How long nobody may have looked before this process began [s].
BEFORE_US = 600.0


class Listening(Running):
    """What the process that listens to live sessions needs."""

    def holder(self) -> Holder:
        """A new holder of live sessions, with a name of its own."""
        return Holder(self.database, self.settings, ids.token(12))

    async def live_deciding(self) -> Deciding:
        """What decisions in live sessions depend on, as it was lately."""
        now = asyncio.get_running_loop().time()
        if self._live_deciding is None or now - self._live_deciding[0] > LEARNED_SECONDS:
            self._live_deciding = now, await asyncio.to_thread(self._learned)
        return self._live_deciding[1]

    def _learned(self) -> Deciding:
        with self.database.batch() as connection:
            known, wording = settling.believed(connection), settling.wording(connection)
        rules = live.rules(self.settings, policy=exploring(self.settings))
        return Deciding(rules, known, wording, self.settings[POLL_RESULTS])

    async def settle_live(self) -> None:
        """Say what came of moments whose time is over, learn from it, and let go of suggestions that nobody answered.

        Sessions that nobody ended are ended before it.

        raises: redis.RedisError, TimeoutError; what was not told then stays in the outbox.
        """
        await asyncio.to_thread(self._end_forgotten)
        told = await asyncio.to_thread(self._settle_live)
        async with asyncio.timeout(PATIENCE):
            await outbox.publish(self.valkey, (Entry(**row) for row in told))

    def _end_forgotten(self) -> None:
        # Apart from settling, which takes longer: whoever counts signals waits for what this holds.
        with self.database.batch() as connection:
            ending.end_forgotten(connection, self.clock.now(), self.settings)

    def _settle_live(self) -> list[dict[str, Any]]:
        with self.database.batch() as connection:
            at = self.clock.now()
            return settling.settle(connection, at, self.settings) + expire(connection, at)

    async def tell(self, done: Second) -> None:
        """Publish what was written in a second, each once. `Holder.keep` says so then, of `told`.

        raises: redis.RedisError; it stays in the outbox then.
        """
        if done.entries:
            await outbox.publish(self.valkey, (Entry(**row) for row in done.entries))
            done.told = [row["id"] for row in done.entries]

    async def publish(self) -> None:
        """Publish what is left in the outbox, and once more what Valkey may have forgotten if it was started again.

        raises: redis.RedisError, TimeoutError; it stays in the outbox then.
        """
        async with asyncio.timeout(CLEARING):
            now, life = asyncio.get_running_loop().time(), await outbox.life(self.valkey)
            async with self.database.service() as connection:
                if self._valkey_seen is None or self._valkey_seen[0] != life:
                    away = now - self._valkey_seen[1] if self._valkey_seen else BEFORE_US
                    await outbox.again(connection, seconds=away + LOST)
                await outbox.clear(connection, self.valkey)
        self._valkey_seen = life, now

    async def _publish(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Publish entries of the outbox that were just committed."""
        if entries:
            await outbox.publish(self.valkey, (Entry(**row) for row in entries))
            async with self.database.service() as connection:
                await outbox.done(connection, [row["id"] for row in entries])

    async def tell_engagement(self, done: Second) -> None:
        """Tell the organisers of each room how engaged its audience is. raises: redis.RedisError."""
        told = ((room, body("engagement", data, to=ORGANISERS)) for room, data in done.engagement())
        await tell_each(self.valkey, told)
