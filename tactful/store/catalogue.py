"""What there is to do: content and skills, as operators describe them. Runs under the operator's row security."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from psycopg import sql

from tactful.store.database import AsyncConnection


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill. difficulty: 0 (easy) to 1 (hard). prerequisites: ids of skills."""

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
    """Replace what the identity's organisation says of a skill."""
    await _write(connection, "skills", asdict(told))


async def write_content(connection: AsyncConnection, told: Content) -> None:
    """Replace what the identity's organisation says of a piece of content."""
    await _write(connection, "content", asdict(told))


async def skill(connection: AsyncConnection, skill_id: str) -> dict[str, Any] | None:
    """A skill of the identity's organisation, if there is one."""
    return await (await connection.execute("SELECT * FROM skills WHERE id = %s", (skill_id,))).fetchone()


async def content(connection: AsyncConnection, content_id: str) -> dict[str, Any] | None:
    """A piece of content of the identity's organisation, if there is one."""
    return await (await connection.execute("SELECT * FROM content WHERE id = %s", (content_id,))).fetchone()


async def _write(connection: AsyncConnection, table: str, row: dict[str, Any]) -> None:
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
    statement = sql.SQL(
        """INSERT INTO {table} (organisation_id, {names}, updated_at) VALUES (current_organisation(), {places}, now())
           ON CONFLICT (organisation_id, id) DO UPDATE SET ({names}, updated_at) = ({places}, now())"""
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, values)),
        places=sql.SQL(", ").join(map(sql.Placeholder, values)),
    )
    await connection.execute(statement, values)
