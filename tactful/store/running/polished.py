"""polished_words: wordings that a language model said more finely, by the fingerprint of what they were before.

No row is about a person: what is the same for everybody is written once. A row is there from when it is asked for, so
that nobody else asks for the same meanwhile; without words until these are there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.facts.polishing import OUTREACH, Original, Polished
from tactful.store.database import Connection
from tactful.store.running import writing
from tactful.store.running.writing import Budget

# What waits to be sent and has not been worded yet, of organisations that want it finer; what is due first comes first.
WAITING = """
SELECT i.id AS intervention_id, i.organization_id AS organisation_id, i.user_id AS person_id,
       i.intervention_type AS kind, i.context, i.title, i.message, i.action, i.due_at, p.locale
  FROM intervention_logs i JOIN people p ON p.id = i.user_id
 WHERE i.state IN ('planned', 'deferred') AND i.title = '' AND i.due_at <= %(until)s AND i.expires_at > %(at)s
   AND (i.organization_id = ANY(%(on)s) OR (%(common)s AND i.organization_id <> ALL(%(off)s)))
 ORDER BY i.due_at, i.id LIMIT %(most)s
"""
# Of those that are asked for the ones with words, or all.
FOUND = """
SELECT w.organisation_id, w.print, w.title, w.body, w.model FROM polished_words w
  JOIN unnest(%(organisations)s::int[], %(prints)s::text[]) AS k (organisation, print)
    ON w.organisation_id = k.organisation AND w.print = k.print
 WHERE w.expires_at > %(at)s AND (%(all)s OR w.title IS NOT NULL)
"""
ASKED = """
INSERT INTO polished_words (organisation_id, print, kind, language, named, call_id, asked_at, expires_at, model)
VALUES (%(organisation)s, %(print)s, %(kind)s, %(language)s, %(named)s, %(call)s, %(at)s, %(again)s, %(model)s)
    ON CONFLICT (organisation_id, print) DO UPDATE
   SET call_id = excluded.call_id, asked_at = excluded.asked_at, expires_at = excluded.expires_at,
       model = excluded.model, title = NULL, body = NULL
"""
WRITTEN = """
UPDATE polished_words SET title = %(title)s, body = %(body)s, expires_at = %(until)s WHERE call_id = %(call)s
"""

# By our number of the organisation, and the fingerprint.
Key = tuple[int, str]


def waiting(
    connection: Connection, *, at: datetime, until: datetime, wanted: Mapping[int, bool], common: bool, most: int
) -> list[dict[str, Any]]:
    """Interventions that become due until then and are not worded yet, as rows that words are found for.

    wanted: whether organisations of their own mind want it, by our number; common: whether all others do.
    """
    on, off = ([each for each, wants in wanted.items() if wants is which] for which in (True, False))
    if not on and not common:
        return []
    values = {"at": at, "until": until, "on": on, "off": off, "common": common, "most": most}
    return connection.execute(WAITING, values).fetchall()


def found(connection: Connection, keys: Sequence[Key], *, at: datetime) -> dict[Key, Polished]:
    """What has been said more finely of these, by them."""
    rows = _found(connection, keys, at, every=False)
    return {key: Polished(row["title"], row["body"], row["model"]) for key, row in rows.items()}


def known(connection: Connection, keys: Sequence[Key], *, at: datetime) -> set[Key]:
    """Those of these that nobody need ask for now: they are there, or were asked for of late."""
    return set(_found(connection, keys, at, every=True))


def claim(
    connection: Connection, whose: int, told: Original, *, at: datetime, again: timedelta, model: str, cost: float,
    budget: Budget,
) -> int | None:  # fmt: skip
    """The number of a call that may be made, as `writing.claim`; None also where somebody else has just asked.

    again: after how long the same may be asked for once more if nothing comes of it.
    """
    writing.hold(connection, whose)
    if known(connection, [(whose, told.print)], at=at):
        return None
    want = {"organisation_id": whose, "id": None, "purpose": OUTREACH}
    call = writing.claim(connection, want, at=at, model=model, cost=cost, budget=budget)
    if call is not None:
        values = {"organisation": whose, "print": told.print, "kind": told.kind, "language": told.language}
        values |= {"named": bool(told.names), "call": call, "at": at, "again": at + again, "model": model}
        connection.execute(ASKED, values)
    return call


def keep(connection: Connection, call: int, title: str, body: str, *, until: datetime) -> None:
    """Keep what was written, to be said until then. call: for which it was asked."""
    connection.execute(WRITTEN, {"call": call, "title": title, "body": body, "until": until})


def _found(connection: Connection, keys: Sequence[Key], at: datetime, *, every: bool) -> dict[Key, dict[str, Any]]:
    if not keys:
        return {}
    organisations, prints = zip(*keys, strict=True)
    values = {"organisations": list(organisations), "prints": list(prints), "at": at, "all": every}
    rows = connection.execute(FOUND, values).fetchall()
    return {(row["organisation_id"], row["print"]): row for row in rows}
