"""What an organiser wrote to be said, or changed of what was proposed, held to the limits that templates keep. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tactful.compose.polls.choosing import GAMES
from tactful.compose.polls.template import (
    AUDIENCE,
    CHAT_PROMPT,
    GAMIFICATION,
    MULTIPLE_CHOICE,
    NOTIFICATION,
    OPEN_ENDED,
    ORGANISERS,
    POLL,
    RATING,
    TYPES,
)
from tactful.kernel.errors import BadInput

# Characters of each part of a text, and of an option of a poll.
LONGEST = {"question": 140, "text": 140, "name": 60, "title": 60, "body": 160}
LONGEST_OPTION = 60
FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
# How long a poll may stay open, and how long it does unless somebody says so [s].
SHORTEST, LONGEST_POLL, USUAL = 15, 600, 60
STARS = ("1", "2", "3", "4", "5")
# What can be said of each kind.
FIELDS = {
    POLL: ("question", "type", "options", "duration"),
    CHAT_PROMPT: ("text",),
    NOTIFICATION: ("to", "title", "body"),
    GAMIFICATION: ("type", "name", "title", "body"),
}
# What there must be, where anything is said at all.
NEEDED = {POLL: ("question",), CHAT_PROMPT: ("text",), NOTIFICATION: ("title", "body"), GAMIFICATION: ("title", "body")}
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def written(kind: str, told: Mapping[str, Any], *, path: str = "context") -> dict[str, Any]:
    """What `interventions.metadata` holds of the words of an organiser. told: fields of FIELDS of that kind.

    path: where errors say that it stands. raises: BadInput naming the field.

    >>> written("POLL", {"question": "Shall we go on?", "options": ["Yes", "After a break"]})["duration"]
    60
    """
    needed = [name for name in NEEDED[kind] if told.get(name) is None]
    if needed:
        field = f"{path}.{needed[0]}"
        raise BadInput(f"{field} is missing; write it, or leave out what goes with it.", fields=[field])
    return MAKERS[kind](told, path)


def _poll(told: Mapping[str, Any], path: str) -> dict[str, Any]:
    kind = _one_of(told.get("type") or MULTIPLE_CHOICE, TYPES, f"{path}.type")
    duration = told.get("duration", USUAL)
    number = isinstance(duration, (int, float)) and not isinstance(duration, bool)
    if not number or not SHORTEST <= duration <= LONGEST_POLL:
        field = f"{path}.duration"
        raise BadInput(f"{field} must be a number from {SHORTEST} to {LONGEST_POLL} seconds.", fields=[field])
    question = _words(told["question"], f"{path}.question", LONGEST["question"])
    options = _options(kind, told.get("options"), f"{path}.options")
    return {"question": question, "type": kind, "options": options, "duration": duration}


def _options(kind: str, told: Any, path: str) -> list[str]:
    given = [] if told is None else told
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise BadInput(f"{path} must be a list of texts.", fields=[path])
    if kind == OPEN_ENDED:
        if given:
            raise BadInput(f"{path}: a poll that is answered in words has none; leave them out.", fields=[path])
        return []
    options = list(given) or (list(STARS) if kind == RATING else [])
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise BadInput(f"{path} must be {FEWEST_OPTIONS} to {MOST_OPTIONS}; there are {len(options)}.", fields=[path])
    said = [_words(each, f"{path}.{number}", LONGEST_OPTION) for number, each in enumerate(options)]
    if len(set(said)) < len(said):
        raise BadInput(f"{path} must differ from each other.", fields=[path])
    return said


def _prompt(told: Mapping[str, Any], path: str) -> dict[str, Any]:
    return {"text": _words(told["text"], f"{path}.text", LONGEST["text"])}


def _notification(told: Mapping[str, Any], path: str) -> dict[str, Any]:
    to = _one_of(told.get("to") or AUDIENCE, (AUDIENCE, ORGANISERS), f"{path}.to")
    return {"to": to, **_titled(told, path)}


def _game(told: Mapping[str, Any], path: str) -> dict[str, Any]:
    kind = _one_of(told.get("type") or GAMES[0], GAMES, f"{path}.type")
    said = _titled(told, path)
    name = told.get("name")
    return {"type": kind, "name": said["title"] if name is None else _words(name, f"{path}.name", 60), **said}


def _titled(told: Mapping[str, Any], path: str) -> dict[str, str]:
    return {name: _words(told[name], f"{path}.{name}", LONGEST[name]) for name in ("title", "body")}


def _words(value: Any, path: str, most: int) -> str:
    if not isinstance(value, str) or UNSEEN.search(value):
        raise BadInput(f"{path} must be text in one line, without control characters.", fields=[path])
    said = value.strip()
    if not 0 < len(said) <= most:
        raise BadInput(f"{path} must have 1 to {most} characters; it has {len(said)}.", fields=[path])
    return said


def _one_of(value: Any, known: Sequence[str], path: str) -> str:
    if value not in known:
        raise BadInput(f"{path} must be one of {', '.join(known)}.", fields=[path])
    return str(value)


MAKERS = {POLL: _poll, CHAT_PROMPT: _prompt, NOTIFICATION: _notification, GAMIFICATION: _game}
