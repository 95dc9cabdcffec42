"""Every template of ours, read once from the files in `texts/`."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tactful.compose.polls.template import LANGUAGES, PARTS, PHASES, VARIABLE, Template, Text, Wording

FILES = (
    "pulse",
    "opinion",
    "engaging",
    "tech",
    "crisis",
    "prompts",
    "audience",
    "organisers",
    "gamification",
)
SETS = ("anomalies", "phases", "topics")


@cache
def library() -> tuple[Template, ...]:
    """All templates, in the order of the files and within them.

    >>> library()[0].name
    'pulse_speed'
    """
    return tuple(template for name in FILES for template in _read(name))


def named(name: str) -> Template:
    """The template of that name. raises: KeyError when there is none."""
    return _by_name()[name]


@cache
def _by_name() -> Mapping[str, Template]:
    return {template.name: template for template in library()}


@cache
def groups() -> Mapping[str, tuple[frozenset[str], tuple[str, ...]]]:
    """Groups of topics: for each the words that make a topic one of it, and the beginnings of words."""
    told = load("topics")
    return {group: (frozenset(each["words"]), tuple(each["beginnings"])) for group, each in told.items()}


def load(name: str) -> dict[str, Any]:
    """One of the files, as it is written."""
    return tomllib.loads((files(__package__) / "texts" / f"{name}.toml").read_text(encoding="utf-8"))


def _read(name: str) -> Iterator[Template]:
    told = load(name)
    own = told.pop("template")
    for row in own:
        yield _template({**told, **row})


def _template(row: dict[str, Any]) -> Template:
    parts = PARTS[row["kind"]]
    wordings = {language: wording(row.pop(language), parts) for language in LANGUAGES}
    sets: dict[str, Any] = {name: frozenset(row.pop(name, PHASES if name == "phases" else ())) for name in SETS}
    return Template(**row, **sets, wordings=wordings)


def wording(told: dict[str, Any], parts: tuple[str, ...]) -> Wording:
    """A wording as it is written: its parts, each perhaps with a plain one, and options."""
    texts = {part: tuple(_text(told.pop(key)) for key in (part, f"{part}_plain") if key in told) for part in parts}
    return Wording(texts, tuple(told.pop("options", ())), **told)


def _text(words: str) -> Text:
    return Text(words, frozenset(VARIABLE.findall(words)))
