"""Rhythm: at which hours of their own week people are there, and how well they do then, as running state.

`advance` moves it on; `Rhythms` makes chances of it, held to what is usual among others, which learn.rhythms
learns; `by_usual` does so for people of several organisations.
"""

from tactful.facts.rhythm.advance import HALF, advance, now
from tactful.facts.rhythm.apart import by_usual
from tactful.facts.rhythm.rhythms import UNLEARNED, Rhythms, rhythms
from tactful.facts.rhythm.tables import CELL, HOURS, RHYTHM, WEEKDAYS, nothing

__all__ = [
    "CELL",
    "HALF",
    "HOURS",
    "RHYTHM",
    "UNLEARNED",
    "WEEKDAYS",
    "Rhythms",
    "advance",
    "by_usual",
    "nothing",
    "now",
    "rhythms",
]
