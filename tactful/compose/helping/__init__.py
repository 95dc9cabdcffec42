"""What help says where somebody is: by the type of the help, what it is about, and their language. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tactful.compose.languages import spoken
from tactful.compose.render import needs
from tactful.compose.variables import VARIABLE, quotable
from tactful.kernel.errors import NotFound
from tactful.kernel.records import Message

# What is longer makes no sentence [letters].
LONGEST_WHAT = 60


def render(kind: str, variant: int, here: Mapping[str, Any], locale: str | None = None) -> Message:
    """The wording with that number, counted round among those that fit.

    kind: the type of the help. here: columns of HERE; of these the concept, the title of the content or the topic is
    named where it can stand in a sentence. locale: a tag such as de-AT; English where we do not write theirs.

    raises: NotFound.

    >>> render("hesitation", 0, {"concept": "Limits"}).title
    'A hint on Limits?'
    """
    fitting = variants(kind, here, locale)
    return fitting[variant % len(fitting)]


def variants(kind: str, here: Mapping[str, Any], locale: str | None = None) -> list[Message]:
    """Every wording that fits, filled in: those that name what it is about, where that is known."""
    texts = library(spoken(locale))
    if kind not in texts:
        raise NotFound(f"There are no wordings for {kind}.")
    named = (quotable(here.get(name), LONGEST_WHAT) for name in ("concept", "content_title", "topic"))
    what = next(filter(None, named), "")
    fitting = [each for each in texts[kind] if bool(needs(each)) == bool(what)]
    return [Message(_fill(each.title, what), _fill(each.body, what), each.action) for each in fitting]


@cache
def library(language: str) -> Mapping[str, tuple[Message, ...]]:
    """All wordings of a language, by the type of the help."""
    told = tomllib.loads((files(__package__) / "texts" / f"{language}.toml").read_text(encoding="utf-8"))
    return {kind: tuple(Message(**wording) for wording in several) for kind, several in told.items()}


def _fill(text: str, what: str) -> str:
    return VARIABLE.sub(lambda _: what, text)
