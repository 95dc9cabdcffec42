"""Anomaly: does this live audience turn away, and how?

question: did messages and reactions drop, are they going down, is the room silent, or are people leaving?
horizon: now; a drop is heard after about 70 seconds, low engagement after 3 minutes, a decline while it goes on
inputs: every ten seconds, of each live session: viewers and signals of that time, the share of the planned time that
    is over, and what the agenda says; viewers alone every second, for mass exits
output: kind, severity, probability 0..1, engagement now and as expected 0..1, the change in percent, since when
baseline: half-space trees (Tan, Ting and Liu 2011) with a z-score over 30 s, rules for the kind
source: kinds are the seed's; a filter of gamma-Poisson counts (West and Harrison 1997) with likelihood ratios over a
    bank of shapes and onsets (Willsky and Jones 1976)
limits: nothing in the first two minutes; fewer than five viewers tell nothing; of drops told a little more than half
    are drops, of declines half; one change of level at a time. State is for one process and one thread.

Unlike beliefs about people it has no features, labels or learned chain: it goes along with sessions that are live.
`series` does so for a single row of numbers of any kind.
"""

from tactful.predict.anomaly.anomalies import Anomalies, Anomaly, score
from tactful.predict.anomaly.detector import Detector
from tactful.predict.anomaly.numbers import BREAK, KINDS, QUESTIONS, TALK, TICK_SECONDS, Numbers
from tactful.predict.anomaly.reasons import reasons
from tactful.predict.anomaly.series import Series
from tactful.predict.anomaly.severity import SEVERITIES
from tactful.predict.anomaly.usual import DEFAULT, Usual, usual

__all__ = [
    "BREAK", "DEFAULT", "KINDS", "QUESTIONS", "SEVERITIES", "TALK", "TICK_SECONDS", "Anomalies", "Anomaly", "Detector",
    "Numbers", "Series", "Usual", "reasons", "score", "usual",
]  # fmt: skip
