"""Is what was told of somebody still what would be told? One statement says all that it takes to know."""

from collections.abc import Sequence
from typing import Any

from tactful.store.database import Connection
from tactful.store.running.passes import LAST

# tried_at: when they were last counted to have practised. seen_at: when they were last seen; taken_until: up to when
# their comings are taken in; filled_in: whether some before that came since.
QUERY = """
SELECT p.id, p.organisation_id, s.last_seen_at AS seen_at, k.seen_until AS taken_until,
       s.filled_in > k.filled_in AS filled_in,
       (SELECT max(c.changed_at) FROM skill_curve c WHERE c.person_id = p.id) AS tried_at {finished}
  FROM people p JOIN organisations o ON o.id = p.organisation_id
  LEFT JOIN person_state s ON s.person_id = p.id
  LEFT JOIN contact_party k ON k.party_id = p.id
 WHERE o.name = %s AND p.external_id = %s
"""


def freshness(
    connection: Connection, *, whom: tuple[str, str], passes: Sequence[tuple[str, str]]
) -> dict[str, Any] | None:
    """id, organisation_id, tried_at, seen_at, taken_until, filled_in of (organisation, person); None of nobody known.

    And by the name of each of `passes` (name, configuration) when it was last finished under that configuration.
    """
    finished = "".join(f", ({LAST}) AS {name}" for name, _ in passes)
    values = [value for each in passes for value in each]
    return connection.execute(QUERY.format(finished=finished), (*values, *whom)).fetchone()
