"""What goes into the log when something fails: where and what, never whom it was about."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import psycopg
import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from tactful.api import logs
from tactful.api.errors import translate
from tactful.api.traces import trace
from tactful.store.database import Database

SOMEBODY = "ana-who-wants-to-stay-unknown"
ADD = "INSERT INTO people (organisation_id, external_id, holdout_bucket) VALUES (%s, %s, 1)"


def failing(database: Database, *rows: tuple[int | None, str]) -> psycopg.Error:
    """What the database says when told to add these people."""
    with pytest.raises(psycopg.Error) as caught, database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
        for row in rows:
            connection.execute(ADD, row)
    return caught.value


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged, configured as a server is."""
    root, kept = logging.getLogger(), logging.getLogger().handlers
    level = root.level
    with redirect_stderr(io.StringIO()) as stream:
        logs.configure("info")
        yield stream
    root.handlers = kept
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_key_that_is_known_already_is_not_quoted(closed_database: Database, written: io.StringIO) -> None:
    error = failing(closed_database, (1, SOMEBODY), (1, SOMEBODY))
    assert SOMEBODY in str(error)
    translate(error)
    line = json.loads(written.getvalue())
    assert SOMEBODY not in written.getvalue()
    assert line["event"] == "unforeseen"
    assert "UniqueViolation (SQLSTATE 23505, constraint uq_people_organisation_id_external_id)" in line["exception"]
    assert "in failing" in line["exception"]


def test_a_row_that_does_not_fit_is_not_quoted_wherever_it_is_logged(
    closed_database: Database, written: io.StringIO
) -> None:
    error = failing(closed_database, (None, SOMEBODY))
    assert SOMEBODY in str(error)
    try:
        raise RuntimeError("The job failed.") from error
    except RuntimeError:
        logging.getLogger("somebody.else").exception("A job failed.")
    assert SOMEBODY not in written.getvalue()
    told = json.loads(written.getvalue())["exception"]
    assert "NotNullViolation (SQLSTATE 23502)" in told
    assert told.endswith("RuntimeError: The job failed.")


def test_other_errors_keep_their_words_and_groups_their_members() -> None:
    wrapped = IntegrityError("INSERT", {"id": SOMEBODY}, psycopg.errors.UniqueViolation(SOMEBODY))
    told = trace(ExceptionGroup("several", [ValueError("not a number"), wrapped]))
    assert "ValueError: not a number" in told
    assert "UniqueViolation (SQLSTATE 23505)" in told
    assert SOMEBODY not in told


def test_libraries_are_heard_when_something_is_wrong_and_not_at_every_step(written: io.StringIO) -> None:
    logging.getLogger("procrastinate.worker").info("Starting a job.")
    logging.getLogger("procrastinate.worker").warning("The job failed.")
    assert [json.loads(line)["event"] for line in written.getvalue().splitlines()] == ["The job failed."]
