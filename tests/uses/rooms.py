"""Live sessions with a chat, put straight into the tables."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.database import Database
from tests.living import NOW, one


def room(database: Database, name: str = "keynote", *, organisation: str = "acme", **more: Any) -> int:
    """A session that runs; its number."""
    told = {"topic": "Tides", "title": "The sea for all", "language": "en", "state": "live"} | more
    with database.batch() as connection:
        connection.execute(
            "INSERT INTO organisations (name, seed) VALUES (%s, 1) ON CONFLICT DO NOTHING", (organisation,)
        )
        connection.execute(
            """INSERT INTO live_sessions (organisation_id, session_id, event_id, mode, seed, state, topic, title,
                                          language)
               SELECT id, %s, 'summit', 'automatic', 1, %s, %s, %s, %s FROM organisations WHERE name = %s""",
            (name, told["state"], told["topic"], told["title"], told["language"], organisation),
        )
    return int(one(database, "SELECT id FROM live_sessions WHERE session_id = %s", name))


def chat(database: Database, session: int, lines: Sequence[str], *, at: datetime = NOW) -> None:
    """Somebody called ana writes these lines, a second apart, the last one at `at`."""
    with database.batch() as connection:
        connection.execute("SELECT ensure_partition('signals', %s)", (at.date(),))
        for number, line in enumerate(lines, 1):
            connection.execute(
                """INSERT INTO signals (organisation_id, live_session_id, seq, id, kind, participant, at, received_at,
                                        count, properties)
                   SELECT organisation_id, id, %s, %s, 'chat', 'ana', %s, %s, 1, %s FROM live_sessions WHERE id = %s""",
                (
                    number,
                    f"{at}-{number}",
                    at - timedelta(seconds=len(lines) - number),
                    at,
                    Jsonb({"text": line}),
                    session,
                ),
            )
