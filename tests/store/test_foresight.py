"""Work whose questions are foreseen answers the same, and waits for the database less often."""

import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from tactful.store.database import Connection, Database
from tactful.store.foresight import foreseen


def round_trips(connection: Connection, work: Callable[[], object]) -> int:
    """How often the client had to wait: it sent something, and then came an answer."""
    with tempfile.NamedTemporaryFile() as file:
        connection.pgconn.trace(file.fileno())
        work()
        connection.pgconn.untrace()
        told = Path(file.name).read_text(encoding="utf-8", errors="replace")
    sides = [line.split("\t")[1] for line in told.splitlines() if line.count("\t") >= 2]
    return sum(turn == ("F", "B") for turn in pairwise(sides))


def three(connection: Connection) -> list[int]:
    found = [connection.execute("SELECT generate_series(1, %s) AS n", (number,)).fetchall() for number in (1, 2, 3)]
    return [len(rows) for rows in found]


def depending(connection: Connection) -> int:
    row = connection.execute("SELECT 7 AS n").fetchone()
    found = connection.execute("SELECT %s * 2 AS n", (row["n"] if row else 0,)).fetchone()
    return found["n"] if found else 0


def test_the_answers_are_the_same_in_one_round_trip(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("SELECT 1")
        assert round_trips(connection, lambda: three(connection)) == 3
        assert round_trips(connection, lambda: foreseen(connection, three)) == 1
        assert foreseen(connection, three) == three(connection) == [1, 2, 3]


def test_what_depends_on_an_answer_is_asked_when_its_turn_comes(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        assert foreseen(connection, depending) == 14


def test_the_same_question_twice_is_answered_twice(closed_database: Database) -> None:
    def twice(connection: Connection) -> list[int]:
        statement = "SELECT nextval('decisions_id_seq') AS n"
        rows = [connection.execute(statement).fetchone() for _ in range(2)]
        return [row["n"] for row in rows if row]

    with closed_database.batch() as connection:
        one, other = foreseen(connection, twice)
    assert other == one + 1
