"""Looking through everything that is stored: every table of every schema, and every key of Valkey."""

from typing import Any

import redis.asyncio
from psycopg import connect, sql
from psycopg.rows import dict_row

# Whatever holds rows, whoever made it; what PostgreSQL notes of its own objects is about no person. Rows of partitions
# are found in their parents, and those of a partition that hangs on nothing any more in itself.
PLACES = """
SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
 ORDER BY 1, 2
"""
# A whole row as text has all of its columns in it; bytes are told in hexadecimal.
ROWS = "SELECT t.*::text AS row FROM {} t WHERE t.*::text ILIKE ANY(%s)"


def in_database(url: str, *wanted: str) -> dict[str, list[str]]:
    """The rows that say one of these, in small or large letters, by table. url: as the owner, who sees all rows."""
    found: dict[str, list[str]] = {}
    likes = [f"%{each}%" for one in wanted for each in (one, one.encode().hex())]
    with connect(url, row_factory=dict_row) as connection:
        # Owners are held to row security, too; what they cannot see they must not take for nothing.
        connection.execute("SET row_security = off")
        for place in connection.execute(PLACES).fetchall():
            table = sql.Identifier(place["schema"], place["name"])
            rows = connection.execute(sql.SQL(ROWS).format(table), (likes,)).fetchall()
            if rows:
                found[f"{place['schema']}.{place['name']}"] = [row["row"] for row in rows]
    return found


def places(url: str) -> list[str]:
    """Every table that is looked through."""
    with connect(url, row_factory=dict_row) as connection:
        return [f"{each['schema']}.{each['name']}" for each in connection.execute(PLACES).fetchall()]


async def in_valkey(valkey: redis.asyncio.Redis, *wanted: str) -> dict[str, str]:
    """The keys that say one of these, or hold something that does, with what they hold."""
    found = {}
    async for key in valkey.scan_iter(count=1000):
        held = await _held(valkey, key)
        if any(each in f"{key!r} {held}".lower() for each in wanted):
            found[key.decode()] = held
    return found


async def _held(valkey: Any, key: bytes) -> str:
    """All that a key holds, whatever its kind."""
    kind = (await valkey.type(key)).decode()
    match kind:
        case "string":
            return repr(await valkey.get(key))
        case "hash":
            return repr(await valkey.hgetall(key))
        case "list":
            return repr(await valkey.lrange(key, 0, -1))
        case "set":
            return repr(await valkey.smembers(key))
        case "zset":
            return repr(await valkey.zrange(key, 0, -1, withscores=True))
        case "stream":
            return repr(await valkey.xrange(key)) + repr(await valkey.xinfo_groups(key))
    raise AssertionError(f"{key!r} is a {kind}, which nobody knows how to look through.")
