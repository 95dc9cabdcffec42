"""What the structure tests look at."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SKIPPED = {".git", ".venv", ".tactful", "node_modules", "dist", "build"}
WRITTEN = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".sql", ".sh", ".mako", ".js", ".ts", ".css", ".html", ""}


def files(*suffixes: str, under: str = ".") -> Iterator[Path]:
    """Every file of the repository with one of these suffixes, caches and environments left out."""
    for path in sorted((ROOT / under).rglob("*")):
        inside = path.relative_to(ROOT).parts
        hidden = any(part in SKIPPED or part.endswith(("_cache", "__", ".egg-info")) for part in inside[:-1])
        if path.is_file() and not hidden and path.suffix in suffixes and "_cache" not in str(path):
            yield path


def name(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(ROOT).as_posix()
