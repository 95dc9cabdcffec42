"""Settings of the belief about struggling: weights, bounds, and when help is offered."""

from tactful.kernel.settings import Setting


def _weight(factor: str, default: float) -> Setting[float]:
    words = factor.replace("_", " ")
    return Setting(f"struggle.weight_{factor}", default, f"Weight of {words} in the struggle score.", low=0, high=100)


PREREQ_MASTERY = _weight("prereq_mastery", 35.0)
SIMILAR_PERFORMANCE = _weight("similar_performance", 25.0)
CONTENT_DIFFICULTY = _weight("content_difficulty", 20.0)
RECENCY = _weight("recency", 10.0)
COGNITIVE_LOAD = _weight("cognitive_load", 5.0)
SENTIMENT = _weight("sentiment", 5.0)

WEIGHTS = (PREREQ_MASTERY, SIMILAR_PERFORMANCE, CONTENT_DIFFICULTY, RECENCY, COGNITIVE_LOAD, SENTIMENT)

STALE_DAYS = Setting(
    "struggle.stale_days", 14.0, "Days since the skills were practised that are graded one half.",
    unit="days", low=0.1, high=365,
)  # fmt: skip
CONFIDENT_ATTEMPTS = Setting(
    "struggle.confident_attempts",
    3.0,
    "Attempts at which half of the confidence in somebody's success so far is reached.",
    unit="attempts",
    low=0.1,
    high=1000,
)
OFFER_FROM = Setting(
    "struggle.offer_from",
    0.5,
    "Chance of struggling from which help is offered beforehand.",
    low=0.01,
    high=1,
    own=True,
)
OFFER_CONFIDENCE = Setting(
    "struggle.offer_confidence", 0.3, "Confidence below which no help is offered, however likely it seems.",
    low=0, high=1, own=True,
)  # fmt: skip

SETTINGS = (*WEIGHTS, STALE_DAYS, CONFIDENT_ATTEMPTS, OFFER_FROM, OFFER_CONFIDENCE)
