"""Plateau: is this person stuck on this skill?

question: do they go on trying without getting anywhere, although the skill is not mastered?
horizon: 14 days by default; truth is that at least five later attempts came out no better (`labels`)
inputs: the curve of the scored attempts of a person on a skill (facts.curves), at most 32 points
output: score 0..1, null and unknown before there are ten attempts and more than five days to judge by; a plateau
    (`plateaus`) is found, kept, resolved by progress or mastery, or left when nobody tries any more
baseline: mean score of the later half of the attempts less that of the earlier half, alone
source: fields and the five days are the seed's; changes by optimal partitioning (Jackson et al. 2005) with a penalty
    of ours; progress by averaging over courses (BIC, Schwarz 1978)
limits: scores are taken as they come: easier questions look like progress, harder ones like a plateau. With single
    answers right or wrong it takes twenty or more to tell a plateau from slow progress.
"""

from tactful.predict.plateau.features import features
from tactful.predict.plateau.given import GIVEN, given
from tactful.predict.plateau.labels import labels
from tactful.predict.plateau.model import FACTORS, cold
from tactful.predict.plateau.reasons import called, reasons
from tactful.predict.plateau.stands import BEFORE, PLATEAU, plateaus

__all__ = [
    "BEFORE", "FACTORS", "GIVEN", "PLATEAU", "called", "cold", "features", "given", "labels", "plateaus", "reasons",
]  # fmt: skip

HORIZON_DAYS = 14
