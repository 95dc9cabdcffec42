"""One request for a page as the page sees it: who is signed in, when, what is asked; and what a page answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from tactful.bootstrap import Engine
from tactful.bootstrap.operating import Operator
from tactful.console.tables import Table
from tactful.kernel.errors import BadInput, Conflict, TactfulError
from tactful.sense import limits

# Rows of a page of a list; and of a list that is saved as a file.
ROWS, SAVED_ROWS = 50, 10_000
LONGEST_QUESTION = 500
# What whoever sent a form is told on the same page.
MISTAKES: tuple[type[TactfulError], ...] = (BadInput, Conflict)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request by somebody who is signed in. asked: of its address; form: what was sent with it.

    part: the name of the part of the page that is wanted alone, else empty. last: the id of the last event of a
    stream that was heard, of a browser that comes back to it, else empty.
    """

    engine: Engine
    operator: Operator
    at: datetime
    path: str
    asked: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    last: str = ""

    @property
    def organisation(self) -> str:
        """The operator's organisation; nothing of any other is ever shown."""
        return self.operator.organisation

    @property
    def saving(self) -> str:
        """The name of the table that is wanted as a file, else empty."""
        return self.asked.get("csv", "")

    @property
    def rows(self) -> int:
        """How many rows of a list are wanted."""
        return SAVED_ROWS if self.saving else ROWS

    def text(self, name: str, default: str = "") -> str:
        """What was asked under this name. raises: BadInput where it is too long or no text."""
        value = self.asked.get(name, default).strip()
        limits.text(value, name)
        if len(value) > LONGEST_QUESTION:
            raise BadInput(f"{name} may have {LONGEST_QUESTION} characters.", fields=[name])
        return value

    def choice(self, name: str, among: Sequence[str], default: str | None = None) -> str:
        """One of these, the first (or `default`) where nothing was asked. raises: BadInput."""
        value = self.asked.get(name, "") or (among[0] if default is None else default)
        if value not in among and value != default:
            raise BadInput(f"{name} must be one of {', '.join(filter(None, among))}.", fields=[name])
        return value

    def whole(self, name: str, default: int, *, low: int = 0, high: int = limits.LARGEST_ID) -> int:
        """A whole number. raises: BadInput."""
        value = self.asked.get(name, "")
        if not value:
            return default
        if not value.isascii() or not value.isdigit() or len(value) > 19 or not low <= int(value) <= high:
            raise BadInput(f"{name} must be a whole number from {low} to {high}.", fields=[name])
        return int(value)

    def instant(self, name: str) -> datetime | None:
        """An instant as ISO 8601 writes it, in UTC unless it says otherwise, or None. raises: BadInput."""
        return _instant(name, self.asked.get(name, "").strip())

    def time(self, name: str) -> datetime | None:
        """The same, out of a form. raises: BadInput."""
        return _instant(name, self.form.get(name, "").strip())

    def number(self, name: str) -> int:
        """One of our own numbers, out of a form. raises: BadInput."""
        value = self.form.get(name, "")
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            raise BadInput(f"{name} must be a whole number.", fields=[name])
        return int(value)

    def with_(self, **changes: str | int | None) -> str:
        """The address of this page with some questions asked otherwise; None leaves one out."""
        kept = {name: value for name, value in self.asked.items() if name not in changes and name != "csv"}
        kept |= {name: str(value) for name, value in changes.items() if value not in (None, "")}
        return f"?{urlencode(kept)}"


def _instant(name: str, value: str) -> datetime | None:
    if not value:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        raise BadInput(f"{name} must be a time, like 2026-03-06T08:00.", fields=[name]) from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows. tables: what can be saved as a file (`?csv=NAME`). part: as `Visit.part`.

    values: what the template is given.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    tables: Sequence[Table] = ()
    status: int = 200


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody is sent to another page of the console, and told there what was done."""

    to: str
    said: str = ""


Answer = Shown | Gone
