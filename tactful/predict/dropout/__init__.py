"""Dropout: will this person stay away?

question: is this person about to stop coming, and by which signs?
horizon: 30 days by default; truth is silence through all of them (`labels`)
inputs: the last 28 local days of person_day (sessions, scores, sentiments) and person_state
output: risk_score 0..1 on the seed's scale with a level; null and "unknown" without any activity;
    `probability`, calibrated, is empty until one has been learned
baseline: days since the last activity, alone
source: six factors, weights and thresholds of the seed; grades instead of yes and no are ours
limits: a cold start: nothing is fitted to your people, and the score is not a probability. Weeks
    are counted from the UTC date, so a week can begin a day early or late for somebody.
"""

from tactful.predict.dropout.belief import LEVELS, SCORED, scale, score
from tactful.predict.dropout.features import features
from tactful.predict.dropout.given import GIVEN, given
from tactful.predict.dropout.labels import labels
from tactful.predict.dropout.model import FACTORS, cold
from tactful.predict.dropout.reasons import reasons, why
from tactful.predict.dropout.settings import HORIZON

__all__ = [
    "FACTORS",
    "GIVEN",
    "HORIZON",
    "LEVELS",
    "SCORED",
    "cold",
    "features",
    "given",
    "labels",
    "reasons",
    "scale",
    "score",
    "why",
]
