"""Settings of sense: how what comes in is written in groups."""

from tactful.facts.milestones import KEPT
from tactful.facts.streaks import REST_DAYS
from tactful.kernel.settings import Setting

GROUP_ROWS = Setting("sense.group_rows", 8_000, "Rows of one group commit, at most.", low=1, high=100_000)
GROUP_QUEUE = Setting(
    "sense.group_queue", 50_000, "Rows that may wait for a group commit; more are refused as not ready.", low=1
)
GROUP_WRITERS = Setting(
    "sense.group_writers", 2, "Group commits that run at the same time in one process.", low=1, high=32
)
PARTICIPANT_RATE = Setting(
    "sense.participant_rate",
    10,
    "Signals of one participant that are heard in one second; more are stored, and count for nothing.",
    unit="a second",
    low=1,
    high=1_000,
)
SENTIMENT = Setting(
    "sense.sentiment_analysis_enabled",
    True,
    "Whether the words of messages are looked at for sentiment, emotion and language.",
    env=("SENTIMENT_ANALYSIS_ENABLED",),
)
POLL_RESULTS = Setting(
    "live.poll_results",
    "voted",
    "When those who take part see results of a poll that does not say: once they voted (or it is closed), once it is "
    "closed, or always.",
    choices=("voted", "closed", "always"),
    own=True,
)
LONGEST_HOURS = Setting(
    "live.longest_hours",
    24.0,
    "A live session nobody ends is ended so long after it began, or after its planned end if that is later.",
    unit="hours",
    low=1,
    high=720,
)

SETTINGS = (
    GROUP_ROWS,
    GROUP_QUEUE,
    GROUP_WRITERS,
    PARTICIPANT_RATE,
    SENTIMENT,
    POLL_RESULTS,
    LONGEST_HOURS,
    REST_DAYS,
    KEPT,
)
