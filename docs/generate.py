"""Writes the pages of docs/ that follow from the code: settings, errors, commands and HTTP addresses.

python docs/generate.py          write them
python docs/generate.py --check  say which are out of date, with exit status 1
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from tactful.api.app import create_app
from tactful.api.twice import SMALL
from tactful.bootstrap import Engine, setting_rows
from tactful.cli.table import COMMANDS, parser
from tactful.decide import Rules
from tactful.decide.guardrails import BINDS, HERE_RAILS, LIVE_RAILS, RAILS, Rail
from tactful.decide.own.facts import FACTS, LONG, NUMBER, UNITS, Fact
from tactful.kernel.errors import TactfulError
from tactful.kernel.records import Initiative, Kind
from tactful.kernel.settings import Setting, Settings

DOCS = Path(__file__).parent
NOTE = "<!-- Written by `make docs` from the code; change it there. -->"


def page(title: str, opening: str, body: Iterable[str]) -> str:
    """A page of Markdown."""
    return "\n".join([f"# {title}", "", NOTE, "", opening, "", *body]).rstrip() + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table."""
    names = list(head)
    for cells in (names, ["---"] * len(names), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def settings() -> str:
    """The page of every setting, by the folder that owns it."""
    body: list[str] = []
    for group, rows in groupby(setting_rows(), key=lambda row: row.name.split(".")[0]):
        head = ("name", "environment", "default", "unit or range", "what for")
        body += [f"## {group}", "", *table(head, map(_setting, rows)), ""]
    opening = (
        "Read once at start, from the environment, then from `tactful.toml` (or the file `TACTFUL_CONFIG` names), "
        "then the default. In the file, `holdout = 0.1` under `[decide]` is the setting `decide.holdout`. "
        "A value that cannot be, values that do not fit together and a variable that begins with `TACTFUL_` and sets "
        "nothing stop the start with one sentence that names them. Settings marked *own* an organisation may change "
        "for itself while the engine runs: see [settings of an organisation](guides/own-settings.md)."
    )
    return page("Settings", opening, body)


def _setting(row: Setting[Any]) -> list[str]:
    variables = ", ".join(f"`{name}`" for name in (row.variable, *row.env))
    default = "secret" if row.secret and row.default else f"`{row.default}`" if row.default != "" else "empty"
    low, high = (f"{bound:g}" if bound is not None else "" for bound in (row.low, row.high))
    bounds = f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""
    limits = " · ".join(part for part in (row.unit, bounds, ", ".join(row.choices)) if part)
    more = " Kept secret." if row.secret else " *Own.*" if row.own else ""
    return [f"`{row.name}`", variables, default, limits, row.help + more]


def errors() -> str:
    """The page of every error."""
    kinds: set[type[TactfulError]] = {TactfulError, *_below(TactfulError)}
    found = sorted(kinds, key=lambda kind: (kind.status, kind.__name__))
    rows = ([f"`{kind.__name__}`", str(kind.status), (kind.__doc__ or "").strip()] for kind in found)
    opening = (
        'Over HTTP every error is `{"error": NAME, "detail": SENTENCE, "fields": [...]}` with the status below. '
        "Compare with the name; show the sentence; `fields` names what was wrong with the input. "
        "Input that is refused changes nothing."
    )
    return page("Errors", opening, table(("error", "status", "its sentence, unless a better one is known"), rows))


def _below(kind: type[TactfulError]) -> Iterator[type[TactfulError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def commands() -> str:
    """The page of the command line."""
    body: list[str] = []
    choices = next(action.choices for action in parser()._actions if isinstance(action.choices, dict))
    for command in COMMANDS:
        sub: argparse.ArgumentParser = choices[command.name]
        rows = [
            [f"`{', '.join(action.option_strings) or action.dest}`", action.help or ""]
            for action in sub._actions
            if action.dest != "help"
        ]
        body += [f"## tactful {command.name}", "", sub.description or "", ""]
        body += [*table(("argument", "what for"), rows), ""] if rows else []
    return page("Commands", "What `.venv/bin/tactful` can do. Each command explains itself with `--help`.", body)


def addresses() -> str:
    """The page of HTTP addresses."""
    rows = []
    for path, methods in sorted(create_app(Engine(Settings({}))).openapi()["paths"].items()):
        for method, what in methods.items():
            statuses = ", ".join(sorted(what["responses"]))
            rows.append([f"`{method.upper()} {path}`", what.get("summary", ""), _first(what), statuses])
    opening = (
        "Every address, as the running engine's `/docs` shows it with schemas and examples; "
        "`/openapi.json` is the machine's copy. "
        "Those who ask send a bearer token: see [signing in](guides/signing-in.md). "
        "A parameter that is given twice is refused, and so is a name that stands twice in one object of a body; "
        f"in bodies of more than {SMALL:,} bytes that is not looked for, and the last one counts."
    )
    return page("HTTP addresses", opening, table(("address", "name", "what for", "answers"), rows))


def _first(what: dict[str, Any]) -> str:
    return str(what.get("description", "")).strip().split("\n\n")[0]


def rules() -> str:
    """The page of kinds and guard rails, with who is bound by what."""
    kinds = sorted(Rules.from_settings(Settings({})).kinds.values(), key=lambda kind: kind.name)
    body = ["## Kinds", "", *table(KIND_HEAD, map(_kind, kinds)), "", "## Guard rails", ""]
    for rail in RAILS:
        body += _rail(rail)
    body += ["## Guard rails of help on a page", "", HERE, ""]
    for rail in (rail for rail in HERE_RAILS if rail not in RAILS):
        body += _rail(rail)
    body += ["## Guard rails of live sessions", "", LIVE, ""]
    for rail in (rail for rail in LIVE_RAILS if rail not in RAILS):
        body += _rail(rail)
    opening = (
        "What may be done, and what may forbid it. Every guard rail is asked about every candidate; none stops the "
        "others, so the ledger knows every reason. Which guard rail binds a kind follows from its initiative; "
        "priority never passes one."
    )
    return page("Kinds and guard rails", opening, body)


def _rail(rail: Rail) -> list[str]:
    bound = [initiative.value.replace("_", " ") for initiative in Initiative if rail.name in BINDS[initiative]]
    text = (import_module(f"tactful.decide.guardrails.{rail.name}").__doc__ or "").strip()
    also = " What it forbids may come later." if rail.defers else ""
    return [f"### `{rail.name}`", "", f"{text}{also}", "", f"Binds: {', '.join(bound)}.", ""]


HERE = (
    "Of those above all that bind what is done in context are asked, but for `repeat`: help is shown at once or not at "
    "all, so that nothing of it waits. They are asked once more as it claims the person's attention."
)
LIVE = (
    "Of those above `cooldown`, `repeat` and `paused` bind there too; polls rest for 120 s, chat prompts 60, "
    "notifications 300 and games 180 (`live.cooldown_poll` and so on). They are asked in the transaction that acts, "
    "while nobody else may act in the session."
)
KIND_HEAD = ("kind", "initiative", "cooldown", "keeps for", "quiet hours", "critical class")


def _kind(kind: Kind) -> list[str]:
    hours = [f"{span.total_seconds() / 3600:g} h" for span in (kind.cooldown, kind.lifetime)]
    later = "deferred" if kind.deferrable else "dropped"
    quiet = later if kind.initiative is Initiative.OUTREACH else "do not bind"
    return [f"`{kind.name}`", kind.initiative.value.replace("_", " "), *hours, quiet, "yes" if kind.critical else ""]


def facts() -> str:
    """The page of facts that conditions of own kinds may ask about."""
    head = ("fact", "what it is", "sort", "unit or values")
    opening = (
        "What the conditions of [your own kinds](guides/own-kinds.md) may ask about. Whatever is not known makes a "
        "comparison neither true nor false, and a condition that is not true is no reason; `is unknown` asks for it. "
        "Days are days of the person's own calendar, and clocks their own."
    )
    return page("Facts", opening, table(head, map(_one_fact, FACTS.values())))


def _one_fact(fact: Fact) -> list[str]:
    bounds = f"{fact.low:g} to {fact.high:g}" if fact.high < LONG and fact.sort == NUMBER else ""
    units = ", ".join(UNITS.get(fact.unit, ()))
    values = ", ".join(f"`{each}`" for each in fact.choices) or " · ".join(filter(None, (fact.unit, bounds)))
    written = f"; may be written with {units}" if units else ""
    return [
        f"`{fact.name}`",
        fact.told,
        f"whole {fact.sort}" if fact.whole and fact.unit else fact.sort,
        values + written,
    ]


PAGES = {
    "facts.md": facts,
    "settings.md": settings,
    "errors.md": errors,
    "commands.md": commands,
    "http.md": addresses,
    "rules.md": rules,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or check them."""
    late = [name for name, make in PAGES.items() if _old(DOCS / name) != make()]
    if "--check" in arguments:
        print(f"out of date, run make docs: {', '.join(late)}" if late else "docs are up to date")  # noqa: T201
        return 1 if late else 0
    for name in late:
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
    return 0


def _old(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
