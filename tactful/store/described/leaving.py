"""What somebody may ask for who is in here: all that is stored of them, and to be erased for good."""

from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from msgspec.json import encode

from tactful.kernel.errors import NotFound
from tactful.store.database import Connection
from tactful.store.described import endings, erasure
from tactful.store.described.holdings import HOLDINGS, Holding
from tactful.store.described.lookup import ids
from tactful.store.running import audit

# Rows that are fetched at a time: memory does not grow with what is known of somebody.
ROWS = 500
# All tables as of one moment, the first statement's.
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
ORGANISATION = "SELECT id FROM organisations WHERE name = %s"


def export(connection: Connection, organisation: str, person: str, file: BinaryIO, *, at: datetime) -> int:
    """Write everything that is stored about a person to `file` as one JSON document; answers how many rows it has.

    Times are in UTC. Tables that hold nothing of them are left out. connection: a fresh one, as service_role.
    """
    connection.execute(ONE_MOMENT)
    row = connection.execute(ORGANISATION, (organisation,)).fetchone()
    known = ids(connection, [(organisation, person)])
    values = {
        "person": known.get((organisation, person), 0),
        "organisation": 0 if row is None else row["id"],
        "participant": person,
    }
    head = {"user_id": person, "organisation": organisation, "exported_at": at.astimezone(UTC)}
    file.write(encode(head)[:-1] + b',"tables":{')
    tables = rows = 0
    for holding in HOLDINGS:
        wrote = _write(connection, holding, values, file, first=tables == 0)
        tables, rows = tables + (wrote > 0), rows + wrote
    file.write(b"}}\n")
    return rows


def _write(connection: Connection, holding: Holding, values: dict[str, Any], file: BinaryIO, *, first: bool) -> int:
    count = 0
    with connection.cursor(name="holding") as cursor:
        cursor.itersize = ROWS
        cursor.execute(holding.rows(), values)
        for row in cursor:
            opening = b"" if first else b","
            file.write(b"," if count else opening + encode(holding.name) + b":[")
            file.write(cast(str, row["row"]).encode())
            count += 1
    if count:
        file.write(b"]")
    return count


def erase(connection: Connection, whom: tuple[str, str], *, at: datetime, actor: str, sure: bool) -> bool:
    """Delete everything that is about a person, remember that they were erased, end their widget tokens.

    Whether anything was to be done: twice is once. actor: whom the audit log names; never the person. sure: it is they
    who ask, so also where nothing is stored of them. As service_role. raises: NotFound where nobody knows them.
    """
    mark, new = endings.bury(connection, *whom, at=at)
    try:
        erasure.erase(connection, *whom)
    except NotFound:
        if not new:
            return False
        if not sure:
            raise
    audit.note(connection, whom[0], actor=actor, act="erase person", detail={"mark": mark})
    return True
