"""Templates of live rooms that an organisation worded otherwise, added or switched off. Pure.

`live.NAME` is one of ours: other words for it, or `{"on": false}`. `live.NAME.WORD` is one more that fits where NAME
fits. What may be written there is looked at by `rewording`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from tactful.compose.polls.library import library, named, wording
from tactful.compose.polls.template import LANGUAGES, PARTS, Template, Wording
from tactful.kernel.errors import NotFound

PREFIX = "live."
OFF = {"on": False}
ADDED = re.compile(r"[a-z0-9_]{1,40}\Z")


@lru_cache(maxsize=256)
def library_of(own: str) -> tuple[Template, ...]:
    """All templates as an organisation has them. own: the body of its templates as JSON; empty for ours.

    >>> len(library_of('{"live.pulse_speed": {"on": false}}')) - len(library())
    -1
    """
    told = {
        name.removeprefix(PREFIX): kept for name, kept in json.loads(own or "{}").items() if name.startswith(PREFIX)
    }
    if not told:
        return library()
    ours = [made(each, told.get(each.name, {})) for each in library() if told.get(each.name) != OFF]
    more = [replace(made(like(name), kept), name=name) for name, kept in sorted(told.items()) if "." in name]
    return (*ours, *more)


def like(name: str) -> Template:
    """The one of ours that a template is, or is like. raises: NotFound."""
    ours, dot, word = name.partition(".")
    try:
        found = named(ours)
    except KeyError:
        raise NotFound(f"There is no template {PREFIX}{name}.", fields=["name"]) from None
    if dot and not ADDED.match(word):
        raise NotFound("A template of your own is called like one of ours, a dot and a word.", fields=["name"])
    return found


def made(template: Template, kept: Mapping[str, Any]) -> Template:
    """`template` in the words that were kept; in languages without any in its own."""
    said = {language: _wording(template, kept[language], language) for language in LANGUAGES if language in kept}
    return replace(template, wordings={**template.wordings, **said}) if said else template


def _wording(template: Template, kept: Mapping[str, Any], language: str) -> Wording:
    told = wording(dict(kept), PARTS[template.kind])
    return told if told.options else replace(told, options=template.wordings[language].options)
