"""Timing: is now a good time to write to this person, and when instead?

question: would they answer what is sent to them now?
horizon: one hour, and one day; truth is that they wrote back to the sender within it (`labels`)
inputs: the state of contact of both parties and of the pair (facts.contacts), the person's hours of their own week
    (facts.rhythm), their zone and quiet hours
output: score 0..1 and `now`, the part that passes with the hour; null where nothing is known; from there and from their
    peak hours whether a moment is good (`good_now`), the next that is (`next_good`), and the seed's profile
baseline: how long the person has been silent, alone
source: fields of the profile and steps of confidence are the seed's; presence, answers and sender are ours, weighed by
    hand until a chain is learned; hours are smoothed as compositions (Aitchison and Shen 1980)
limits: an answer is not the same as gladness. Where everybody is silent for days, hours say little and presence
    nothing. The hour of week of somebody who moves to another zone is that of their old life for months.
"""

from tactful.predict.timing.features import features
from tactful.predict.timing.given import ASKED, GIVEN, given
from tactful.predict.timing.labels import HORIZONS, labels
from tactful.predict.timing.later import later
from tactful.predict.timing.model import FACTORS, PASSING, cold
from tactful.predict.timing.moments import PEOPLE, best_hours, good_now, grade, next_good
from tactful.predict.timing.peaks import enough, week_chances, week_peaks
from tactful.predict.timing.profile import KNOWN, PROFILE, profile
from tactful.predict.timing.reasons import reasons
from tactful.predict.timing.verdict import Hours, verdict

__all__ = [
    "ASKED",
    "FACTORS",
    "GIVEN",
    "HORIZONS",
    "KNOWN",
    "PASSING",
    "PEOPLE",
    "PROFILE",
    "Hours",
    "best_hours",
    "cold",
    "enough",
    "features",
    "given",
    "good_now",
    "grade",
    "labels",
    "later",
    "next_good",
    "profile",
    "reasons",
    "verdict",
    "week_chances",
    "week_peaks",
]
