"""A backup holds everything, a restore brings it back whole or not at all."""

import json
import zipfile
from pathlib import Path

import psycopg
import pytest

from tactful.embedded import backup, restore, running
from tactful.kernel.errors import BadInput, Conflict, TactfulError
from tactful.kernel.settings import Settings


def ask(settings: Settings, query: str) -> list[tuple[object, ...]]:
    """What the embedded database answers."""
    with running(settings, valkey=False) as parts, psycopg.connect(parts.database_url) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


FILL = """
CREATE ROLE reader LOGIN PASSWORD 'secret';
CREATE TABLE kept (number int PRIMARY KEY, word text);
INSERT INTO kept SELECT n, 'wörd ' || n FROM generate_series(1, 20000) n;
ALTER TABLE kept ENABLE ROW LEVEL SECURITY;
ALTER TABLE kept FORCE ROW LEVEL SECURITY;
CREATE POLICY few ON kept TO reader USING (number < 10);
GRANT SELECT ON kept TO reader;
"""
EMPTY = "DROP TABLE kept; DROP ROLE reader"
KNOWN = frozenset({"0001"})
COUNT = "SELECT count(*), count(DISTINCT word) FROM kept"


def test_a_backup_brings_back_rows_roles_and_row_security(made: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a backup.zip"
    ask(made, FILL)
    backup(made, file)
    assert file.stat().st_mode & 0o777 == 0o600
    ask(made, EMPTY)
    restore(made, file, migrations=KNOWN)
    assert ask(made, COUNT) == [(20_000, 20_000)]
    assert ask(made, "SELECT policyname, roles::text FROM pg_policies") == [("few", "{reader}")]
    with running(made, valkey=False) as parts, psycopg.connect(parts.postgres.url("reader", "secret")) as reader:
        assert reader.execute("SELECT count(*) FROM kept").fetchone() == (9,)


def test_a_backup_can_be_restored_into_a_new_directory_twice(made: Settings, data_dir: Path, tmp_path: Path) -> None:
    ask(made, FILL)
    backup(made, tmp_path / "backup")
    (data_dir / "postgres").rename(data_dir / "elsewhere")
    (data_dir / "secrets" / "postgres").unlink()
    for _ in range(2):
        restore(made, tmp_path / "backup", migrations=KNOWN)
        assert ask(made, COUNT) == [(20_000, 20_000)]
    databases = ask(made, "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")
    assert databases == [("postgres",), ("tactful",)]


def test_a_damaged_backup_changes_nothing(made: Settings, tmp_path: Path) -> None:
    ask(made, FILL)
    whole = tmp_path / "backup"
    backup(made, whole)
    content = bytearray(whole.read_bytes())
    content[len(content) // 2] ^= 0xFF
    for damaged in (content, content[: len(content) // 2], b"", b"dear reader"):
        (tmp_path / "damaged").write_bytes(damaged)
        with pytest.raises(BadInput, match=r"damaged|not a backup") as told:
            restore(made, tmp_path / "damaged", migrations=KNOWN)
        assert told.value.fields == ["source"]
    with pytest.raises(BadInput, match="not a backup that can be read"):
        restore(made, tmp_path / "absent", migrations=KNOWN)
    assert ask(made, COUNT) == [(20_000, 20_000)]


def changed(whole: Path, about: object) -> Path:
    """A copy of a backup that says something else about itself."""
    copy = whole.with_name("changed")
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            new.writestr(name, json.dumps(about) if name == "about.json" else old.read(name))
    return copy


ABOUT = [
    ({"format": 2, "postgresql": 18}, "saved by a newer Tactful"),
    ({"format": 1, "postgresql": 99}, "needs PostgreSQL 99"),
    ({"format": 1}, "does not say what it is"),
    ([1, 18], "does not say what it is"),
    ({"format": "new", "postgresql": None}, "does not say what it is"),
]


def test_what_another_version_saved_is_refused_and_changes_nothing(made: Settings, tmp_path: Path) -> None:
    whole = tmp_path / "backup"
    ask(made, "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('9999')")
    backup(made, whole)
    ask(made, "UPDATE alembic_version SET version_num = '0001'")
    for about, why in ABOUT:
        with pytest.raises(BadInput, match=why) as told:
            restore(made, changed(whole, about), migrations=KNOWN)
        assert told.value.fields == ["source"]
    with pytest.raises(BadInput, match="saved by a newer Tactful"):
        restore(made, whole, migrations=KNOWN)
    assert ask(made, "SELECT version_num FROM alembic_version") == [("0001",)]
    restore(made, whole, migrations={"0001", "9999"})
    assert ask(made, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_nothing_is_restored_under_a_running_tactful(made: Settings, tmp_path: Path) -> None:
    ask(made, FILL)
    with running(made, valkey=False):
        backup(made, tmp_path / "backup")
        with pytest.raises(Conflict, match="stop it first"):
            restore(made, tmp_path / "backup", migrations=KNOWN)


def test_a_backup_that_fails_leaves_the_one_before(made: Settings, data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("the one before")
    ask(made, FILL)
    [(place,)] = ask(made, "SELECT pg_relation_filepath('kept')")
    # A disk that has lost a page; PostgreSQL notices by its checksum.
    with (data_dir / "postgres" / str(place)).open("r+b") as disk:
        disk.seek(8192 + 4000)
        disk.write(b"lost" * 20)
    with pytest.raises(TactfulError, match=r"pg_dump failed:[\s\S]*invalid page"):
        backup(made, file)
    assert file.read_text() == "the one before"
    assert [path.name for path in tmp_path.iterdir()] == ["backup"]


def test_a_backup_that_cannot_be_written_says_so(made: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written: No such file") as told:
        backup(made, tmp_path / "absent" / "backup")
    assert told.value.fields == ["target"]
