"""Finding people by how the words of their ids and names begin."""

from collections.abc import Sequence
from typing import Any

from tactful.store.database import AsyncConnection
from tactful.store.tables.people import PEOPLE_WORDS, SPLIT

# Of how many that fit the best are chosen.
AMONG = 2_000
# Who has the very id comes first, then short ids. As service_role, because row security looks at each person before a
# condition like this one may be asked: no index could help it. Organisation and words are one condition here.
FIND = f"""
WITH asked AS (
  SELECT (SELECT string_agg(word || ':*', ' & ') FROM unnest({SPLIT.format("left(%(text)s, 255)")}) AS w (word)
           WHERE word <> '')::tsquery AS words, (SELECT id FROM organisations WHERE name = %(organisation)s) AS whose)
SELECT id, external_id, name FROM (
  SELECT p.id, p.external_id, p.name FROM people p
   WHERE p.organisation_id = (SELECT whose FROM asked) AND p.external_id = %(text)s
   UNION
  (SELECT p.id, p.external_id, p.name FROM people p
    WHERE p.organisation_id = (SELECT whose FROM asked)
      AND {PEOPLE_WORDS} @@ (SELECT words FROM asked) LIMIT {AMONG})) p
 ORDER BY external_id <> %(text)s, length(external_id), external_id LIMIT %(most)s
"""
KNOWN = "SELECT external_id FROM people WHERE external_id = ANY(%s)"
EXACT = "SELECT id, external_id, name FROM people WHERE external_id = %s"


async def find(connection: AsyncConnection, organisation: str, text: str, *, most: int) -> list[dict[str, Any]]:
    """id, external_id and name of up to `most` of the organisation's people in whose id and name words begin like those
    of `text`, each of them; as service_role.
    """
    values = {"text": text, "organisation": organisation, "most": most}
    return await (await connection.execute(FIND, values)).fetchall()


async def exact(connection: AsyncConnection, external_id: str) -> dict[str, Any] | None:
    """The person of the identity's organisation with this id; None where there is none."""
    return await (await connection.execute(EXACT, (external_id,))).fetchone()


async def known(connection: AsyncConnection, names: Sequence[str]) -> set[str]:
    """Those of the names that are ids of people of the identity's organisation."""
    rows = await (await connection.execute(KNOWN, (list(names),))).fetchall()
    return {row["external_id"] for row in rows}
