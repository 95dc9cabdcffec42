"""From a kind, a variant and facts to the text a person reads. Pure: the same in, the same out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.compose.languages import spoken
from tactful.compose.templates.wordings import library
from tactful.compose.variables import KNOWN_NAMES, VARIABLE, variables
from tactful.kernel.errors import NotFound
from tactful.kernel.records import Message

ABOUT = {"topic", "skill", "milestone", "feature", "items"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The wording that is said, and the words that are filled into it.

    Braces inside facts stay what they are: every text is gone through once, left to right.
    """

    wording: Message
    words: Mapping[str, str]

    @property
    def filled(self) -> Message:
        """As it is read."""
        return self.said(self.wording.title, self.wording.body)

    @property
    def named(self) -> tuple[str, str]:
        """Title and body with everything that says what it is about; what says how much or when stays in braces."""
        names = {name: f"{{{name}}}" for name in self.words} | {
            name: word for name, word in self.words.items() if name in KNOWN_NAMES
        }
        return _fill(self.wording.title, names), _fill(self.wording.body, names)

    def said(self, title: str, body: str, *, by: str = "") -> Message:
        """These words instead, filled in like the wording's own. by: the language model that wrote them."""
        title, body = _fill(title, self.words), _fill(body, self.words)
        return Message(title, body, self.wording.action, self.wording.title, by)


def fitting(
    kind: str,
    facts: Mapping[str, Any],
    at: datetime | None = None,
    own: Sequence[Message] = (),
    *,
    locale: str | None = None,
) -> list[Chosen]:
    """The wordings of a kind for which everything they name is known. raises: NotFound.

    own: what the organisation says instead of ours (`compose.templates.own`). locale: a tag such as de-AT; English
    where we do not write theirs.
    """
    language = spoken(locale)
    ours = library(language)
    if kind not in ours and not own:
        raise NotFound(f"There are no wordings for {kind}.")
    words = variables(facts, at, language)
    usable = [wording for wording in own or ours[kind] if needs(wording) <= words.keys()]
    # What is about one thing says which, wherever it can be said.
    usable = [wording for wording in usable if needs(wording) & ABOUT] or usable
    return [Chosen(wording, words) for wording in usable]


def choose(
    kind: str,
    variant: int,
    facts: Mapping[str, Any],
    at: datetime | None = None,
    own: Sequence[Message] = (),
    *,
    locale: str | None = None,
) -> Chosen:
    """The wording with that number, counted round among those that fit the facts: see `fitting`. raises: NotFound.

    >>> choose("gentle_nudge", 1, {}).filled.title, choose("gentle_nudge", 1, {}, locale="de-AT").filled.title
    ('Something short', 'Etwas Kurzes')
    """
    usable = fitting(kind, facts, at, own, locale=locale)
    return usable[variant % len(usable)]


def variants(
    kind: str,
    facts: Mapping[str, Any],
    at: datetime | None = None,
    own: Sequence[Message] = (),
    *,
    locale: str | None = None,
) -> list[Message]:
    """The wordings of `fitting`, filled in. raises: NotFound."""
    return [each.filled for each in fitting(kind, facts, at, own, locale=locale)]


def needs(wording: Message) -> set[str]:
    """The variables a wording names."""
    return set(VARIABLE.findall(wording.title + wording.body))


def _fill(text: str, words: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: words[found.group(1)], text)
