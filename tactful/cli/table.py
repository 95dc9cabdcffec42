"""`COMMANDS` is the table of them all: a name, a function, its arguments."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tactful
from tactful.api import auth
from tactful.bootstrap.learning import LEARNED
from tactful.bootstrap.operating import ROLES
from tactful.cli import (
    INTERRUPTED,
    configuring,
    deciding,
    following,
    inventing,
    keeping,
    measuring,
    operators,
    posting,
    rights,
    serving,
    tokens,
)
from tactful.cli.arguments import (
    ADDRESS,
    AT,
    JSON,
    LONGEST_TOKEN,
    ORGANISATION,
    PAUSED,
    Arguments,
    Option,
    above_zero,
    between,
    number,
    option,
)  # fmt: skip
from tactful.kernel.errors import NotFound, TactfulError
from tactful.lab import bench, importing, simulate
from tactful.store.database import REFUSALS, words
from tactful.store.running.following import NEW, START
from tactful.uses.passing import WORKS
from tactful.uses.rooms.acts import ANOMALIES, INTERVENTIONS

CHANNELS = (INTERVENTIONS, ANOMALIES)


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what it runs, its options."""

    name: str
    run: Callable[[Arguments], int | None]
    options: tuple[Option, ...] = ()


COMMANDS = (
    Command(
        "up",
        serving.up,
        (*ADDRESS, option("--demo", action="store_true", help="add demo people and live audiences")),
    ),
    Command("api", serving.api, ADDRESS),
    Command("worker", serving.worker),
    Command("migrate", serving.migrate),
    Command("roles", keeping.sql_of_roles),
    Command(
        "backup",
        keeping.backup,
        (
            option("file", type=Path, help="where to save it"),
            option("--force", action="store_true", help="replace a file that is there already"),
        ),
    ),
    Command("restore", keeping.restore, (option("file", type=Path, help="what `tactful backup` saved"),)),
    Command(
        "upgrade",
        keeping.upgrade,
        (option("--old-bin", type=Path, required=True, help="folder of the old PostgreSQL's programs"),),
    ),
    Command("doctor", keeping.examine, (JSON,)),
    Command(
        "token",
        tokens.token,
        (
            option("sub", help="the person's own id, or a name for the service or operator"),
            ORGANISATION,
            option(
                "--scope",
                default="person",
                choices=auth.SCOPES,
                help=f"what it allows: {', '.join(auth.SCOPES)}; default: person",
            ),
            option(
                "--hours",
                type=above_zero(LONGEST_TOKEN),
                help="how long it lasts; default: 24, a widget's as api.widget_minutes says",
            ),
        ),
    ),
    Command(
        "operators",
        operators.operators,
        (
            ORGANISATION,
            option("--invite", metavar="EMAIL", help="print a link that lets somebody new in, once"),
            option("--role", default="viewer", choices=ROLES, help="with --invite: what they may do; default: viewer"),
            option("--reset", metavar="EMAIL", help="print a link with which an operator sets a new password"),
            JSON,
        ),
    ),
    Command("import", measuring.import_, (*(Option(names, more) for names, more in importing.OPTIONS), JSON)),
    Command(
        "tick",
        deciding.tick,
        (
            AT,
            option("--all", action="store_true", help="look at everybody"),
            option("--dry-run", action="store_true", help="look at everybody, say what would be done, write nothing"),
            option("--organisation", help="with --dry-run: whose people; everybody's when left out"),
            JSON,
        ),
    ),
    Command(
        "train",
        deciding.train,
        (
            option("capability", nargs="?", choices=LEARNED, help="learn only this; everything when left out"),
            option("--data", metavar="FILE", type=Path, help="mood: texts with labels, as CSV, JSON lines or Parquet"),
            option(
                "--organisation",
                help="whose; default: with --data everybody's, otherwise the organisation called default",
            ),
            option("--history", action="store_true", help="list what was learned so far"),
            option(
                "--back",
                metavar="VERSION",
                type=between(0, 1_000_000_000),
                help="let this version of the capability serve again; 0: none, as before anything was learned",
            ),
            option("--everybody", action="store_true", help="with --history or --back: what is everybody's"),
            AT,
            JSON,
        ),
    ),
    Command(
        "passes",
        deciding.passes,
        (option("--now", choices=sorted(WORKS), help="carry out this one now"), JSON),
    ),
    Command("daily-reset", deciding.daily_reset, (AT, JSON)),
    Command(
        "at-risk",
        deciding.at_risk,
        (
            ORGANISATION,
            option("--limit", type=between(1, 1_000_000), default=20, help="people to list at most; default: 20"),
            JSON,
        ),
    ),
    Command("explain", deciding.explain, (option("person", help="the person's own id"), ORGANISATION, AT, JSON)),
    Command("export", rights.export, (option("person", help="the person's own id"), ORGANISATION)),
    Command(
        "erase",
        rights.erase,
        (
            option("person", help="the person's own id"),
            ORGANISATION,
            option("--yes", action="store_true", help="yes, delete it; without this nothing is done"),
            JSON,
        ),
    ),
    Command(
        "listen",
        following.listen,
        (
            option("channel", choices=CHANNELS, help=f"what to follow: {', '.join(CHANNELS)}"),
            option(
                "--from",
                dest="start",
                metavar="PLACE",
                default=NEW,
                help=f"{START} for all that is kept, {NEW} for what comes, or the id to go on behind; default: {NEW}",
            ),
            option("--ids", action="store_true", help='print {"id": ..., "message": ...}, to go on behind an id later'),
        ),
    ),
    Command(
        "settings",
        configuring.settings,
        (
            option("do", choices=("show", "set", "reset", "history", "undo"), help="what to do"),
            option(
                "words", nargs="*", help="set: NAME=VALUE; reset: NAME; undo: the version; show: beginnings of names"
            ),
            ORGANISATION,
            option("--note", default="", help="why, for those who look at it later"),
            JSON,
        ),
    ),
    Command(
        "bounced",
        posting.bounced,
        (option("--organisation", help="only where the letter is theirs; anybody's when left out"), JSON),
    ),
    Command(
        "kinds",
        inventing.kinds,
        (
            option(
                "do",
                choices=("list", "check", "try", "save", "live", "back", "on", "off"),
                help="what to do with kinds and triggers of your own",
            ),
            option(
                "what",
                nargs="?",
                default="",
                help="check, save: the file; try: file or version; live: version, 0: none; on, off: a trigger",
            ),
            ORGANISATION,
            option("--days", type=between(1, 60), default=7, help="try: how far back; default: 7"),
            option("--every", type=between(1, 24), default=3, help="try: hours between looks; default: 3"),
            option("--untried", action="store_true", help="live: also where nobody has tried it on the past"),
            option("--note", default="", help="why, for those who look at it later"),
            JSON,
        ),
    ),
    Command("pause", deciding.pause, PAUSED),
    Command("resume", deciding.resume, PAUSED),
    Command(
        "evaluate",
        measuring.evaluate,
        (
            option(
                "part",
                nargs="?",
                help="dropout, forgetting, mood, plateau, struggle, timing, or silence; all but silence when left out",
            ),
            option("--data", default="data", help="folder of public data sets"),
            option("--report", metavar="DIR", help="also write a page of tables and curves into this folder"),
            option(
                "--days",
                type=between(1, 3650),
                default=30,
                help="silence: how long nobody hears from them; default: 30",
            ),
            AT,
            JSON,
        ),
    ),
    Command(
        "simulate",
        measuring.simulated,
        (
            option(
                "what",
                choices=("live", "experiment", measuring.CHANNEL),
                help="what to simulate: live, experiment, channel",
            ),
            option("name", nargs="?", help="channel: which one, like telegram"),
            option("--say", action="append", metavar="TEXT", help="channel: what else they write; may be repeated"),
            option("--scenario", choices=sorted(simulate.SCENARIOS), default="mixed", help="the event; default: mixed"),
            option(
                "--sessions", type=between(1, 100_000), default=100, help="sessions of one organisation; default: 100"
            ),
            option(
                "--studies", type=between(1, 10_000), default=50, help="how many organisations or tests; default: 50"
            ),
            option(
                "--rate",
                type=number(0, 1),
                default=0.2,
                help="experiment: how often the control is taken up; default: 0.2",
            ),
            option(
                "--effect",
                type=number(-1, 1),
                default=0.0,
                help="experiment: how much more often the variant is; default: 0",
            ),
            option(
                "--people-per-day", type=between(2, 2_000), default=100, help="experiment: who come by; default: 100"
            ),
            option("--days", type=between(1, 365), default=30, help="experiment: how long it runs; default: 30"),
            option("--seed", type=between(0, 2**31), default=1, help="the same seed gives the same answer; default: 1"),
            JSON,
        ),
    ),
    Command(
        "bench",
        measuring.measure,
        (
            option("name", choices=bench.NAMES, help=f"what to measure: {', '.join(bench.NAMES)}"),
            option("--size", type=above_zero(1), default=1.0, help="share of full size; default: 1"),
            JSON,
        ),
    ),
)


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = argparse.ArgumentParser(prog="tactful", description="An engine for proactive engagement.")
    top.add_argument("--version", action="version", version=f"tactful {tactful.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        text = (command.run.__doc__ or "").strip()
        sub = commands.add_parser(command.name, help=text, description=text)
        for each in command.options:
            sub.add_argument(*each.names, **each.settings)
        sub.set_defaults(run=command.run)
    return top


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit status; what goes wrong is one sentence on standard error.

    1: there is nothing under that name; 2: anything else that was refused; 130: interrupted.
    """
    try:
        chosen = parser().parse_args(arguments)
        status: int | None = chosen.run(chosen)
    except TactfulError as error:
        return _failed(error.detail, 1 if isinstance(error, NotFound) else 2)
    except REFUSALS as error:
        return _failed(f"The database refused: {words(error)}", 2)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read what we print has read enough; what is still held back must not be written on leaving.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status or 0


def _failed(sentence: str, status: int) -> int:
    print(f"tactful: {sentence}", file=sys.stderr)
    return status
