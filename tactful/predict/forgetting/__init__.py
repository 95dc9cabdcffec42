"""Forgetting: what that was once learned would this person no longer know?

question: is this person's next answer about a skill, asked at some instant, wrong?
horizon: the next spaced answer, whenever it comes; regressions look at now and a week ahead
inputs: one row each of the person's skill, its topic and their form (facts.memories), brought up to date with every
    answer by `advance`; what others answered; the instant and the hour of the person's day
output: chance to have forgotten, 0..1; null about somebody who never answered anything. `regressions`: mastery at its
    peak, now and in a week, with an urgency
baseline: FSRS-6 with published parameters, alone; where times are unknown, the share of right answers of late
source: FSRS-6 (open-spaced-repetition); fields and urgencies of the seed; forms of decay as in HLR, DASH and Best-LR
limits: mastery is the chance of a right answer, not depth of understanding. Half a day apart counts as spaced, for
    everybody. Of FSRS's parameters how long memories last and how steeply they fade are fitted to each person; those
    of how answers strengthen a memory stay as published (`docs/predict.md`).
"""

from tactful.facts.remembering.state import State, advance
from tactful.predict.forgetting.features import features
from tactful.predict.forgetting.given import ASKED, GIVEN, given
from tactful.predict.forgetting.labels import labels
from tactful.predict.forgetting.model import FACTORS, LEANING, cold
from tactful.predict.forgetting.reasons import reasons
from tactful.predict.forgetting.regressions import AHEAD, REGRESSION, URGENCIES, regressions

__all__ = [
    "AHEAD",
    "ASKED",
    "FACTORS",
    "GIVEN",
    "LEANING",
    "REGRESSION",
    "URGENCIES",
    "State",
    "advance",
    "cold",
    "features",
    "given",
    "labels",
    "reasons",
    "regressions",
]
