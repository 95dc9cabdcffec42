"""Struggle: will this person struggle with this content?

question: will this person fail, or say that it was hard, at their next attempt at this content?
horizon: the next attempt at the content, within 7 days of asking (`labels`)
inputs: practice (attempts at content so far, of this person and of all), the content's skills and rating,
    the mood of the person's last seven days
output: score 0..1 on the seed's scale, null where nothing is known; the learned probability is 1 minus that of success
baseline: the share of the person's attempts that failed so far, alone
source: six factors and weights of the seed; beliefs about levels by Rasch's model with a Kalman filter
limits: content and skills that nobody has tried are as hard as all content, until a rating or attempts say more.
    What a person learns elsewhere is not seen. Time that passes makes nothing forgotten in the levels themselves;
    learning may weigh it, where times are known.
"""

from tactful.facts.practice import HORIZON_DAYS
from tactful.predict.struggle.belief import SCORED, score
from tactful.predict.struggle.features import MOOD, features
from tactful.predict.struggle.given import GIVEN, TOGETHER, given
from tactful.predict.struggle.labels import labels
from tactful.predict.struggle.model import FACTORS, cold
from tactful.predict.struggle.offer import offer
from tactful.predict.struggle.reasons import reasons

__all__ = [
    "FACTORS",
    "GIVEN",
    "HORIZON_DAYS",
    "MOOD",
    "SCORED",
    "TOGETHER",
    "cold",
    "features",
    "given",
    "labels",
    "offer",
    "reasons",
    "score",
]
