"""From the product's own ids to ours."""

from collections.abc import Sequence

from tactful.kernel.errors import NotFound
from tactful.store.database import Connection

FIND = """
SELECT asked.organisation, asked.person, p.id FROM unnest(%s::text[], %s::text[]) AS asked (organisation, person)
  JOIN organisations o ON o.name = asked.organisation
  JOIN people p ON p.organisation_id = o.id AND p.external_id = asked.person
"""


def ids(connection: Connection, whom: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The ids of (organisation, person) pairs; pairs that nobody knows are passed over."""
    named = ([organisation for organisation, _ in whom], [person for _, person in whom])
    return {(row["organisation"], row["person"]): row["id"] for row in connection.execute(FIND, named)}


def find_all(connection: Connection, whom: Sequence[tuple[str, str]]) -> tuple[int, ...]:
    """The ids of (organisation, person) pairs, each once; pairs that nobody knows are passed over."""
    return tuple(set(ids(connection, whom).values()))


def find(connection: Connection, organisation: str, person: str) -> int:
    """The id of one person. raises: NotFound."""
    found = find_all(connection, [(organisation, person)])
    if not found:
        raise NotFound(f"There is no person {person} in {organisation}.")
    return found[0]
