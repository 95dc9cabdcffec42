"""Looking after the engine: how it is doing, what was given up, and trying that again."""

from typing import Any

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput, Conflict
from tactful.sense import limits
from tactful.store.running import audit, letters, workings
from tactful.store.running.limits import AWAY


class Tending(Running):
    """The engine's workings."""

    async def workings(self, *, ticks: int = 60, tables: int = 12) -> dict[str, Any]:
        """jobs by task, the last ticks, the largest tables, how many processes listen to live sessions, and valkey:
        its version and memory [bytes], None while it does not answer. Nothing about people.
        """
        async with self.database.service() as connection:
            found = {
                "jobs": await workings.jobs(connection),
                "ticks": await workings.ticks(connection, limit=ticks),
                "tables": await workings.tables(connection, limit=tables),
                "listeners": await workings.listeners(connection),
            }
        return found | {"valkey": await self._valkey()}

    async def _valkey(self) -> dict[str, Any] | None:
        try:
            told = await self.valkey.info()
        except AWAY:
            return None
        version = told.get("valkey_version") or told.get("redis_version")
        return {"version": version, "bytes": told["used_memory"], "clients": told["connected_clients"]}

    async def dead_letters(self, organisation: str, *, limit: int = 50) -> list[dict[str, Any]]:
        """Jobs, and the organisation's deliveries and posts, that were given up, latest first. raises: BadInput."""
        named(organisation)
        limits.whole(limit, "limit", 1, limits.LARGEST_COUNT)
        async with self.database.service() as connection:
            return await letters.dead(connection, organisation, at=self.clock.now(), limit=limit)

    async def send_again(self, organisation: str, kind: str, id: int, *, actor: str = IN_PROCESS) -> str:
        """Try a dead letter again; answers what it is called. kind: job, post or delivery.

        raises: BadInput naming the field; Conflict where it was tried again already, or it is too late for it.
        """
        named(organisation)
        if kind not in letters.AGAIN:
            raise BadInput(f"kind must be one of {', '.join(letters.AGAIN)}.", fields=["kind"])
        limits.whole(id, "id", 1, limits.LARGEST_ID)
        async with self.database.service() as connection:
            name = await letters.again(connection, organisation, kind, id, at=self.clock.now())
            if name is None:
                raise Conflict("It was tried again already, or it is too late for it.")
            detail = {"kind": kind, "id": id, "name": name}
            await audit.write(connection, organisation=organisation, actor=actor, act="send again", detail=detail)
        return name
