"""Who is in a live session, what they did there, and who raised a hand; under the row security of its operators."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection

# What a list of them can be sorted by; `-` before it: largest first. Whoever is there comes before whoever has left.
ORDERS = ("participant", "first_at", "last_at", "chats", "reactions", "votes", "questions", "hands")
NUMBER = "SELECT id FROM live_sessions WHERE session_id = %s AND organisation_id = current_organisation()"
PEOPLE = """
SELECT participant, present, since, first_at, last_at, chats, reactions, votes, questions, hands,
       count(*) OVER () AS total
  FROM live_participants WHERE live_session_id = %(session)s
 ORDER BY present DESC, {order}, participant LIMIT %(limit)s OFFSET %(offset)s
"""
HANDS = """
SELECT participant, max(at) AS at, count(*) AS many FROM signals
 WHERE live_session_id = %(session)s AND kind = 'hand_raised' AND participant IS NOT NULL AND at > %(since)s
 GROUP BY participant ORDER BY max(at) DESC LIMIT %(limit)s
"""

# Whoever has signals is known in a session; who was erased is not.
KNOWN = """
SELECT w.place FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS w (organisation, session, who, place)
  JOIN organisations o ON o.name = w.organisation
  JOIN live_sessions s ON s.organisation_id = o.id AND s.session_id = w.session
  JOIN live_participants p ON p.live_session_id = s.id AND p.participant = w.who
"""


async def known(connection: AsyncConnection, members: Sequence[tuple[str, str, str]]) -> set[int]:
    """Which of these (organisation, live session, participant), by place, are known there; as service_role."""
    columns = [list(column) for column in zip(*members, strict=True)]
    found = await connection.execute(KNOWN, columns)
    return {row["place"] - 1 for row in await found.fetchall()}


async def number(connection: AsyncConnection, session_id: str) -> int | None:
    """Our number of a live session of the identity's organisation; None where there is none of that name."""
    row = await (await connection.execute(NUMBER, (session_id,))).fetchone()
    return None if row is None else int(row["id"])


async def people(
    connection: AsyncConnection, live_session_id: int, *, order: str, limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """How many of a session have names, and some of them. order: one of ORDERS, perhaps with `-` before it."""
    column, way = order.removeprefix("-"), "DESC" if order.startswith("-") else "ASC"
    values = {"session": live_session_id, "limit": limit, "offset": offset}
    found = await connection.execute(PEOPLE.format(order=f"{ORDERS[ORDERS.index(column)]} {way}").encode(), values)
    rows = await found.fetchall()
    return (rows[0]["total"] if rows else 0), rows


async def hands(
    connection: AsyncConnection, live_session_id: int, *, since: datetime, limit: int
) -> list[dict[str, Any]]:
    """Who raised a hand since then, the latest first: participant, at, many (how often)."""
    values = {"session": live_session_id, "since": since, "limit": limit}
    return await (await connection.execute(HANDS, values)).fetchall()
