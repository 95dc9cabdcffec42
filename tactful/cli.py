"""The command line. Each command is one function; `COMMANDS` is the table of them all."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tactful import embedded, server
from tactful.api import auth
from tactful.bootstrap import Engine, read_settings
from tactful.embedded.folder import Folder, data_dir
from tactful.kernel.errors import BadInput, TactfulError
from tactful.lab import bench, doctor, evaluate, importing
from tactful.store import housekeeping
from tactful.testing import demo

Arguments = argparse.Namespace


def instant(text: str) -> datetime:
    """A time given on the command line. raises: BadInput unless it names its zone.

    >>> instant("2004-06-15T18:00:00Z").isoformat()
    '2004-06-15T18:00:00+00:00'
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text} is not a time; write it like 2026-01-31T08:00:00Z.", fields=["at"]) from None
    if at.tzinfo is None:
        raise BadInput(f"{text} needs a time zone, for example {text}Z.", fields=["at"])
    return at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Option:
    """One argument of a command, as argparse takes it."""

    names: tuple[str, ...]
    settings: dict[str, Any]


def option(*names: str, **settings: Any) -> Option:
    """Shorthand for an argument."""
    return Option(names, settings)


AT = option("--at", type=instant, help="the instant to act at, like 2026-01-31T08:00:00Z; now when left out")
ORGANISATION = option("--organisation", default="default", help="whose people; default: default")
JSON = option("--json", action="store_true", help="print JSON instead of a table")


def up(arguments: Arguments) -> None:
    """Start everything: API, worker, console, and our own PostgreSQL and Valkey unless yours are set."""

    async def welcome(engine: Engine) -> None:
        if arguments.demo:
            await demo.fill(engine)
        print(greeting(engine, f"http://{arguments.host}:{arguments.port}", demo=arguments.demo), flush=True)

    server.serve(read_settings(), host=arguments.host, port=arguments.port, worker=True, ready=[welcome])


def signing_key(engine: Engine) -> str:
    """The secret that tokens are signed with: the setting's, or the one kept in the data directory."""
    return auth.secret(engine.settings, lambda: Folder(data_dir(engine.settings)).secret("jwt"))


def greeting(engine: Engine, address: str, *, demo: bool) -> str:
    """Where to look, a token, and three commands to try."""
    organisation, person = ("demo", "demo-1") if demo else ("default", "1")
    key, now = signing_key(engine), engine.clock.now()
    operator = auth.issue(key, sub="you", org=organisation, scope=auth.ADMIN, now=now, hours=24)
    service = auth.issue(key, sub="you", org=organisation, scope=auth.SERVICE, now=now, hours=24)
    seen = {"id": "1", "user_id": person, "kind": "visit", "occurred_at": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    event = json.dumps({"events": [seen]})
    return f"""
Tactful runs at {address} (documentation of the API: {address}/docs)

Tokens for the organisation {organisation}, good for a day:
  OPERATOR={operator}
  SERVICE={service}

Three commands to try, after setting these two in your shell:
  curl "{address}/api/v1/people/at-risk?limit=5" -H "Authorization: Bearer $OPERATOR"
  curl "{address}/api/v1/people/{person}/explain" -H "Authorization: Bearer $OPERATOR"
  curl {address}/api/v1/events -H "Authorization: Bearer $SERVICE" -H "Content-Type: application/json" -d '{event}'

Stop with Ctrl+C.
"""


def api(arguments: Arguments) -> None:
    """Serve HTTP only."""
    server.serve(read_settings(), host=arguments.host, port=arguments.port, worker=False)


def worker(_: Arguments) -> None:
    """Run scheduled jobs only."""
    server.work(read_settings())


def tick(arguments: Arguments) -> None:
    """Decide about everybody whose moment has come (--all: everybody), once, and stop."""

    async def run(engine: Engine) -> None:
        done = await engine.tick(arguments.at, everybody=arguments.all)
        if done is None:
            raise BadInput("Another tick is running; it will look at these people too.")
        summary = await engine.tick_summary(done.id)
        show(summary if arguments.json else told(summary), arguments.json)

    with_engine(run)


def told(summary: dict[str, Any]) -> list[str]:
    """What a tick did, in lines."""
    counts = [f"  {one['people']:>8} {one['result']}: {one['chosen'] or 'nothing'}" for one in summary["decisions"]]
    return [
        f"Tick {summary['id']} at {summary['at']:%Y-%m-%d %H:%M} UTC looked at {summary['people']} people "
        f"and reached {summary['reached']}.",
        "New rows in the ledger:" if counts else "Nothing new for the ledger.",
        *counts,
    ]


def daily_reset(arguments: Arguments) -> None:
    """Clear daily counters of days that are over everywhere, once, and stop."""

    async def run(engine: Engine) -> None:
        with engine.database.batch() as connection:
            cleared = housekeeping.daily_reset(connection, arguments.at or engine.clock.now())
        show({"cleared": cleared}, arguments.json)

    with_engine(run)


def explain(arguments: Arguments) -> None:
    """Say why a person was or was not reached at an instant."""

    async def run(engine: Engine) -> None:
        told = await engine.explain(arguments.organisation, arguments.person, arguments.at)
        show(told if arguments.json else told["words"], arguments.json)

    with_engine(run)


def at_risk(arguments: Arguments) -> None:
    """List people at risk of leaving, with reasons."""

    async def run(engine: Engine) -> None:
        rows = await engine.at_risk(arguments.organisation, limit=arguments.limit)
        lines = [
            f"{row['external_id']}: {row['risk_level']} ({row['risk_score']:.2f}, confidence {row['confidence']:.2f})"
            + "".join(f"\n    {reason}" for reason in row["reasons"])
            for row in rows
        ]
        show(rows if arguments.json else lines or ["Nobody is at medium risk or higher."], arguments.json)

    with_engine(run)


def pause(arguments: Arguments) -> None:
    """Stop reaching people at once: the organisation, one kind or one channel; --shadow decides but sends nothing."""
    _pause(arguments, standing=True)


def resume(arguments: Arguments) -> None:
    """End a pause."""
    _pause(arguments, standing=False)


def _pause(arguments: Arguments, *, standing: bool) -> None:
    scope, name = ("kind", arguments.kind) if arguments.kind else ("channel", arguments.channel or "")
    if not arguments.kind and not arguments.channel:
        scope = "organisation"
    mode = "shadow" if arguments.shadow else "pause"

    async def run(engine: Engine) -> None:
        change = engine.pause if standing else engine.resume
        told = await change(arguments.organisation, scope=scope, name=name, mode=mode, actor="command line")
        show(told, as_json=False)

    with_engine(run)


def token(arguments: Arguments) -> None:
    """Mint a bearer token for a person, a service or an operator."""
    engine = Engine()
    key = signing_key(engine)
    claims = {"org": arguments.organisation, "scope": arguments.scope, "hours": arguments.hours}
    print(auth.issue(key, sub=arguments.sub, now=engine.clock.now(), **claims))


def migrate(_: Arguments) -> None:
    """Bring the database's tables up to date and stop."""

    async def run(engine: Engine) -> None:
        show({"migration": (await engine.status())["migration"]}, as_json=False)

    with_engine(run)


def doctor_(arguments: Arguments) -> int:
    """Look for what is wrong and say what to do about each finding."""
    findings = doctor.examine()
    rows = [{"part": one.part, "found": one.found, "advice": one.advice} for one in findings]
    lines = [f"{'ok ' if one.well else '!! '} {one.part}: {one.found} {one.advice}".rstrip() for one in findings]
    show(rows if arguments.json else lines, arguments.json)
    return 0 if all(one.well for one in findings) else 1


def backup(arguments: Arguments) -> None:
    """Save the embedded database to a file."""
    embedded.backup(read_settings(), arguments.file)
    show({"saved": arguments.file}, as_json=False)


def restore(arguments: Arguments) -> None:
    """Put a saved database in the place of the embedded one."""
    embedded.restore(read_settings(), arguments.file)
    show({"restored": arguments.file}, as_json=False)


def upgrade(arguments: Arguments) -> None:
    """Move the embedded database to this version's PostgreSQL; the old one is kept beside it."""
    kept = embedded.upgrade(read_settings(), arguments.old_bin)
    show({"old": kept or "nothing to upgrade"}, as_json=False)


def import_(arguments: Arguments) -> None:
    """Read a log of events from a CSV, JSON lines or Parquet file."""

    async def run(engine: Engine) -> None:
        show(await asyncio.to_thread(importing.run, engine, arguments), arguments.json)

    with_engine(run)


def evaluate_(arguments: Arguments) -> None:
    """Score what would be served on public data; `silence` scores it on your own past."""
    if arguments.part == "silence":

        async def run(engine: Engine) -> None:
            rows = await asyncio.to_thread(
                evaluate.silence, engine.database, engine.rules, at=arguments.at, days=arguments.days
            )
            evaluate.show(rows, as_json=arguments.json)

        with_engine(run)
        return
    evaluate.show(evaluate.evaluate(arguments.part, Path(arguments.data)), as_json=arguments.json)


def bench_(arguments: Arguments) -> None:
    """Measure one path against a baseline in the same run."""
    bench.show(bench.run(arguments.name, size=arguments.size), as_json=arguments.json)


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what it runs, its options."""

    name: str
    run: Callable[[Arguments], int | None]
    options: tuple[Option, ...] = ()


ADDRESS = (option("--host", default="127.0.0.1", help="address to listen on"), option("--port", type=int, default=8000))
PAUSED = (
    ORGANISATION,
    option("--kind", help="one kind of intervention"),
    option("--channel", help="one channel"),
    option("--shadow", action="store_true", help="decide and record, send nothing"),
)

COMMANDS = (
    Command("up", up, (*ADDRESS, option("--demo", action="store_true", help="add demo people"))),
    Command("api", api, ADDRESS),
    Command("worker", worker),
    Command("migrate", migrate),
    Command("backup", backup, (option("file", type=Path, help="where to save it"),)),
    Command("restore", restore, (option("file", type=Path, help="what `tactful backup` saved"),)),
    Command(
        "upgrade",
        upgrade,
        (option("--old-bin", type=Path, required=True, help="folder of the old PostgreSQL's programs"),),
    ),
    Command("doctor", doctor_, (JSON,)),
    Command(
        "token",
        token,
        (
            option("sub", help="the person's own id, or a name for the service or operator"),
            ORGANISATION,
            option("--scope", default="person", choices=auth.SCOPES),
            option("--hours", type=float, default=24.0, help="how long it is good for"),
        ),
    ),
    Command("import", import_, (*(Option(names, more) for names, more in importing.OPTIONS), JSON)),
    Command("tick", tick, (AT, option("--all", action="store_true", help="look at everybody"), JSON)),
    Command("daily-reset", daily_reset, (AT, JSON)),
    Command("at-risk", at_risk, (ORGANISATION, option("--limit", type=int, default=20), JSON)),
    Command("explain", explain, (option("person", help="the person's own id"), ORGANISATION, AT, JSON)),
    Command("pause", pause, PAUSED),
    Command("resume", resume, PAUSED),
    Command(
        "evaluate",
        evaluate_,
        (
            option("part", nargs="?", default="dropout", help="dropout, or silence for your own past"),
            option("--data", default="data", help="folder of public data sets"),
            option("--days", type=int, default=30, help="silence: how long nobody hears from them"),
            AT,
            JSON,
        ),
    ),
    Command(
        "bench",
        bench_,
        (
            option("name", choices=bench.NAMES),
            option("--size", type=float, default=1.0, help="share of full size"),
            JSON,
        ),
    ),
)


def with_engine(run: Callable[[Engine], Awaitable[None]]) -> None:
    """Run something with an open engine."""

    async def go() -> None:
        async with Engine() as engine:
            await run(engine)

    asyncio.run(go())


def show(told: Any, as_json: bool) -> None:
    """Print an answer for people, or as JSON."""
    if as_json:
        print(json.dumps(told, default=str, ensure_ascii=False))
    elif isinstance(told, str):
        print(told)
    elif isinstance(told, dict):
        print("\n".join(f"{name}: {value}" for name, value in told.items()))
    else:
        print("\n".join(str(line) for line in told))


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = argparse.ArgumentParser(prog="tactful", description="An engine for proactive engagement.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        words = (command.run.__doc__ or "").strip()
        sub = commands.add_parser(command.name, help=words, description=words)
        for each in command.options:
            sub.add_argument(*each.names, **each.settings)
        sub.set_defaults(run=command.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Answers the exit status: 0, or 2 with one sentence on standard error."""
    try:
        chosen = parser().parse_args(arguments)
        status: int | None = chosen.run(chosen)
    except TactfulError as error:
        print(f"tactful: {error.detail}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return status or 0
