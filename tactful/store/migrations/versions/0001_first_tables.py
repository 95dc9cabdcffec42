"""The first tables, roles' rights and row security, as written in 0001_first_tables.sql."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

LOCK_TIMEOUT = "5s"


def upgrade() -> None:
    """Create everything the first version needs."""
    op.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    # The driver's own connection: SQLAlchemy would read every % in the script as a parameter.
    op.get_bind().connection.driver_connection.execute(script)  # type: ignore[union-attr]
