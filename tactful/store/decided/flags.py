"""wrong_flags: somebody who knows a person says that they are not leaving, and until when that counts."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tactful.store.database import Connection
from tactful.store.reading import Reader

# One at a time for a person; then the risk row, before alerts, as ticks take them.
LOCKS = (
    "SELECT pg_advisory_xact_lock(hashtextextended('wrong flag ' || %s, 0))",
    "SELECT 1 FROM dropout_risk_scores WHERE user_id = %s FOR UPDATE",
)

TEACHES = """
SELECT e.person_id AS id FROM group_members m
  JOIN group_members e ON e.group_id = m.group_id AND e.role = 'educator' AND e.person_id <> m.person_id
  JOIN people p ON p.id = e.person_id AND p.external_id = %s
 WHERE m.person_id = %s AND m.role = 'member' LIMIT 1
"""

COLUMNS = "id, actor, note, at, until, risk_score, risk_level"
STANDING = f"SELECT {COLUMNS} FROM wrong_flags WHERE person_id = %s AND at <= %s AND until > %s ORDER BY id LIMIT 1"
OPEN = "SELECT count(*) AS open FROM educator_alerts WHERE person_id = %s AND state <> 'closed'"

WRITE = f"""
INSERT INTO wrong_flags (organisation_id, person_id, educator_id, actor, note, at, until, risk_score, risk_level)
SELECT organisation_id, id, %(educator)s, %(actor)s, %(note)s, %(at)s, %(until)s, %(risk_score)s, %(risk_level)s
  FROM people WHERE id = %(person)s RETURNING {COLUMNS}
"""

CLOSE = """
UPDATE educator_alerts SET state = 'closed', closed_at = %s, closed_by = %s,
       closed_because = 'Somebody who knows them says that they are not leaving.'
 WHERE person_id = %s AND state <> 'closed'
"""

SAID = "SELECT DISTINCT person_id FROM wrong_flags WHERE at > %s AND at <= %s"


def lock(connection: Connection, person: int) -> None:
    """Let nobody else flag or judge this person until the transaction ends."""
    for statement in LOCKS:
        connection.execute(statement, (person,))


def teaches(connection: Connection, educator: str, person: int) -> int | None:
    """Our number of an educator, by the product's own id, where they teach `person`; None where they do not."""
    row = connection.execute(TEACHES, (educator, person)).fetchone()
    return None if row is None else int(row["id"])


def standing(connection: Connection, person: int, at: datetime) -> dict[str, Any] | None:
    """What was said of this person and still counts at `at`."""
    return connection.execute(STANDING, (person, at, at)).fetchone()


def open_alerts(connection: Connection, person: int) -> int:
    """How many alerts about this person are open."""
    row = connection.execute(OPEN, (person,)).fetchone()
    assert row is not None
    return int(row["open"])


def write(
    connection: Connection, person: int, *, educator: int | None, actor: str, note: str, at: datetime, days: int,
    belief: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Note that somebody says so, and close the alerts about it. days: how long it counts; belief: what we thought."""
    said = {"person": person, "educator": educator, "actor": actor, "note": note, "at": at}
    believed = {name: belief[name] for name in ("risk_score", "risk_level")}
    row = connection.execute(WRITE, {**said, **believed, "until": at + timedelta(days=days)}).fetchone()
    assert row is not None
    closed = connection.execute(CLOSE, (at, actor, person)).rowcount
    return {**row, "alerts_closed": closed}


def said(reader: Reader, *, after: datetime, until: datetime) -> pl.DataFrame:
    """person_id of everybody of whom it was said after `after`, up to and with `until`, that they are not leaving."""
    return reader.read(SAID, [after, until], {"person_id": pl.Int64})
