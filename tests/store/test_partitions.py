"""Partitions come into being with the first row of their month, whoever else wants them at that moment."""

import asyncio

from tactful.store.database import AsyncConnection, Database

ENSURE = "SELECT ensure_partition('events', '2031-05-17')"


async def test_two_who_want_the_same_month_at_once_both_get_it(database: Database) -> None:
    async with database.service() as first, database.service() as second:
        await first.execute(ENSURE)
        waiting = asyncio.create_task(second.execute(ENSURE))
        while not await _blocks_somebody(first):
            await asyncio.sleep(0.01)
        await first.commit()
        await waiting
    async with database.service() as connection:
        found = await connection.execute("SELECT count(*) AS n FROM pg_class WHERE relname = 'events_203105'")
        assert await found.fetchone() == {"n": 1}


async def _blocks_somebody(connection: AsyncConnection) -> bool:
    found = await connection.execute(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))) AS b"
    )
    row = await found.fetchone()
    return row is not None and bool(row["b"])
