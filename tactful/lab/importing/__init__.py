"""`tactful import FILE`: a log of events into the engine; resumable, and the same file twice counts once."""

import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from threading import Event as Flag
from typing import Any

import polars as pl

from tactful.bootstrap import Engine
from tactful.facts.streaks import REST_DAYS
from tactful.kernel.errors import BadInput, Conflict
from tactful.lab.importing.ahead import ahead
from tactful.lab.importing.columns import Mapping, Sorted, fit, sort_out
from tactful.lab.importing.files import CHUNK_BYTES, CHUNK_MIB, NUMBER, Chunk, chunks, header
from tactful.lab.importing.properties import ZONE
from tactful.lab.importing.rejects import Rejects
from tactful.lab.importing.tally import Progress, Tally, words
from tactful.sense import limits
from tactful.store.database import Database
from tactful.store.described.erasure import keep_everybody
from tactful.store.sensed import imports
from tactful.store.sensed.events import INTERRUPTED
from tactful.store.sensed.imports import Import

__all__ = ["OPTIONS", "Mapping", "Tally", "import_file", "run", "words"]

# Transactions of one chunk that run at the same time.
WRITERS = 2

OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("file",), {"help": "a .csv, .tsv, .jsonl (these also .gz) or .parquet file"}),
    (("--person",), {"required": True, "help": "column: who did it, by your own id"}),
    (("--time",), {"required": True, "help": "column: when; ISO 8601, or Unix seconds or milliseconds"}),
    (("--kind",), {"default": "event", "help": "what every event of the file is; default: event"}),
    (("--kind-column",), {"help": "column: what each event is"}),
    (("--id",), {"help": "column: the event's id; default: the file's fingerprint and the row"}),
    (("--content",), {"help": "column: id of the content it was about"}),
    (("--skill",), {"help": "column: id of the skill it was about"}),
    (("--topic",), {"help": "column: its topic"}),
    (
        ("--property",),
        {"action": "append", "default": [], "metavar": "COLUMN", "help": "column to keep; may be repeated"},
    ),
    (("--zone",), {"help": "zone of times that name none, and of people who never told theirs"}),
    (("--organisation",), {"default": "default", "help": "whose people; default: default"}),
    (
        ("--chunk",),
        {
            "type": int,
            "default": CHUNK_MIB,
            "metavar": "MIB",
            "help": f"how much of the file is counted in one go; less needs less memory; default: {CHUNK_MIB}",
        },
    ),
)


def run(engine: Engine, arguments: Namespace, stop: Flag) -> Tally:
    """The command: import `arguments.file`. What became of its rows; see `import_file`."""
    mapping = Mapping(
        person=arguments.person,
        time=arguments.time,
        kind=arguments.kind,
        kind_column=arguments.kind_column,
        id=arguments.id,
        content=arguments.content,
        skill=arguments.skill,
        topic=arguments.topic,
        properties=tuple(dict.fromkeys(arguments.property)),
        zone=arguments.zone,
    )
    now = engine.clock.now()
    path, whose = Path(arguments.file), arguments.organisation
    if arguments.chunk < 1:
        raise BadInput("--chunk must be at least 1 MiB.", fields=["chunk"])
    return import_file(
        engine.database,
        path,
        mapping,
        organisation=whose,
        now=now,
        chunk=arguments.chunk << 20,
        stop=stop,
        rest_days=engine.settings[REST_DAYS],
    )


def import_file(
    database: Database,
    path: Path,
    mapping: Mapping,
    *,
    organisation: str,
    now: datetime,
    chunk: int = CHUNK_BYTES,
    stop: Flag | None = None,
    rest_days: int = REST_DAYS.default,
) -> Tally:
    """Count every event of a file; goes on where an earlier run of the same file and mapping stopped.

    chunk: how much of the file is one transaction [bytes]; Parquet goes by rows. stop: once set, what is
    being written is finished and the rest is left for the next run. rest_days: see `counting.count`.

    raises: BadInput for a file or mapping that does not fit, Conflict while the same import is running.
    """
    limits.name(organisation, "organisation")
    if not path.is_file():
        raise BadInput(f"{path} is not there.", fields=["file"])
    fit(mapping, header(path))
    progress = Progress()
    mark = _fingerprint(path)
    with database.batch() as connection:
        log = imports.begin(connection, organisation, mark, _of_mapping(mapping))
    rejects = Rejects(_beside(path, organisation, mark, _of_mapping(mapping)), keep=log.rows_done)
    tally = Tally(resumed_after=log.rows_done, rejected=log.rows_rejected)
    if not log.finished:
        work = Work(database, log, mapping, organisation, mark, now, rest_days)
        for read, found in ahead(work.sort_out(chunks(path, chunk))):
            work.settle(read, found, tally, rejects)
            progress.show(read.share, tally)
            if stop is not None and stop.is_set():
                tally.interrupted = True
                break
        else:
            with database.batch() as connection:
                imports.finish(connection, log, now)
    tally.rejected_file = str(rejects.path) if tally.rejected and rejects.path.exists() else None
    tally.seconds = round(time.perf_counter() - progress.started, 3)
    return tally


@dataclass(frozen=True, slots=True)
class Work:
    """One import at work."""

    database: Database
    log: Import
    mapping: Mapping
    organisation: str
    mark: str
    now: datetime
    rest_days: int

    def sort_out(self, read: Iterable[Chunk]) -> Iterator[tuple[Chunk, Sorted]]:
        """What an earlier run left of the chunks, with the events in it."""
        for chunk in read:
            if chunk.end > self.log.rows_done:
                left = Chunk(
                    chunk.rows.filter(chunk.rows[NUMBER] > self.log.rows_done),
                    [one for one in chunk.broken if one.number > self.log.rows_done],
                    chunk.end,
                    chunk.share,
                    chunk.typed,
                )
                yield left, sort_out(left, self.mapping, mark=self.mark, now=self.now)

    def settle(self, chunk: Chunk, found: Sorted, tally: Tally, rejects: Rejects) -> None:
        """Count the events of a chunk, and remember that it is settled."""
        with self.database.batch() as connection:
            if not imports.alone(connection, self.log, behind=tally.settled):
                raise Conflict("This file is being imported just now; wait for that to end.")
            rejects.add(found.rejected)
            new = self._write(found.log)
            rejected = tally.rejected + len(found.rejected)
            imports.advance(connection, self.log, rows=chunk.end, rejected=rejected)
        tally.rows += chunk.rows.height + len(chunk.broken)
        tally.accepted += new
        tally.duplicates += found.log.height - new
        tally.rejected = rejected
        tally.cover(found.log["occurred_at"])
        # Ids of its own would make them known by those, whatever the mapping.
        tally.counted_otherwise = bool(self.log.otherwise and tally.duplicates and not self.mapping.id)

    def _write(self, log: pl.DataFrame) -> int:
        """Count events in parts, each of other people. What a part had counted when another failed counts once."""
        if log.is_empty():
            return 0
        with self.database.batch() as connection:
            imports.make_room(connection, log)
        parts = log.with_columns(part=pl.col("person").hash() % WRITERS).partition_by("part", include_key=False)
        with ThreadPoolExecutor(WRITERS) as pool:
            return sum(pool.map(self._write_part, parts))

    def _write_part(self, log: pl.DataFrame) -> int:
        try:
            return self._count(log, keep=False)
        except INTERRUPTED:
            # Somebody was erased meanwhile.
            return self._count(log, keep=True)

    def _count(self, log: pl.DataFrame, *, keep: bool) -> int:
        with self.database.batch() as connection:
            if keep:
                keep_everybody(connection)
            return imports.write(
                connection,
                self.organisation,
                log,
                zone=self.mapping.zone,
                told=ZONE in self.mapping.properties,
                now=self.now,
                rest_days=self.rest_days,
            )


def _fingerprint(path: Path) -> str:
    digest = blake2b(digest_size=12)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _beside(path: Path, *import_: str) -> Path:
    """Where an import's rejected rows are: other options, another organisation or another content, another file."""
    return path.with_name(f"{path.name}.{blake2b(repr(import_).encode(), digest_size=4).hexdigest()}.rejected.csv")


def _of_mapping(mapping: Mapping) -> str:
    return blake2b(repr(asdict(mapping)).encode(), digest_size=8).hexdigest()
