"""Commands that keep an installation well: looking it over, saving it, bringing it back."""

from tactful import embedded
from tactful.bootstrap import read_settings
from tactful.cli.arguments import Arguments
from tactful.cli.running import show
from tactful.embedded.folder import Folder, data_dir
from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Settings
from tactful.lab import doctor
from tactful.store import migrate, roles
from tactful.store.settings import DATABASE_URL, ROLE_SECRET


def examine(arguments: Arguments) -> int:
    """Look for what is wrong and say what to do about each finding."""
    findings = doctor.examine()
    rows = [{"part": one.part, "found": one.found, "advice": one.advice} for one in findings]
    lines = [f"{'ok ' if one.well else '!! '} {one.part}: {one.found} {one.advice}".rstrip() for one in findings]
    show(rows, lines, as_json=arguments.json)
    return 0 if all(one.well for one in findings) else 1


def sql_of_roles(_: Arguments) -> None:
    """Print the SQL with which an administrator makes the three database roles, passwords included."""
    settings = read_settings()
    print(roles.script(settings[ROLE_SECRET] or Folder(data_dir(settings)).secret("database-roles")), end="")


def backup(arguments: Arguments) -> None:
    """Save the embedded database to a file."""
    settings = _embedded("pg_dump saves it")
    if arguments.file.exists() and not arguments.force:
        raise BadInput(f"{arguments.file} is there already; choose another name, or replace it with --force.")
    embedded.backup(settings, arguments.file)
    print(f"Saved the database to {arguments.file}, {arguments.file.stat().st_size / 1e6:.1f} MB.")


def restore(arguments: Arguments) -> None:
    """Put a saved database in the place of the embedded one."""
    settings = _embedded("pg_restore brings back what pg_dump saved")
    embedded.restore(settings, arguments.file, migrations=migrate.known())
    print(f"Restored the database from {arguments.file}.")


def upgrade(arguments: Arguments) -> None:
    """Move the embedded database to this version's PostgreSQL; the old one is kept beside it."""
    kept = embedded.upgrade(_embedded("pg_upgrade, or pg_dump and pg_restore, move it"), arguments.old_bin)
    print(f"Upgraded; the old database is kept in {kept}." if kept else "There was nothing to upgrade.")


def _embedded(instead: str) -> Settings:
    """The settings, where the database is the embedded one; anything else would save or replace an empty one."""
    settings = read_settings()
    if settings[DATABASE_URL]:
        raise BadInput(
            f"The database is your own (DATABASE_URL), not the embedded one: {instead}. "
            "Leave DATABASE_URL unset to mean the embedded one.",
            fields=[DATABASE_URL.name],
        )
    return settings
