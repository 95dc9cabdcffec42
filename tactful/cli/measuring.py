"""Commands about data: reading a log, scoring, measuring."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING

from tactful.bootstrap import Engine
from tactful.cli.arguments import Arguments
from tactful.cli.running import show, with_engine
from tactful.kernel.clock import SystemClock
from tactful.kernel.errors import BadInput
from tactful.lab import bench, importing, simulate

# What `simulate` does beside live audiences.
CHANNEL = "channel"

if TYPE_CHECKING:
    from tactful.lab.evaluate import Row


def import_(arguments: Arguments) -> None:
    """Read a log of events from a CSV, JSON lines or Parquet file."""
    stop = Flag()

    async def run(engine: Engine) -> None:
        work = asyncio.create_task(asyncio.to_thread(importing.run, engine, arguments, stop))
        try:
            tally = await asyncio.shield(work)
        except asyncio.CancelledError:
            # Ctrl+C: what is being written is finished first, so that the next run goes on behind it.
            stop.set()
            tally = await work
            if tally.interrupted:
                print(f"interrupted after {tally.settled:,} rows; run again to go on", file=sys.stderr)
            raise
        show(tally.told(), importing.words(tally), as_json=arguments.json)

    with_engine(run)


def evaluate(arguments: Arguments) -> None:
    """Score what would be served on public data, all of it or one part; `silence` scores it on your own past."""
    # Loaded only here: it brings a second database engine with it, which serving has no use for.
    from tactful.lab import evaluate

    if arguments.part == evaluate.SILENCE:

        async def run(engine: Engine) -> None:
            past = {"at": arguments.at, "days": arguments.days}
            rows = await asyncio.to_thread(evaluate.silence, engine.database, engine.rules, **past)
            _told(arguments, rows)

        with_engine(run)
        return
    data = Path(arguments.data)
    _told(arguments, evaluate.evaluate(arguments.part, data) if arguments.part else evaluate.everything(data))


def _told(arguments: Arguments, rows: "Sequence[Row]") -> None:
    from tactful.lab import evaluate

    evaluate.show(rows, as_json=arguments.json)
    if arguments.report is not None:
        path = evaluate.write(rows, Path(arguments.report), at=SystemClock().now())
        print(f"The page is {path}.", file=sys.stderr)


def simulated(arguments: Arguments) -> None:
    """Simulate live audiences or tests of variants, to see if the better one is found; or try a channel offline."""
    if arguments.what == CHANNEL:
        _tried(arguments)
        return
    if arguments.name is not None or arguments.say:
        raise BadInput("A name and --say go with: tactful simulate channel.")
    if arguments.what == "experiment":
        wanted = simulate.Wanted(
            arguments.effect,
            arguments.people_per_day,
            arguments.days,
            rate=arguments.rate,
            runs=arguments.studies,
            seed=arguments.seed,
        )
        simulate.show(simulate.experiment(wanted), as_json=arguments.json)
        return
    told = simulate.live(
        arguments.scenario,
        arguments.sessions,
        studies=arguments.studies,
        seed=arguments.seed,
        progress=lambda words: print(words, file=sys.stderr),
    )
    simulate.show(told, as_json=arguments.json)


def _tried(arguments: Arguments) -> None:
    # Loaded only here: it brings servers that others have no use for.
    from tactful.testing import trying

    if arguments.name is None:
        raise BadInput("Say which channel: tactful simulate channel telegram.")
    told = asyncio.run(trying.trial(arguments.name, say=arguments.say or ()))
    show(told, trying.words(told), as_json=arguments.json)


def measure(arguments: Arguments) -> None:
    """Measure one path against a baseline in the same run."""
    bench.show(bench.run(arguments.name, size=arguments.size), as_json=arguments.json)
