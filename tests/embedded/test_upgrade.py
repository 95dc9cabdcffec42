"""From an older PostgreSQL to our own: everything arrives, the old data is kept."""

from pathlib import Path

import psycopg
import pytest

from tactful.embedded import PostgresServer, running, upgrade
from tactful.embedded.folder import Folder
from tactful.embedded.programs import PostgresPrograms, own_postgres, postgres_programs
from tactful.kernel.errors import BadInput, CannotStart, Conflict
from tactful.kernel.settings import Settings

OLD = sorted(Path("/usr/lib/postgresql").glob("1[5-7]/bin/postgres"))
needs_old = pytest.mark.skipif(not OLD, reason="no PostgreSQL 15 to 17 of Debian's in /usr/lib/postgresql")


@pytest.fixture
def old(data_dir: Path, settings: Settings) -> PostgresPrograms:
    """A data directory that an older PostgreSQL has filled; the programs of that version."""
    folder = Folder(data_dir)
    programs = postgres_programs(OLD[0].parent, folder.account)
    server = PostgresServer(folder, programs, settings)
    server.start()
    try:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE ROLE reader LOGIN PASSWORD 'secret'")
            connection.execute("CREATE TABLE kept AS SELECT n, 'wörd ' || n AS word FROM generate_series(1, 5000) n")
            connection.execute("GRANT SELECT ON kept TO reader")
            connection.execute("CREATE DATABASE another")
            connection.execute("ALTER DATABASE another SET work_mem = '5MB'")
    finally:
        server.stop()
    return programs


@needs_old
def test_an_upgrade_brings_rows_roles_and_databases_and_keeps_the_old_data(
    settings: Settings, old: PostgresPrograms
) -> None:
    with pytest.raises(CannotStart, match=f"belongs to PostgreSQL {old.major}.*tactful upgrade"), running(settings):
        pass
    kept = upgrade(settings, old.folder)
    assert kept is not None
    assert kept.name == f"postgres-{old.major}.old"
    assert (kept / "PG_VERSION").read_text().strip() == str(old.major)
    with running(settings, valkey=False) as parts:
        with psycopg.connect(parts.postgres.url("reader", "secret")) as reader:
            assert reader.info.server_version >= 180000
            assert reader.execute("SELECT count(*), max(word) FROM kept").fetchone() == (5000, "wörd 999")
        with psycopg.connect(parts.postgres.url(database="another")) as another:
            assert another.execute("SHOW work_mem").fetchone() == ("5MB",)


@needs_old
def test_an_upgrade_with_the_wrong_programs_changes_nothing(
    settings: Settings, data_dir: Path, old: PostgresPrograms
) -> None:
    own = own_postgres(Folder(data_dir)).folder
    with pytest.raises(BadInput, match="but the data belongs to") as told:
        upgrade(settings, own)
    assert told.value.fields == ["old_bin"]
    with pytest.raises(CannotStart, match="cannot be run"):
        upgrade(settings, data_dir / "absent")
    assert not list(data_dir.glob("*.old"))


@needs_old
def test_an_upgrade_interrupted_between_its_last_steps_is_finished_by_running_it_again(
    settings: Settings, data_dir: Path, old: PostgresPrograms
) -> None:
    (data_dir / "postgres").rename(data_dir / f"postgres-{old.major}.old")
    with pytest.raises(CannotStart, match="was interrupted"), running(settings, valkey=False):
        pass
    assert upgrade(settings, old.folder)
    with running(settings, valkey=False) as parts, psycopg.connect(parts.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (5000,)


def test_nothing_is_not_upgraded(settings: Settings, data_dir: Path) -> None:
    with pytest.raises(CannotStart, match="no database"):
        upgrade(settings, data_dir)


def test_data_of_our_own_version_needs_no_upgrade(made: Settings, data_dir: Path) -> None:
    with running(made, valkey=False), pytest.raises(Conflict, match="stop it first"):
        upgrade(made, data_dir)
    assert upgrade(made, data_dir) is None
