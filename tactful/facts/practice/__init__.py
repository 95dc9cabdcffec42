"""Practice: what people's attempts at content tell, as small running state, moved on by one definition.

An attempt is one try of one person at one piece of content, with a success from 0 to 1. The state is bounded:
a row for each person, for each skill and each piece of content of theirs, for each skill and each piece of
content of the organisation. `advance` takes it past any number of attempts and tells how it stood just before
each; `look` tells how it stands for questions that are asked now.
"""

from tactful.facts.practice.advance import advance, carry, look, merge
from tactful.facts.practice.paces import PACES, Paces
from tactful.facts.practice.places import Placed, place
from tactful.facts.practice.shares import added
from tactful.facts.practice.tables import (
    ASKED,
    ATTEMPT,
    CONTENT,
    EVERYTHING,
    HORIZON_DAYS,
    PERSON,
    PERSON_CONTENT,
    PERSON_SKILL,
    QUESTION,
    SCHEMAS,
    SKILL,
    WELL,
    Practice,
    nothing,
)

__all__ = [
    "ASKED",
    "ATTEMPT",
    "CONTENT",
    "EVERYTHING",
    "HORIZON_DAYS",
    "PACES",
    "PERSON",
    "PERSON_CONTENT",
    "PERSON_SKILL",
    "QUESTION",
    "SCHEMAS",
    "SKILL",
    "WELL",
    "Paces",
    "Placed",
    "Practice",
    "added",
    "advance",
    "carry",
    "look",
    "merge",
    "nothing",
    "place",
]
