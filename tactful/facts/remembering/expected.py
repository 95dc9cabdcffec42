"""The chance that an answer is right, as it is believed before any learning; what comes above it is a surprise.

The same rule as the cold start of `predict.forgetting` with its default weight, which a test holds it to. Kept here,
because what is written with every answer must not depend on what an organisation chose or learned.
"""

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.remembering import own
from tactful.facts.remembering.steps import either
from tactful.facts.rounds import Columns

# How much a skill's own memory counts against how its person does of late.
MEMORY_WEIGHT = 0.7
# Of what is new to them people know four of ten, until as many answers as these have shown otherwise.
FRESH, FEW = 0.4, 3.0


def expected(skill: Columns, form: Columns, at: Floats) -> Floats:
    """The chance of a right answer [0..1] about each skill asked at `at`.

    skill, form: what is kept of it and of its person just before, as numbers; of new ones as in `steps` and `form`.
    """
    days = np.maximum(at - skill["last_at"], 0.0)
    new = skill["answers"] == 0
    right = own.recall(form, skill["stability"], days).clip(own.CERTAIN, 1 - own.CERTAIN)
    held = either(right, np.where(new, np.nan, skill["recent"]))
    fresh = (form["fresh_hits"] + FRESH * FEW) / (form["fresh"] + FEW)
    usual = np.where(new, fresh, form["hits_20"]).clip(0, 1)
    return np.where(np.isnan(held), usual, MEMORY_WEIGHT * held + (1 - MEMORY_WEIGHT) * usual)
