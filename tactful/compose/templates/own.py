"""Wordings that an organisation wrote for its people, held to the limits that ours keep. Pure.

What it wrote for a kind is said instead of ours, by the same rendering: in every language, or language by language.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tactful.compose.languages import LANGUAGES, spoken
from tactful.compose.polls.own import UNSEEN
from tactful.compose.render import needs
from tactful.compose.templates.wordings import WORDINGS
from tactful.compose.variables import KNOWN, VARIABLE
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Message

PREFIX = "people."
LONGEST = {"title": 60, "body": 160}
MOST_WORDINGS = 20
# Places that a message can lead to; what the host page makes of each is its own.
ACTIONS = tuple(sorted({wording.action for several in WORDINGS.values() for wording in several}))
FIELDS = (*LONGEST, "action")

# Wordings (title, body, action): of every language, or by language.
Several = Sequence[Mapping[str, str]]
Content = Several | Mapping[str, Several]


def contents(told: Any, path: str, *, every: bool = False) -> Any:
    """What is kept of what is said of one kind: a list for every language, or a list for each that it names.

    every: each of LANGUAGES has to be among them. raises: BadInput naming the field.

    >>> contents({"de": [{"title": "Hallo", "body": "Schön.", "action": "start"}]}, "content")["de"][0]["title"]
    'Hallo'
    """
    if not isinstance(told, Mapping):
        return wordings(told, path)
    if not told or not set(told) <= set(LANGUAGES):
        named = f"a list of wordings, or one for each of {', '.join(LANGUAGES)}"
        raise BadInput(f"{path} must be {named} that is said otherwise.", fields=[path])
    missing = [language for language in LANGUAGES if every and language not in told]
    if missing:
        field = f"{path}.{missing[0]}"
        raise BadInput(f"{field} is missing: people of every language are told something.", fields=[field])
    return {language: wordings(told[language], f"{path}.{language}") for language in sorted(told)}


def said_in(content: Content | None, locale: str | None) -> Several:
    """What of kept contents is said to somebody with that locale; nothing where it says nothing in their language.

    >>> said_in({"de": [{"title": "Hallo"}]}, "de-AT"), said_in({"de": [{"title": "Hallo"}]}, "fr")
    ([{'title': 'Hallo'}], ())
    """
    return content.get(spoken(locale), ()) if isinstance(content, Mapping) else content or ()


def wordings(told: Any, path: str) -> list[dict[str, str]]:
    """What is kept of wordings (title, body, action) of one kind. raises: BadInput naming the field.

    >>> wordings([{"title": " Hello ", "body": "Day one, then?", "action": "start"}], "wordings")[0]["title"]
    'Hello'
    """
    if not isinstance(told, Sequence) or isinstance(told, str) or not 0 < len(told) <= MOST_WORDINGS:
        raise BadInput(f"{path} must be a list of 1 to {MOST_WORDINGS} wordings.", fields=[path])
    kept = [_wording(each, f"{path}.{number}") for number, each in enumerate(told)]
    if all(needs(message) for message in messages(kept)):
        told = f"{path}: one at least must do without variables, for people of whom nothing is known."
        raise BadInput(told, fields=[path])
    return kept


def messages(kept: Sequence[Mapping[str, str]]) -> list[Message]:
    """The same as rendering takes them."""
    return [Message(each["title"], each["body"], each["action"]) for each in kept]


def nearest(languages: Mapping[str, Sequence[Mapping[str, str]]], locale: str) -> Sequence[Mapping[str, str]]:
    """The wordings in somebody's language, as near as there are any: de-AT, else de, else English, else the first.

    >>> nearest({"de": [{"title": "Hallo"}]}, "fr")
    [{'title': 'Hallo'}]
    """
    known = {name.lower(): told for name, told in languages.items()}
    wanted = locale.replace("_", "-").lower()
    fitting = (known[name] for name in (wanted, wanted.split("-")[0], "en") if name in known)
    return next(fitting, next(iter(known.values()), ()))


def _wording(told: Any, path: str) -> dict[str, str]:
    if not isinstance(told, Mapping) or set(told) != set(FIELDS):
        raise BadInput(f"{path} must have {', '.join(FIELDS)}, and nothing else.", fields=[path])
    if told["action"] not in ACTIONS:
        raise BadInput(f"{path}.action must be one of {', '.join(ACTIONS)}.", fields=[f"{path}.action"])
    return {name: text(told[name], f"{path}.{name}", most, KNOWN) for name, most in LONGEST.items()} | {
        "action": told["action"]
    }


def text(value: Any, path: str, most: int, known: Mapping[str, str]) -> str:
    """A text in one line that may name variables. known: the variables, each with the longest it can be.

    raises: BadInput naming the field.
    """
    if not isinstance(value, str) or UNSEEN.search(value):
        raise BadInput(f"{path} must be text in one line, without control characters.", fields=[path])
    said = value.strip()
    strange = sorted({*VARIABLE.findall(said)} - known.keys())
    if strange or set(VARIABLE.sub("", said)) & set("{}"):
        told = f"{path}: {{{strange[0]}}} is no variable" if strange else f"{path} has a brace that names nothing"
        raise BadInput(f"{told}; known are {', '.join(sorted(known))}.", fields=[path])
    longest = len(VARIABLE.sub(lambda found: known[found.group(1)], said))
    if not said or longest > most:
        raise BadInput(f"{path} must have 1 to {most} characters once filled in; it may have {longest}.", fields=[path])
    return said
