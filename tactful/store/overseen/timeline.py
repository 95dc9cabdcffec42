"""One person's story, newest first: what each table tells of them on one line of time, a page at a time.

Each entry is `kind` (what happened), `at`, `key` (which one of its kind) and `body` (what is to be said of it). Every
part of the statement is read through an index of the person and stops at the page's length, so a long past costs no
more than a short one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection
from tactful.store.overseen.chapters import CHAPTERS, TOPICS

PART = """
(SELECT '{kind}' AS kind, at, key, body FROM ({query}) AS t (at, key, body)
  WHERE at <= %(at)s AND (at, '{kind}' COLLATE "C", key COLLATE "C") < (%(at)s, %(kind)s, %(key)s)
  ORDER BY at DESC, key COLLATE "C" DESC LIMIT %(limit)s)
"""
WHOLE = 'SELECT * FROM ({parts}) t ORDER BY at DESC, kind COLLATE "C" DESC, key COLLATE "C" DESC LIMIT %(limit)s'
# After every kind and key of ours.
END = "~"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page begins: after this entry, or with the latest at this instant."""

    at: datetime
    kind: str = END
    key: str = END


async def read(
    connection: AsyncConnection, person: int, *, mark: Mark, now: datetime, limit: int, topics: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Entries about the person, by our number, newest first, of these TOPICS or of all."""
    kinds = [kind for topic in topics or TOPICS for kind in TOPICS[topic]]
    statement = WHOLE.format(parts=" UNION ALL ".join(PART.format(kind=kind, query=CHAPTERS[kind]) for kind in kinds))
    values = {"person": person, "at": mark.at, "kind": mark.kind, "key": mark.key, "limit": limit, "now": now}
    return await (await connection.execute(statement, values)).fetchall()
