"""Settings of the risk of leaving: weights, thresholds and the bounds of the grades."""

from tactful.kernel.settings import Agreement, Setting


def _weight(factor: str, default: float) -> Setting[float]:
    words = factor.replace("_", " ")
    return Setting(f"dropout.weight_{factor}", default, f"Weight of {words} in the risk of leaving.", low=0, high=100)


DECLINING_ENGAGEMENT = _weight("declining_engagement", 25.0)
INFREQUENT_SESSIONS = _weight("infrequent_sessions", 20.0)
NEGATIVE_SENTIMENT = _weight("negative_sentiment", 20.0)
NO_PROGRESS = _weight("no_progress", 15.0)
DECLINING_PERFORMANCE = _weight("declining_performance", 10.0)
BROKEN_STREAK = _weight("broken_streak", 10.0)

MEDIUM_FROM = Setting("dropout.medium_from", 0.3, "Risk score from which the level is medium.", low=0, high=1)
HIGH_FROM = Setting("dropout.high_from", 0.5, "Risk score from which the level is high.", low=0, high=1)
CRITICAL_FROM = Setting("dropout.critical_from", 0.7, "Risk score from which the level is critical.", low=0, high=1)
NAMED_FROM = Setting("dropout.named_from", 0.5, "Grade from which a factor is named as a reason.", low=0, high=1)

HORIZON = Setting(
    "dropout.horizon_days", 30, "Days of silence that count as having left.", unit="days", low=7, high=365
)
NAMED_ODDS = Setting(
    "dropout.named_odds",
    1.5,
    "By how much a factor must raise the learned odds of leaving to be named as a reason.",
    unit="times",
    low=1.01,
    high=100,
)
MEDIUM_SHARE = Setting(
    "dropout.medium_share", 0.5, "Share of people that may be at medium risk or higher, once learned.", low=0.01, high=1
)
HIGH_SHARE = Setting(
    "dropout.high_share", 0.2, "Share of people that may be at high risk or higher, once learned.", low=0.01, high=1
)
CRITICAL_SHARE = Setting(
    "dropout.critical_share", 0.05, "Share of people that may be at critical risk, once learned.", low=0.001, high=1
)

NEWCOMER_DAYS = Setting(
    "dropout.newcomer_days",
    10.0,
    "Days without sessions that everybody is taken to start with; evidence outweighs them.",
    unit="days",
    low=0.1,
    high=365,
)
RARE_GAP = Setting(
    "dropout.rare_gap", 7.0, "Days between sessions that are graded one half; the grade never quite reaches one.",
    unit="days", low=0.1, high=365,
)  # fmt: skip
TREND_DAYS = Setting(
    "dropout.trend_days", 3, "Days known before the last week that a trend needs.", unit="days", low=1, high=21
)
WORST_SENTIMENT = Setting(
    "dropout.worst_sentiment",
    -0.6,
    "Mean sentiment (-1 to 1) that counts as fully negative.",
    low=-1,
    high=-0.01,
)
STALLED_DAYS = Setting(
    "dropout.stalled_days", 21.0, "Days without a completion that count as no progress at all.", unit="days", low=1
)
WORST_DROP = Setting(
    "dropout.worst_drop", 0.3, "Fall of the mean score (0 to 1) that counts as fully declining.", low=0.01, high=1
)
STREAK_DAYS = Setting("dropout.streak_days", 7, "Days in a row that make a streak worth missing.", unit="days", low=2)
CONFIDENT_DAYS = Setting(
    "dropout.confident_days", 5.0, "Active days at which half of the confidence is reached.", unit="days", low=0.1
)

WEIGHTS = (
    DECLINING_ENGAGEMENT,
    INFREQUENT_SESSIONS,
    NEGATIVE_SENTIMENT,
    NO_PROGRESS,
    DECLINING_PERFORMANCE,
    BROKEN_STREAK,
)

AGREEMENTS = (
    Agreement(
        (MEDIUM_FROM, HIGH_FROM, CRITICAL_FROM),
        lambda medium, high, critical: (
            None if medium < high < critical else f"must rise in this order: {medium:g}, {high:g}, {critical:g}"
        ),
    ),
    Agreement(
        (MEDIUM_SHARE, HIGH_SHARE, CRITICAL_SHARE),
        lambda medium, high, critical: (
            None if medium >= high >= critical else f"must fall in this order: {medium:g}, {high:g}, {critical:g}"
        ),
    ),
)

SETTINGS = (
    *WEIGHTS,
    MEDIUM_FROM,
    HIGH_FROM,
    CRITICAL_FROM,
    NAMED_FROM,
    HORIZON,
    NAMED_ODDS,
    MEDIUM_SHARE,
    HIGH_SHARE,
    CRITICAL_SHARE,
    NEWCOMER_DAYS,
    RARE_GAP,
    TREND_DAYS,
    WORST_SENTIMENT,
    STALLED_DAYS,
    WORST_DROP,
    STREAK_DAYS,
    CONFIDENT_DAYS,
)
