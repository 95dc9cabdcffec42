"""Templates: what every page is painted with, and what they may use."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tactful import __version__
from tactful.console import static_files, times

# Longer ones are documents, not values [letters].
LONGEST_VALUE = 200
templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def paint(template: str, values: Mapping[str, Any]) -> str:
    """A template with these values in it; all text is escaped."""
    return templates.get_template(template).render(values)


def asset(name: str) -> str:
    """Where a file of ours is, below the console's address, under a name that changes with its content."""
    return f"static/{name}?v={static_files.known()[name]}"


def percent(value: float | None, digits: int = 0) -> str:
    """A share as people read it, and a dash where it is unknown.

    >>> percent(0.256), percent(None)
    ('26 %', '–')
    """
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def number(value: float | None, digits: int = 0) -> str:
    """A number as people read it, and a dash where it is unknown.

    >>> number(12345), number(0.1234, 2), number(None)
    ('12,345', '0.12', '–')
    """
    return "–" if value is None else f"{value:,.{digits}f}"


def words(name: str) -> str:
    """A name of ours as words.

    >>> words("streak_preservation"), words("MASS_EXIT")
    ('streak preservation', 'mass exit')
    """
    return name.replace("_", " ").lower()


def set_value(value: Any) -> str:
    """A value of a setting as it is read; what is a document of its own is only named.

    >>> set_value(None), set_value(0.1), set_value("x" * 500)
    ('as for everybody', '0.1', 'a text of 500 letters')
    """
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"a text of {len(value)} letters"
    return "as for everybody" if value is None else str(value)


def iso(at: datetime | None) -> str:
    """An instant for machines."""
    return "" if at is None else at.isoformat()


templates.globals["asset"] = asset
templates.globals["version"] = __version__
templates.filters |= {
    "percent": percent,
    "number": number,
    "words": words,
    "iso": iso,
    "set_value": set_value,
    "instant": times.instant,
    "ago": times.ago,
    "clock": times.clock,
}
