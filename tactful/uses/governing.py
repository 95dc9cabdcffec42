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
    names: Sequence[str] | None = None,
    upto: int | None = None,
) -> Rules:
    """`rules` with those of organisations of their own: everybody's, or those of these people or organisations.

    people, organisations: our numbers; names: of organisations. upto: as of that number of `own_settings`; as of now
    when left out.
    """
    asked = own.question(people=people, organisations=organisations, names=names, upto=upto)
    found = own.told(connection.execute(*asked).fetchall())
    return rules.with_own(found.bodies, upto=found.upto)


def theirs(connection: Connection, rules: Rules, organisation: str) -> tuple[Rules, int]:
    """The rules of one organisation, by its name, and as of which number of `own_settings`."""
    found = governing(connection, rules, names=[organisation])
    return next(iter(found.own.values()), rules), found.upto
