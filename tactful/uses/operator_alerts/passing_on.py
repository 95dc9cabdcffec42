"""Passing on through Apprise what operators are told: once each, again where it was not taken."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.store.database import Database
from tactful.store.running import operator_alerts as alerts

# What could not be passed on within a day is no news any more.
NEWS = timedelta(days=1)
# Organisations that one message names.
NAMED = 5

Say = Callable[[str, str], bool]


def pass_on(database: Database, say: Say, at: datetime) -> int:
    """Say what was told and is not passed on, and what of that is over; answers how many messages were taken.

    The same of several organisations, as of jobs that failed, is one message. Where it is not taken, the next check
    says it again.
    """
    with database.batch() as connection:
        waiting = alerts.waiting(connection, since=at - NEWS)
    groups: defaultdict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in waiting:
        groups[row["over"], row["kind"], row["about"], row["cleared_because"] or row["sentence"]].append(row)
    taken = 0
    for (over, *_), rows in groups.items():
        if say(*worded(rows)):
            taken += 1
            with database.batch() as connection:
                alerts.passed(connection, [row["id"] for row in rows], over=over, at=at)
    return taken


def worded(rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """A title and a text for the same alert of one or several organisations.

    >>> row = {"kind": "failed_jobs", "over": False, "sentence": "3 failed.", "cleared_because": None}
    >>> worded([row | {"organisation": name} for name in "ab"])
    ('Tactful: failed jobs', '3 failed. (a, b)')
    """
    first, names = rows[0], [row["organisation"] for row in rows]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    said = first["cleared_because"] if first["over"] else first["sentence"]
    title = f"Tactful: {first['kind'].replace('_', ' ')}{': over' if first['over'] else ''}"
    return title, f"{said} ({', '.join(names[:NAMED])}{more})"
