"""The first tables, roles' rights and row security, as written in 0001_first_tables.sql.

Where the database has TimescaleDB, the time series are made anew as hypertables: 0001_hypertables.sql.
"""

from pathlib import Path

from alembic import context, op

revision = "0001"
down_revision = None

LOCK_TIMEOUT = "5s"


def upgrade() -> None:
    """Create everything the first version needs."""
    op.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    _run("0001_first_tables.sql")
    if context.config.attributes["hypertables"]:
        _run("0001_hypertables.sql")


def _run(name: str) -> None:
    script = Path(__file__).with_name(name).read_text(encoding="utf-8")
    # The driver's own connection: SQLAlchemy would read every % in the script as a parameter.
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
