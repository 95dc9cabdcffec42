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

import polars as pl

from tactful.kernel.settings import Settings
from tactful.predict.dropout.features import features
from tactful.predict.dropout.labels import labels
from tactful.predict.dropout.learned import GIVEN, given
from tactful.predict.dropout.model import FACTORS, LEVELS, SCORED, DropoutModel
from tactful.predict.dropout.reasons import reasons

__all__ = ["FACTORS", "GIVEN", "LEVELS", "SCORED", "DropoutModel", "features", "given", "labels", "reasons", "score"]

HORIZON_DAYS = 30
_DEFAULT = DropoutModel(Settings({}))


def score(known: pl.DataFrame, recent: pl.DataFrame, *, settings: Settings | None = None) -> pl.DataFrame:
    """`DropoutModel.score` with `settings`, or the defaults."""
    model = _DEFAULT if settings is None else DropoutModel(settings)
    return model.score(known, recent)
