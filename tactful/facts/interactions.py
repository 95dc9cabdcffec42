"""What people say to us: one message as it comes in, what is told of it, and how moods are read from a row of them."""

from datetime import datetime, timedelta

import polars as pl
from msgspec import Struct
from polars._typing import PolarsDataType

# Characters of one message.
LONGEST_MESSAGE = 10_000
# What a message is, unless it is said: by its kind, and by the way it came.
MESSAGE, CHAT = "message", "chat"
# Topics that are told of one message.
MOST_TOPICS = 5

# A mood is the mean of the last messages' sentiments: of MOOD_MESSAGES at most, none older than MOOD_WINDOW before the
# last one. A message counts half as much as one MOOD_HALF_LIFE later, and by how sure its sentiment is.
MOOD_HALF_LIFE = timedelta(days=3)
MOOD_WINDOW = timedelta(days=28)
MOOD_MESSAGES = 40
# How a mood moves is the median slope between two messages (Theil 1950, Sen 1968) that lie so far apart; from so many.
SLOPE_APART = timedelta(hours=6)
SLOPE_MESSAGES = 3
# From which slope [a day] on it is called one.
TREND = 0.05
# After so long without a message nobody knows how somebody feels.
MOOD_KNOWN = timedelta(days=14)
# From which mood (-1..1) down somebody may need us.
LOW_MOOD = -0.25


class Interaction(Struct, frozen=True, gc=False):
    """A message of a person. `id` makes it count once among theirs; without one it counts whenever it comes.

    previous_bot_message: what they had been told before, and when; what they say may be an answer to it.
    """

    person: str
    message_text: str
    occurred_at: datetime
    id: str | None = None
    engagement_type: str = MESSAGE
    channel: str = CHAT
    session_id: str | None = None
    telegram_id: int | None = None
    previous_bot_message: str | None = None
    previous_bot_message_at: datetime | None = None


# What is told of a message; all null where nobody looked at its words.
HEARD: dict[str, PolarsDataType] = {
    # -1..1, and in the seed's five steps
    "sentiment_score": pl.Float64,
    "sentiment_type": pl.String,
    "emotion_group": pl.String,
    "emotion": pl.String,
    # 0..1: how sure that is; 0 where the words cannot be read
    "confidence": pl.Float64,
    "language": pl.String,
    # 0..1
    "engagement_quality_score": pl.Float64,
    # the organisation's own first
    "topics": pl.List(pl.String),
}
