"""Zones: what we call a zone, PostgreSQL does too, and means the same by it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tactful.facts import zones
from tactful.store.database import Database

INSTANTS = (datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC))


def test_postgresql_knows_every_zone_and_reads_its_clock_as_we_do(closed_database: Database) -> None:
    names = sorted(zones.names())
    with closed_database.batch() as connection:
        for at in INSTANTS:
            rows = connection.execute(
                "SELECT name, %s AT TIME ZONE name AS local FROM unnest(%s::text[]) AS name", (at, names)
            ).fetchall()
            ours = {name: at.astimezone(ZoneInfo(name)).replace(tzinfo=None) for name in names}
            assert {row["name"]: row["local"] for row in rows} == ours
