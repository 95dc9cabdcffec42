"""Our own wordings: several for each kind and language, the plain ones first. They are data, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from tactful.compose.languages import LANGUAGES
from tactful.kernel.records import Message


@cache
def library(language: str) -> Mapping[str, tuple[Message, ...]]:
    """All wordings of one of LANGUAGES, by kind."""
    told = tomllib.loads((files(__package__) / "texts" / f"{language}.toml").read_text(encoding="utf-8"))
    return {kind: tuple(Message(**wording) for wording in several) for kind, several in told.items()}


# Every kind has the same wordings in every language.
WORDINGS = library(LANGUAGES[0])
