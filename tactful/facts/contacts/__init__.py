"""Contacts: who wrote to whom, who answered and how soon, as small running state, moved on by one definition.

The state is bounded: a row for each party and for each direction of each pair. `advance` takes it past any
number of contacts and tells how it stood just before each, so a question asked then knows nothing of later.
"""

from tactful.facts.contacts.advance import advance
from tactful.facts.contacts.steps import HALVES, fade
from tactful.facts.contacts.tables import (
    ASKED,
    CONTACT,
    DAY,
    GAPS,
    HOUR,
    PAIR,
    PARTS,
    PARTY,
    QUESTION,
    STAY,
    WEEK,
    Contacts,
    nothing,
)

__all__ = [
    "ASKED",
    "CONTACT",
    "DAY",
    "GAPS",
    "HALVES",
    "HOUR",
    "PAIR",
    "PARTS",
    "PARTY",
    "QUESTION",
    "STAY",
    "WEEK",
    "Contacts",
    "advance",
    "fade",
    "nothing",
]
