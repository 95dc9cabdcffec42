"""A YAML file as a tree that knows its lines. Pure, and safe to ask of anybody's file.

Read from the parser's events, so nothing is ever built that the file merely names: no tags, no anchors, no aliases,
no key twice, and so many values and levels at most. Words such as `no` and `on` are words here, as in YAML 1.2.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from tactful.kernel.errors import BadInput

# A file of fifty kinds with all their words takes half of it [bytes].
MOST_BYTES = 65_536
MOST_VALUES, MOST_LEVELS = 5_000, 10
WHOLE = re.compile(r"[-+]?\d{1,15}")
DECIMAL = re.compile(r"[-+]?\d{1,15}\.\d{1,15}")
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
# A new line is one in a folded text; all else that cannot be seen has no business in a file of words.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file and its line, counted from 1. Lists and mappings hold nodes; keys are text."""

    value: Any
    line: int

    def plain(self) -> Any:
        """The same without lines."""
        if isinstance(self.value, dict):
            return {name: each.plain() for name, each in self.value.items()}
        return [each.plain() for each in self.value] if isinstance(self.value, list) else self.value


def read(text: Any) -> Node:
    """The one document of a file. raises: BadInput naming the line, with the field `file`.

    >>> read("kinds: {quiet: {priority: 5, today: no}}").plain()
    {'kinds': {'quiet': {'priority': 5, 'today': 'no'}}}
    """
    if not isinstance(text, str) or not text.strip():
        raise BadInput("file must be text, and not empty.", fields=["file"])
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise BadInput(f"file is longer than {MOST_BYTES:,} bytes.", fields=["file"])
    try:
        return _Reading(yaml.parse(text, Loader=yaml.SafeLoader)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise wrong(mark.line + 1 if mark else 1, f"this is not YAML: {error.problem or error.context}") from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise BadInput(f"file is not YAML: {str(error).splitlines()[0][:200]}.", fields=["file"]) from None


def wrong(line: int, told: str) -> BadInput:
    """What is wrong in a line of the file."""
    return BadInput(f"line {line}: {told}.", fields=["file"])


class _Reading:
    """Walks through the events of one file."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events, self._values = events, 0

    def document(self) -> Node:
        """The tree of the only document."""
        for event in self._events:
            if isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                continue
            if isinstance(event, yaml.StreamEndEvent):
                break
            found = self._node(event, 0)
            self._ends()
            return found
        raise BadInput("file has nothing in it.", fields=["file"])

    def _ends(self) -> None:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise wrong(event.start_mark.line + 1, "a second document begins; one is read")

    def _node(self, event: Any, level: int) -> Node:
        line = event.start_mark.line + 1
        self._values += 1
        if self._values > MOST_VALUES or level > MOST_LEVELS:
            raise wrong(line, f"there are more than {MOST_VALUES} values or {MOST_LEVELS} levels by here")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise wrong(line, "anchors and aliases (& and *) are not read; write it out")
        if event.tag is not None:
            raise wrong(line, "tags (!) are not read; leave it out")
        if isinstance(event, yaml.ScalarEvent):
            return Node(_scalar(event, line), line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(list(self._listed(level)), line)
        return Node(dict(self._mapped(level)), line)

    def _listed(self, level: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, level + 1)

    def _mapped(self, level: int) -> Iterator[tuple[str, Node]]:
        seen = set[str]()
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            key = self._node(event, level + 1)
            name = event.value if isinstance(event, yaml.ScalarEvent) else None
            if name is None or name in seen:
                raise wrong(line, "a key must be a word" if name is None else f"{name[:60]} stands here twice")
            seen.add(name)
            yield name, Node(self._node(next(self._events), level + 1).value, key.line)


def _scalar(event: Any, line: int) -> Any:
    text: str = event.value
    if UNSEEN.search(text):
        raise wrong(line, "there is a control character in this text")
    if event.style is not None:
        return text
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text
