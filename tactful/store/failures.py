"""What may be written down about an error of the database: its own words quote rows and keys, that is people."""

import adbc_driver_manager
import psycopg
from sqlalchemy.exc import StatementError

OF_DATABASES: tuple[type[BaseException], ...] = (psycopg.Error, adbc_driver_manager.Error, StatementError)


def said(error: BaseException) -> str | None:
    """Class, SQLSTATE and constraint of a database's error; None for any other error.

    >>> said(psycopg.errors.UniqueViolation("Key (external_id)=(ana) already exists."))
    'UniqueViolation (SQLSTATE 23505)'
    >>> said(ValueError("no number")) is None
    True
    """
    if not isinstance(error, OF_DATABASES):
        return None
    cause = error.orig if isinstance(error, StatementError) else error
    state = getattr(cause, "sqlstate", None)
    constraint = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
    known = [f"SQLSTATE {state}" if state else "", f"constraint {constraint}" if constraint else ""]
    told = ", ".join(part for part in known if part)
    return f"{type(cause).__name__} ({told})" if told else type(cause).__name__
