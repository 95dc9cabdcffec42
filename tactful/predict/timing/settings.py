"""Settings of timing: what makes a moment good before anything is learned, and which hours are peaks."""

from tactful.kernel.settings import Setting


def _weight(factor: str, default: float) -> Setting[float]:
    return Setting(f"timing.weight_{factor}", default, f"Weight of {factor} in how good a moment is.", low=0, high=100)


PRESENCE = _weight("presence", 40.0)
HOUR = _weight("hour", 20.0)
ANSWERS = _weight("answers", 20.0)
EXCHANGE = _weight("exchange", 10.0)
SENDER = _weight("sender", 10.0)
WEIGHTS = (PRESENCE, HOUR, ANSWERS, EXCHANGE, SENDER)

GOOD_FROM = Setting(
    "timing.good_from", 0.25, "Chance (0 to 1) that they come within the hour from which now is a good time.",
    low=0, high=1,
)  # fmt: skip
PEAK_RATIO = Setting(
    "timing.peak_ratio",
    1.25,
    "Times as likely as an even hour that an hour must be to be a peak.",
    low=1,
    high=24,
)
PEAKS = Setting("timing.peaks", 4, "Peak hours of a day that are told at most.", unit="hours", low=1, high=24)
BEST_DAYS = Setting("timing.best_days", 3, "Best days of the week that are told at most.", unit="days", low=1, high=7)
LEAST_HOURS = Setting(
    "timing.least_hours",
    4.0,
    "Hours in which somebody was there, fading by half within 150 days, from which their hours are told.",
    unit="hours",
    low=0,
)
CONFIDENT_SESSIONS = Setting(
    "timing.confident_sessions",
    3.0,
    "Sessions of late at which half of the confidence is reached.",
    unit="sessions",
    low=0.1,
)

SETTINGS = (*WEIGHTS, GOOD_FROM, PEAK_RATIO, PEAKS, BEST_DAYS, LEAST_HOURS, CONFIDENT_SESSIONS)
