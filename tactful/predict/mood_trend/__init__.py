"""Mood trend: will this person sound worse, or better, in the next two weeks than they do now?

question: will what they say in the next 14 days sound clearly lower, or higher, than their mood is now?
horizon: 14 days from the instant asked about
inputs: the sentiment, quality and hours of their messages of eight weeks, and their days with activity of four
output: a chance for each way, 0..1; what is left is the chance to stay as it is. Null and unknown without a mood
baseline: the slope of their mood, alone
source: the forecast of moods is the seed's; the rule before learning lets a mood stay or go on as it moves (ours)
limits: told of those who go on writing; who falls silent proves nothing either way. A mood is what messages sound like.

Both ways are one question, asked twice: every number that has a direction is turned towards the way that is asked
about, so that a fall teaches something about a rise.
"""

from tactful.predict.mood_trend.given import FALL, GIVEN, RISE, WAYS, given
from tactful.predict.mood_trend.labels import LEAST, MOVED, labels
from tactful.predict.mood_trend.model import FACTORS, cold
from tactful.predict.mood_trend.reasons import reasons
from tactful.predict.mood_trend.telling import FORECAST, forecast

__all__ = [
    "FACTORS", "FALL", "FORECAST", "GIVEN", "LEAST", "MOVED", "RISE", "WAYS", "cold", "forecast", "given", "labels",
    "reasons",
]  # fmt: skip

HORIZON_DAYS = 14
