"""Tables as files for spreadsheets: RFC 4180, in UTF-8, and no text that would be carried out."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

# What makes a spreadsheet take a text for a formula, in any width.
FORMULA = "=+-@＝＋－＠"
# Spreadsheets know by it that the file is UTF-8.
MARK = "\ufeff"


def spreadsheet(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table with a line of names. What is not known is left empty; instants are in UTC.

    >>> spreadsheet(["kind", "rate"], [["=1+1", 0.5], ["b", None]])
    "\\ufeffkind,rate\\r\\n'=1+1,0.5\\r\\nb,\\r\\n"
    """
    told = io.StringIO()
    told.write(MARK)
    writer = csv.writer(told)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return told.getvalue()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.lstrip()[:1] in tuple(FORMULA) else text


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else value
