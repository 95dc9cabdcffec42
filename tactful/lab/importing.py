"""`tactful import`: a log of events from a file, in columns and chunks, each chunk one transaction.

Resumable and idempotent: what is done is noted with each chunk, and every row's id follows from
the file and its place in it (or from a column), so no row counts twice.
"""

import argparse
import hashlib
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl

from tactful.bootstrap import Engine
from tactful.kernel.errors import BadInput
from tactful.lab.reading import Columns, checked, read
from tactful.store import counting, imports, resolve
from tactful.store.database import Connection
from tactful.store.steps import run as carry_out

CHUNK = 100_000

OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("file",), {"type": Path, "help": "CSV, JSON lines (both also .gz) or Parquet"}),
    (("--organisation",), {"default": "default", "help": "whose people these are; default: default"}),
    (("--person",), {"required": True, "help": "column with the person's id"}),
    (
        ("--time",),
        {"required": True, "help": "column with the time: ISO 8601 with zone, or Unix seconds or milliseconds"},
    ),
    (("--zone",), {"help": "zone of times that name none, for example Europe/Berlin"}),
    (("--id",), {"help": "column with the event's id; made from file and row when left out"}),
    (("--kind",), {"default": "activity", "help": "kind of every event; default: activity"}),
    (("--kind-column",), {"help": "column with the kind"}),
    (("--content",), {"help": "column with the content's id"}),
    (("--skill",), {"help": "column with the skill's id"}),
    (("--topic",), {"help": "column with the topic"}),
    (("--property",), {"action": "append", "default": [], "help": "column to keep as a property; may be repeated"}),
    (("--rejected",), {"type": Path, "help": "where to write rejected rows; default: NAME.rejected.csv here"}),
)


def run(engine: Engine, arguments: argparse.Namespace) -> dict[str, Any]:
    """Import a file; answers how many rows were read, new, known and rejected, and how fast."""
    columns = Columns.from_arguments(arguments)
    source: Path = arguments.file
    if not source.is_file():
        raise BadInput(f"There is no file {source}.", fields=["file"])
    start, now = time.perf_counter(), engine.clock.now()
    mark = _fingerprint(source, columns)
    rows = checked(read(source), columns, mark=mark, now=now)
    rejected = rows.filter(pl.col("reason").is_not_null())
    _save(rejected, arguments.rejected or Path(f"{source.name}.rejected.csv"))
    good = rows.filter(pl.col("reason").is_null()).drop("reason")
    new = 0
    with engine.database.batch() as connection:
        entry = imports.begin(connection, arguments.organisation, mark, rejected=rejected.height)
    for first in range(entry.rows_done, good.height, CHUNK):
        chunk = good.slice(first, CHUNK)
        with engine.database.batch() as connection:
            new += _count(connection, arguments.organisation, chunk, now)
            imports.advance(connection, entry, rows_done=first + chunk.height)
        _progress(first + chunk.height, good.height, start)
    with engine.database.batch() as connection:
        imports.finish(connection, entry)
    took = time.perf_counter() - start
    return {
        "rows": rows.height,
        "new": new,
        "known": good.height - new,
        "rejected": rejected.height,
        "seconds": round(took, 2),
        "rows_per_second": round(rows.height / took),
    }


def _count(connection: Connection, organisation: str, chunk: pl.DataFrame, now: Any) -> int:
    wanted = {(organisation, person): None for person in chunk["person"].unique().to_list()}
    known = carry_out(connection, resolve.people(wanted))
    people = pl.DataFrame(
        [(person, one.id, one.organisation_id, one.zone) for (_, person), one in known.items()],
        schema={"person": pl.String, "person_id": pl.Int64, "organisation_id": pl.Int64, "zone": pl.String},
        orient="row",
    )
    group = chunk.join(people, on="person", how="left", maintain_order="left").unique(
        "id", keep="first", maintain_order=True
    )
    fresh = carry_out(connection, counting.count(group.select(*counting.GROUP), now=now))
    return fresh.height


def _fingerprint(source: Path, columns: Columns) -> str:
    digest = hashlib.sha256(repr(columns).encode())
    with source.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:24]


def _save(rejected: pl.DataFrame, target: Path) -> None:
    if rejected.height:
        rejected.select("number", "reason", "person", "at_text").write_csv(target)
        print(f"{rejected.height} rows were rejected; see {target}.", file=sys.stderr)


def _progress(done: int, total: int, start: float) -> None:
    share = done / max(1, total)
    bar = "#" * round(30 * share)
    speed = done / max(1e-9, time.perf_counter() - start)
    end = "\n" if done == total else ""
    print(f"\r[{bar:<30}] {done:,} of {total:,} rows, {speed:,.0f} a second", end=end, file=sys.stderr, flush=True)
