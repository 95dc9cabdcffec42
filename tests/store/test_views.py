"""What a seed names and our tables tell in another form: right, never stale, and of nobody else."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.rows import dict_row

from tactful.kernel.records import Event
from tactful.store.database import Database, Identity
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tests.living import rows

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
STATS = "SELECT * FROM user_session_stats ORDER BY user_id"


def came(database: Database, person: str, *minutes: float, organisation: str = "acme") -> None:
    told = [Event(f"{person}-{at}", person, "visit", AT + timedelta(minutes=at)) for at in minutes]
    with database.batch() as connection:
        run(connection, count_rows([(organisation, each) for each in told], now=AT))


def seen(database: Database, who: Identity) -> list[dict[str, object]]:
    with psycopg.connect(database.url(who.role), row_factory=dict_row, autocommit=True) as connection:
        for claim, value in (("org", who.organisation), ("sub", who.person or "")):
            connection.execute("SELECT set_config(%s, %s, false)", (f"request.jwt.claim.{claim}", value))
        return connection.execute(STATS.encode()).fetchall()


def test_sessions_are_summed_up_in_the_seeds_columns(closed_database: Database) -> None:
    came(closed_database, "ana", 0, 10, 20, 300, 310)
    (told,) = rows(closed_database, STATS)
    assert set(told) >= {"user_id", "total_sessions", "avg_duration", "last_session"}
    assert (told["total_sessions"], told["last_session"]) == (2, AT + timedelta(minutes=310))
    assert told["avg_duration"] == pytest.approx(15)
    came(closed_database, "ana", 500)
    assert rows(closed_database, STATS)[0]["total_sessions"] == 3


def test_everybody_sees_their_own_sums_alone(closed_database: Database) -> None:
    came(closed_database, "ana", 0)
    came(closed_database, "boris", 0)
    came(closed_database, "ana", 0, organisation="zenith")
    assert len(seen(closed_database, Identity("acme", "ana"))) == 1
    assert len(seen(closed_database, Identity("acme"))) == 2
    assert len(seen(closed_database, Identity("zenith"))) == 1
    assert seen(closed_database, Identity("acme", "carla")) == []
