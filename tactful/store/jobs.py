"""The job queue: Procrastinate on our own database, as service_role."""

from procrastinate import App, PsycopgConnector
from psycopg.conninfo import conninfo_to_dict

from tactful.store.database import Database


def queue(database: Database) -> App:
    """A job application whose jobs are rows next to ours. Open it before use: `async with app.open_async()`."""
    return App(
        connector=PsycopgConnector(kwargs=conninfo_to_dict(database.url("service_role")), min_size=1, max_size=4)
    )
