"""Trying out variants: `planning` checks a test before it begins, `words` finds what somebody is told.

`results` tells what came of it.
"""

from tactful.uses.experiments.planning import planned
from tactful.uses.experiments.results import results
from tactful.uses.experiments.words import originals, worded

__all__ = ["originals", "planned", "results", "worded"]
