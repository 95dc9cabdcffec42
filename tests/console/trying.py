"""A test of two wordings that has run for some days, as the nights would have counted it."""

from datetime import timedelta

from psycopg.types.json import Jsonb

from tactful.kernel.clock import SystemClock
from tactful.store.database import Database
from tests.api.experiment_calls import HELLO

VARIANTS = [{"name": "as now", "part": 500, "content": None}, {"name": "warmer", "part": 500, "content": [HELLO]}]
BEGUN = """
INSERT INTO experiments (organisation_id, name, what, kind, variants, counts, harm_margin, promote_winner, started_at,
                         started_by)
SELECT id, 'warmer_hello', 'wording', 'gentle_nudge', %s, ARRAY[%s::int, %s::int], 0.01, false, %s, 'ana'
  FROM organisations WHERE name = %s RETURNING id, organisation_id
"""
DAY = """
INSERT INTO experiment_days (experiment_id, organisation_id, variant, day, assigned, exposed, settled, answered)
VALUES (%s, %s, %s, %s, 60, 60, 60, %s)
"""


def try_out(database: Database, organisation: str, *, days: int = 14, answered: tuple[int, int] = (12, 24)) -> None:
    """Let sixty people a day have got, seen and settled either variant, of whom so many took it up."""
    now = SystemClock().now()
    with database.batch() as connection:
        row = connection.execute(
            BEGUN, (Jsonb(VARIANTS), 60 * days, 60 * days, now - timedelta(days=days), organisation)
        ).fetchone()
        assert row is not None
        for day in range(days):
            for variant, many in enumerate(answered):
                at = (now - timedelta(days=days - day)).date()
                connection.execute(DAY, (row["id"], row["organisation_id"], variant, at, many))
