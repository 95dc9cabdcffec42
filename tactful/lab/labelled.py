"""Texts with labels, from a file that somebody made: columns text and label, and perhaps id."""

from pathlib import Path

import polars as pl

from tactful.kernel.errors import BadInput
from tactful.lab.importing.files import CHUNK_BYTES, chunks

NEEDED, KNOWN = ("text", "label"), ("text", "label", "id")
# Rows that are named in a refusal.
SHOWN = 5


def read(path: Path) -> pl.DataFrame:
    """The file's rows, columns of KNOWN as words, all or nothing. raises: BadInput naming the rows that cannot be."""
    if not path.is_file():
        raise BadInput(f"There is no file {path}.", fields=["data"])
    parts, broken = [], []
    for chunk in chunks(path, CHUNK_BYTES):
        missing = [name for name in NEEDED if name not in chunk.rows.columns]
        if missing and chunk.rows.height:
            raise BadInput(
                f"{path} has no column {missing[0]}; it takes text and label, and may have id.", fields=missing
            )
        broken += [(each.number, each.reason) for each in chunk.broken]
        if chunk.rows.height:
            names = [name for name in KNOWN if name in chunk.rows.columns]
            parts.append(chunk.rows.select(pl.col(names).cast(pl.String)))
    table = pl.concat(parts, how="diagonal") if parts else pl.DataFrame(schema=dict.fromkeys(NEEDED, pl.String))
    empty = table.with_row_index("row", offset=1).filter(pl.any_horizontal(pl.col(NEEDED).is_null()))
    broken += [(row, "its text or label is missing") for row in empty["row"]]
    if broken:
        named = "; ".join(f"row {number}: {reason}" for number, reason in sorted(broken)[:SHOWN])
        more = f"; and {len(broken) - SHOWN:,} more" if len(broken) > SHOWN else ""
        raise BadInput(f"{len(broken):,} rows cannot be read ({named}{more}). Nothing was learned.", fields=["data"])
    return table
