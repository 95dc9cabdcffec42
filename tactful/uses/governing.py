"""Which rules hold: the common ones, and beside them those of organisations that have set something for themselves.

They are read in the transaction that decides, so a change is in force everywhere from its commit on.
"""

from collections.abc import Sequence

from tactful.decide import Rules
from tactful.store.database import Connection
from tactful.store.described import own


def governing(
    connection: Connection,
    rules: Rules,
    *,
    people: Sequence[int] | None = None,
    organisations: Sequence[int] | None = None,
    upto: int | None = None,
) -> Rules:
    """`rules` with those of organisations of their own: everybody's, or those of these people or organisations.

    people, organisations: our numbers. upto: as of that number of `own_settings`; as of now when left out.
    """
    asked = own.question(people=people, organisations=organisations, upto=upto)
    found = own.told(connection.execute(*asked).fetchall())
    return rules.with_own(found.bodies, upto=found.upto)
