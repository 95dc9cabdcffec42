"""What people say to us, and what is told of it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from tactful.api.schemas.events import Key
from tactful.api.schemas.wire import LARGEST, NO_NUL, At, Name, Told, UserId, Wire, example, exemplary
from tactful.facts.interactions import CHAT, LONGEST_MESSAGE, MESSAGE
from tactful.sense.interactions import MOST

Message = Annotated[str, StringConstraints(max_length=LONGEST_MESSAGE, pattern=NO_NUL)]
TelegramId = Annotated[int, Field(ge=0, le=LARGEST)]


class Became(StrEnum):
    """What became of a message."""

    COUNTED = "counted"
    DUPLICATE = "duplicate"
    ERASED = "erased"


class InteractionIn(Wire):
    """A message of a person. The same id counts once among a person's; without one it counts whenever it comes.

    previous_bot_message: what they had been told before that, and previous_bot_message_at when, so that it is known
    what they answer. occurred_at: now if left out.
    """

    model_config = example(
        user_id=42,
        message_text="Thanks, that helped! But why does the chain rule work?",
        channel="telegram",
        previous_bot_message="Here is how the chain rule works.",
    )
    message_text: Message
    id: Name | None = None
    user_id: UserId | None = None
    engagement_type: Key = MESSAGE
    channel: Key = CHAT
    session_id: Name | None = None
    telegram_id: TelegramId | None = None
    previous_bot_message: Message | None = None
    previous_bot_message_at: At | None = None
    occurred_at: At | None = None


class InteractionsIn(Wire):
    """Up to 500 messages; all are counted or, when one does not fit, none."""

    model_config = example(interactions=[exemplary(InteractionIn)])
    interactions: list[InteractionIn] = Field(min_length=1, max_length=MOST)


class InteractionOut(Told):
    """What is told of a message. status: counted; duplicate (told as the first time); erased (of somebody who was
    erased, and has not been described again: nothing is stored).

    sentiment_score: -1 to 1, 0 where it cannot be told; sentiment_type: very_negative, negative, neutral, positive or
    very_positive; emotion and its group: null unknown; confidence: 0 to 1, how sure the sentiment is, 0 where the
    words cannot be read; language: a primary tag of BCP 47, `und` unknown; all null where
    `sense.sentiment_analysis_enabled` is off. engagement_quality_score: 0 to 1. topics: five at most.
    """

    model_config = example(
        status="counted",
        sentiment_type="positive",
        sentiment_score=0.49,
        emotion=None,
        emotion_group=None,
        confidence=0.72,
        engagement_quality_score=0.71,
        topics=["Chain rule", "helped"],
        language="en",
    )
    status: Became
    sentiment_type: str | None
    sentiment_score: float | None
    emotion: str | None
    emotion_group: str | None
    confidence: float | None
    engagement_quality_score: float | None
    topics: list[str]
    language: str | None


class InteractionsOut(Told):
    """What is told of each message, in their order."""

    interactions: list[InteractionOut]
