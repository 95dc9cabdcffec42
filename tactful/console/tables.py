"""Tables: what a list or a picture is made of, to be read, or saved as a file."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

# What a spreadsheet takes for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be saved. name: what its file is called; columns: of every row."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def csv(self) -> str:
        """As a file (RFC 4180). Texts that a spreadsheet would carry out are kept from it.

        >>> Table("people", ["person", "risk"], [["=1+1", 0.5]]).csv()
        "person,risk\\r\\n'=1+1,0.5\\r\\n"
        """
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.columns)
        writer.writerows([_cell(value) for value in row] for row in self.rows)
        return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return _cell("; ".join(str(each) for each in value))
    return "" if value is None else value
