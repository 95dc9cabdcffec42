"""What there is to do: content and skills, as operators describe them. Runs under the operator's row security."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from psycopg import sql

from tactful.kernel.errors import BadInput
from tactful.store.database import AsyncConnection

SINGLE = (str, float, int, type(None))

# One after the other within an organisation, so that two that would close a circle cannot pass each other.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('catalogue ' || current_organisation(), 0))"

# All that comes before, in one set; a circle that is there already ends by itself.
BEFORE = """
WITH RECURSIVE before (id) AS (
  SELECT unnest(%(prerequisites)s::text[])
   UNION
  SELECT unnest(t.prerequisites) FROM before b JOIN {table} t ON t.id = b.id
)
SELECT 1 FROM before WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill. difficulty: 0 (easy) to 1 (hard). prerequisites: ids of skills, which may come later."""

    id: str
    title: str | None = None
    difficulty: float | None = None
    prerequisites: Sequence[str] = ()
    topics: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A piece of content. difficulty: 0 (easy) to 1 (hard). prerequisites: ids of content. skills: ids."""

    id: str
    title: str | None = None
    kind: str = "lesson"
    difficulty: float | None = None
    prerequisites: Sequence[str] = ()
    topics: Sequence[str] = ()
    skills: Sequence[str] = ()


async def write_skill(connection: AsyncConnection, told: Skill) -> None:
    """Replace what the identity's organisation says of a skill. raises: BadInput for what comes before itself."""
    await _write(connection, "skills", told)


async def write_content(connection: AsyncConnection, told: Content) -> None:
    """Replace what the identity's organisation says of a piece of content. raises: as `write_skill`."""
    await _write(connection, "content", told)


async def skill(connection: AsyncConnection, skill_id: str) -> dict[str, Any] | None:
    """A skill of the identity's organisation, if there is one."""
    return await (await connection.execute("SELECT * FROM skills WHERE id = %s", (skill_id,))).fetchone()


async def content(connection: AsyncConnection, content_id: str) -> dict[str, Any] | None:
    """A piece of content of the identity's organisation, if there is one."""
    return await (await connection.execute("SELECT * FROM content WHERE id = %s", (content_id,))).fetchone()


async def _write(connection: AsyncConnection, table: str, told: Skill | Content) -> None:
    if told.prerequisites:
        await _in_order(connection, table, told)
    # Whoever names a thing twice means it once.
    values = {name: value if isinstance(value, SINGLE) else _once(value) for name, value in asdict(told).items()}
    statement = sql.SQL(
        """INSERT INTO {table} (organisation_id, {names}, updated_at) VALUES (current_organisation(), {places}, now())
           ON CONFLICT (organisation_id, id) DO UPDATE SET ({names}, updated_at) = ({places}, now())"""
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, values)),
        places=sql.SQL(", ").join(map(sql.Placeholder, values)),
    )
    await connection.execute(statement, values)


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))


async def _in_order(connection: AsyncConnection, table: str, told: Skill | Content) -> None:
    await connection.execute(LOCK)
    before = sql.SQL(BEFORE).format(table=sql.Identifier(table))
    found = await connection.execute(before, {"prerequisites": _once(told.prerequisites), "id": told.id})
    if await found.fetchone():
        raise BadInput(
            f"prerequisites: {told.id} would have to come before itself; leave out what leads back to it.",
            fields=["prerequisites"],
        )
