"""The lock of work that no two processes are at together."""

import psycopg
import pytest

from tactful.store.alone import alone
from tactful.store.database import Database


def test_only_one_holds_it(closed_database: Database) -> None:
    with alone(closed_database, "tick") as mine, alone(closed_database, "tick") as yours:
        assert (mine, yours) == (True, False)


def test_names_do_not_keep_each_other_out(closed_database: Database) -> None:
    with alone(closed_database, "tick") as mine, alone(closed_database, "train") as yours:
        assert (mine, yours) == (True, True)


def test_it_is_free_before_we_hang_up(closed_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database hears of that only later, and who comes next may be sooner."""
    closing, found = psycopg.Connection.close, []

    def look_first(connection: psycopg.Connection) -> None:
        monkeypatch.undo()
        with alone(closed_database, "tick") as free:
            found.append(free)
        closing(connection)

    with alone(closed_database, "tick"):
        monkeypatch.setattr(psycopg.Connection, "close", look_first)
    assert found == [True]
