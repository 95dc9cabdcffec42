"""What an organisation wrote for a template of live rooms, held to the limits that ours keep. Pure."""

from collections.abc import Mapping
from typing import Any

from tactful.compose.polls.changed import OFF, like
from tactful.compose.polls.own import FEWEST_OPTIONS, LONGEST, LONGEST_OPTION, MOST_OPTIONS
from tactful.compose.polls.rendering import FACTS
from tactful.compose.polls.template import LANGUAGES, MULTIPLE_CHOICE, PARTS, VARIABLE, Template
from tactful.compose.templates.own import text
from tactful.compose.variables import LONGEST_TOPIC
from tactful.kernel.errors import BadInput

# What can be filled in, each as long as it can be.
KNOWN = {"topic": "x" * LONGEST_TOPIC, "viewers": "100000", **dict.fromkeys(FACTS, "100000")}


def words(name: str, told: Any, path: str) -> dict[str, Any]:
    """What is kept of other words for a template (without `live.`). raises: BadInput naming the field; NotFound."""
    template, added = like(name), "." in name
    if told == OFF and not added:
        return dict(OFF)
    needed = set(LANGUAGES) if added else set()
    if not isinstance(told, Mapping) or not told or not needed <= set(told) <= set(LANGUAGES):
        which = "both" if added else "one or both"
        raise BadInput(f'{path} must have {which} of {", ".join(LANGUAGES)}, or be {{"on": false}}.', fields=[path])
    return {language: _kept(template, told[language], f"{path}.{language}") for language in sorted(told)}


def _kept(template: Template, told: Any, path: str) -> dict[str, Any]:
    parts, choices = PARTS[template.kind], template.type == MULTIPLE_CHOICE
    known = {*parts, *(f"{part}_plain" for part in parts), *(("options",) if choices else ())}
    needed = {*parts, *(("options",) if choices else ())}
    if not isinstance(told, Mapping) or not needed <= set(told) <= known:
        raise BadInput(f"{path} must have {', '.join(sorted(needed))} and may have a plain one of each.", fields=[path])
    said: dict[str, Any] = {}
    for part in parts:
        said |= _part(part, told, path)
    return said | ({"options": _options(told["options"], f"{path}.options")} if choices else {})


def _part(part: str, told: Mapping[str, Any], path: str) -> dict[str, str]:
    said = {part: text(told[part], f"{path}.{part}", LONGEST[part], KNOWN)}
    plain = f"{part}_plain"
    if not VARIABLE.search(said[part]):
        return said
    if told.get(plain) is None:
        raise BadInput(
            f"{path}.{plain} is missing: what to say where {part} cannot be filled in.", fields=[f"{path}.{plain}"]
        )
    return said | {plain: text(told[plain], f"{path}.{plain}", LONGEST[part], {})}


def _options(told: Any, path: str) -> list[str]:
    if not isinstance(told, (list, tuple)) or not FEWEST_OPTIONS <= len(told) <= MOST_OPTIONS:
        raise BadInput(f"{path} must be {FEWEST_OPTIONS} to {MOST_OPTIONS} texts.", fields=[path])
    said = [text(each, f"{path}.{number}", LONGEST_OPTION, {}) for number, each in enumerate(told)]
    if len({each.casefold() for each in said}) < len(said):
        raise BadInput(f"{path} must differ from each other.", fields=[path])
    return said
