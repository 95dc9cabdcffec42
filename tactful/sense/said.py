"""What may be said in a live room, checked before anything is written: polls, votes, questions. Pure."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tactful.kernel.errors import BadInput, NotFound
from tactful.sense import limits

TYPES = ("multiple_choice", "rating", "open_ended")
# When those who take part see results; organisers always do.
RESULTS = ("voted", "closed", "always")
# Characters of a question, of an answer in words and of an option.
LONGEST_QUESTION = 500
LONGEST_OPTION = 200
FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
STARS = ("1", "2", "3", "4", "5")
# How long a poll stays open [s].
SHORTEST, LONGEST = 5, 3600


def poll(question: str, type: str, options: Sequence[str], duration: float, results: str) -> list[str]:
    """The options of a poll that can be; those of a rating are 1 to 5 unless others are named. raises: BadInput.

    >>> poll("How was it?", "rating", [], 60, "voted")
    ['1', '2', '3', '4', '5']
    """
    words(question, "question")
    for name, value, known in (("type", type, TYPES), ("results", results, RESULTS)):
        if value not in known:
            raise BadInput(f"{name} must be one of {', '.join(known)}.", fields=[name])
    limits.within(duration, "duration", SHORTEST, LONGEST)
    given = list(options)
    if type == "open_ended":
        if given:
            raise BadInput("options: a poll that is answered in words has none; leave them out.", fields=["options"])
        return []
    return _options(given or (list(STARS) if type == "rating" else []))


def _options(options: list[str]) -> list[str]:
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        told = f"options must be {FEWEST_OPTIONS} to {MOST_OPTIONS}; there are {len(options)}."
        raise BadInput(told, fields=["options"])
    for number, option in enumerate(options):
        words(option, f"options.{number}", most=LONGEST_OPTION)
    if len(set(options)) < len(options):
        raise BadInput("options must differ from each other.", fields=["options"])
    return options


def words(value: Any, path: str, *, most: int = LONGEST_QUESTION) -> str:
    """A text with something in it, without blanks around it. raises: BadInput."""
    limits.text(value, path)
    said: str = value.strip()
    if not 0 < len(said) <= most:
        raise BadInput(f"{path} must have 1 to {most} characters; it has {len(said)}.", fields=[path])
    return said


def number(value: Any, path: str = "poll_id") -> str:
    """The id of a poll. raises: NotFound where it cannot be one.

    >>> number("6F9619FF-8B86-D011-B42D-00C04FC964FF")
    '6f9619ff-8b86-d011-b42d-00c04fc964ff'
    """
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise NotFound(f"{str(value)[:50]} is not the id of a poll.", fields=[path]) from None


def vote(choice: Any, said: Any) -> tuple[int | None, str | None]:
    """A choice or words, exactly one of them. raises: BadInput."""
    if (choice is None) == (said is None):
        raise BadInput("Send choice, or words where the poll asks for them; one of both.", fields=["choice", "words"])
    if choice is not None:
        limits.whole(choice, "choice", 0, MOST_OPTIONS - 1)
        return choice, None
    return None, words(said, "words")
