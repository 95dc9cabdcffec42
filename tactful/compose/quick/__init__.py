"""What our own quick actions are called, in the person's language. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tactful.compose.helping import LONGEST_WHAT
from tactful.compose.languages import spoken
from tactful.compose.variables import VARIABLE, quotable


def called(action: str, locale: str | None, *, what: str | None = None, days: int | None = None) -> dict[str, Any]:
    """label, description and reason (None where there is none) of one of our own actions.

    what: a skill, content or concept; named where it can stand in a sentence. The label is empty where it needs
    something that is not known. raises: KeyError for an action that is not ours.

    >>> called("explain_concept", "de", what="Grenzwerte")["label"]
    'Grenzwerte erklären'
    """
    words = library(spoken(locale))[action]
    known = {"what": quotable(what, LONGEST_WHAT), "days": str(days or "")}
    complete = all(known[name] for name in VARIABLE.findall(words["label"]))
    label = VARIABLE.sub(lambda found: known[found.group(1)], words["label"]) if complete else words.get("plain", "")
    return {"label": label, "description": words.get("description"), "reason": words.get("reason")}


def reason(why: str, locale: str | None) -> str:
    """Why an action stands where it does: own or others, who choose it often."""
    return library(spoken(locale))["reasons"][why]


@cache
def library(language: str) -> Mapping[str, Mapping[str, str]]:
    """All texts of a language, by action; and reasons."""
    return tomllib.loads((files(__package__) / "texts" / f"{language}.toml").read_text(encoding="utf-8"))
