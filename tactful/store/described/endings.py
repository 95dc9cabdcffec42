"""Whose widget tokens were ended, and who was erased: by marks, which give nobody away.

A mark is a print of a person's id in the product, keyed by their organisation's own chance. It tells that somebody
comes back; it does not tell who they were.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from tactful.kernel.errors import NotFound
from tactful.store.database import AsyncConnection, Connection

ERASED_TOLD = "This person was erased; describe them again (PUT /api/v1/people/{id}) where they shall be known again."

OF = "FROM organisations o WHERE o.name = %(organisation)s"
END = f"""
INSERT INTO ended_tokens (organisation_id, mark, ended_at) SELECT o.id, %(mark)s, %(at)s {OF}
    ON CONFLICT (organisation_id, mark) DO UPDATE SET ended_at = greatest(ended_tokens.ended_at, excluded.ended_at)
"""
BURY = f"""
INSERT INTO erased_people (organisation_id, mark, erased_at) SELECT o.id, %(mark)s, %(at)s {OF}
    ON CONFLICT (organisation_id, mark) DO NOTHING RETURNING erased_at
"""
SINCE = """
SELECT o.name, o.seed, e.mark, e.ended_at FROM ended_tokens e JOIN organisations o ON o.id = e.organisation_id
 WHERE e.ended_at >= %s
"""
# For those who would come into being, and only for them.
ERASED = """
SELECT w.place FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS w (organisation_id, mark, place)
  JOIN erased_people e ON e.organisation_id = w.organisation_id AND e.mark = w.mark
"""
BACK = """
DELETE FROM erased_people e USING unnest(%s::bigint[], %s::text[]) AS w (organisation_id, mark)
 WHERE e.organisation_id = w.organisation_id AND e.mark = w.mark
"""
KNOWN = """
SELECT EXISTS (SELECT FROM erased_people e JOIN organisations o ON o.id = e.organisation_id
                WHERE e.mark = %s AND o.name = %s) AS erased
"""
SEED = "SELECT seed FROM organisations WHERE name = %s"


@dataclass(frozen=True, slots=True)
class Ended:
    """Of one organisation: its chance, and until when each mark's tokens are refused."""

    seed: int
    marks: dict[str, datetime] = field(default_factory=dict)


def mark(seed: int, person: str) -> str:
    """What stands for a person who must not be named. seed: the organisation's.

    >>> mark(7, "ana") == mark(7, "ana") != mark(8, "ana")
    True
    """
    return blake2b(person.encode(), digest_size=16, key=seed.to_bytes(8, "big", signed=True)).hexdigest()


async def since(connection: AsyncConnection, at: datetime) -> dict[str, Ended]:
    """Whose tokens were ended at `at` or later, by organisation; as service_role."""
    found: dict[str, Ended] = {}
    for row in await (await connection.execute(SINCE, (at,))).fetchall():
        found.setdefault(row["name"], Ended(row["seed"])).marks[row["mark"]] = row["ended_at"]
    return found


async def end(connection: AsyncConnection, organisation: str, person: str, *, at: datetime) -> str | None:
    """Refuse the widget tokens somebody was given until `at`: their mark, or None for an unknown organisation."""
    row = await (await connection.execute(SEED, (organisation,))).fetchone()
    if row is None:
        return None
    values = {"organisation": organisation, "mark": mark(row["seed"], person), "at": at}
    await connection.execute(END, values)
    return str(values["mark"])


async def erased(connection: AsyncConnection, organisation: str, person: str) -> bool:
    """Whether somebody was erased and has not been described again; as service_role."""
    row = await (await connection.execute(SEED, (organisation,))).fetchone()
    if row is None:
        return False
    known = await (await connection.execute(KNOWN, (mark(row["seed"], person), organisation))).fetchone()
    return known is not None and bool(known["erased"])


def bury(connection: Connection, organisation: str, person: str, *, at: datetime) -> tuple[str, bool]:
    """Remember that somebody was erased and end their tokens: their mark, and whether that is new; as service_role.

    Before they are erased: who is just about to write about them then finds this where they would create them anew.

    raises: NotFound for an organisation nobody knows.
    """
    row = connection.execute(SEED, (organisation,)).fetchone()
    if row is None:
        raise NotFound(f"There is no organisation {organisation}.")
    values = {"organisation": organisation, "mark": mark(row["seed"], person), "at": at}
    connection.execute(END, values)
    return str(values["mark"]), connection.execute(BURY, values).fetchone() is not None
