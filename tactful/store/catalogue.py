"""What there is to do: content and skills, as operators describe them. Runs under the operator's row security."""

from collections.abc import Mapping
from typing import Any

from psycopg import sql

from tactful.store.database import AsyncConnection

COLUMNS = {
    "content": ("kind", "title", "difficulty", "prerequisites", "topics", "skills"),
    "skills": ("title", "difficulty", "prerequisites", "topics"),
}


async def write(connection: AsyncConnection, table: str, item: str, values: Mapping[str, Any]) -> None:
    """Replace one row of `table` (content or skills) of the identity's organisation. values: all its COLUMNS."""
    names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table]))
    places = sql.SQL(", ").join(map(sql.Placeholder, COLUMNS[table]))
    statement = sql.SQL(
        """INSERT INTO {table} (organisation_id, id, {names}, updated_at)
           VALUES (current_organisation(), {item}, {places}, now())
           ON CONFLICT (organisation_id, id) DO UPDATE SET ({names}, updated_at) = ({places}, now())"""
    ).format(table=sql.Identifier(table), names=names, places=places, item=sql.Placeholder("id"))
    await connection.execute(statement, {**values, "id": item})
