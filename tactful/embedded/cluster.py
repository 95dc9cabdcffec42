"""A PostgreSQL data folder: made in one step, recognised by its version."""

import shutil
import tempfile
from pathlib import Path

from tactful.embedded.folder import Folder, Say
from tactful.embedded.programs import PostgresPrograms
from tactful.kernel.errors import CannotStart

OWNER = "tactful"


def major_of(data: Path) -> int | None:
    """The PostgreSQL major version a data folder belongs to; nothing when there is no data yet."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None


def prepare(folder: Folder, programs: PostgresPrograms, data: Path, say: Say) -> None:
    """See to it that `data` is a data folder of these programs, making it when it is absent.

    raises: CannotStart when something else lies there, or the data of another major version.
    """
    major = major_of(data)
    if major is None:
        _make(folder, programs, data, say)
    elif major != programs.major:
        raise CannotStart(
            f"The data in {data} belongs to PostgreSQL {major}; this version brings {programs.major}. "
            f"Run `tactful upgrade --old-bin DIR` with the folder that holds PostgreSQL {major}'s programs."
        )


def _make(folder: Folder, programs: PostgresPrograms, data: Path, say: Say) -> None:
    if data.exists() and any(data.iterdir()):
        raise CannotStart(f"{data} is not empty, yet it holds no PostgreSQL data; move it away and start again.")
    if data == folder.postgres and any(folder.path.glob("postgres-*.old")):
        raise CannotStart(f"An upgrade of {data} was interrupted; run `tactful upgrade --old-bin DIR` again.")
    say(f"Making a new database in {data}.")
    # Made aside and renamed, so that a start killed half-way leaves nothing that looks finished; each time
    # in a place of its own, because the initdb of a killed start may still be writing.
    prefix = f".{data.name}.part-"
    for left in data.parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=prefix, dir=data.parent))
    folder.account.own(part, 0o700)
    _initdb(folder, programs, part)
    if data.exists():
        data.rmdir()
    part.rename(data)


def _initdb(folder: Folder, programs: PostgresPrograms, target: Path) -> None:
    # Before 17 there is no locale of PostgreSQL's own; the C library's C.UTF-8 sorts the same way.
    own = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    locale = own if programs.major >= 17 else ["--locale=C.UTF-8"]
    command = [str(programs["initdb"]), "-D", str(target), "-U", OWNER, "--encoding=UTF8", "--auth=scram-sha-256"]
    with tempfile.NamedTemporaryFile("w", dir=folder.logs, encoding="utf-8") as secret:
        secret.write(folder.secret("postgres"))
        secret.flush()
        folder.account.own(Path(secret.name), 0o600)
        done = folder.account.run([*command, *locale, f"--pwfile={secret.name}"])
    if done.returncode:
        raise CannotStart(f"PostgreSQL could not make a database in {target}: {done.stderr.strip()}")
