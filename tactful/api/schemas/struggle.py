"""Struggle: the question, what is believed, what was chosen, what came of it."""

from typing import Annotated, Literal

from pydantic import Field

from tactful.api.schemas.interventions import Id
from tactful.api.schemas.people import Key, Names
from tactful.api.schemas.wire import Instant, Name, Share, Told, UserId, Wire, example
from tactful.sense.asked import LONGEST_ATTEMPT

Seconds = Annotated[float, Field(ge=0, le=LONGEST_ATTEMPT)]
Action = Literal["review_prerequisites", "continue_anyway"]


class ContentAsked(Wire):
    """What somebody is about to start. What is left out is as it was described.

    difficulty_rating: 0 (easy) to 1 (hard). prerequisites: ids of skills, or of content that stands for its skills.
    similar_topics: ids of topics, skills or content that are alike. Ids that nobody knows are allowed.
    """

    content_id: Name
    type: Key | None = None
    difficulty_rating: Share | None = None
    prerequisites: Names = Field(default_factory=list)
    similar_topics: Names = Field(default_factory=list)


class StruggleIn(Wire):
    """The question. user_id: whom it is about; a service's token must say so, a person's leaves it out."""

    model_config = example(
        content_metadata={
            "content_id": "lesson_42",
            "type": "lesson",
            "difficulty_rating": 0.8,
            "prerequisites": ["skill_1", "skill_2"],
            "similar_topics": ["topic_a", "topic_b"],
        },
        user_id=42,
    )
    content_metadata: ContentAsked
    user_id: UserId | None = None


class StruggleFeatures(Told):
    """What the belief was made from, 0..1; null is unknown.

    More is better for prereq_mastery, similar_performance and sentiment, and worse for the others. prereq_mastery,
    similar_performance: success of late. content_difficulty: 0 easy to 1 hard. recency: 0 practised just now, towards
    1 long ago. cognitive_load: 0 fresh to 1. sentiment: -1 bad to 1 good.
    """

    prereq_mastery: float | None
    similar_performance: float | None
    content_difficulty: float | None
    recency: float | None
    cognitive_load: float | None
    sentiment: float | None


class HelpAction(Told):
    """One thing to choose from."""

    type: Action
    label: str


class StruggleOut(Told):
    """What is believed. struggle_probability: 0..1, null when there is nothing to judge by.

    confidence: how much data stands behind it, 0..1. contributions: what each factor adds to the odds of
    struggling, in log-odds. reasons: the same in words, what speaks loudest first.
    """

    model_config = example(
        struggle_probability=0.72,
        confidence=0.85,
        should_offer_help=True,
        help_message="This stands on things that do not sit firmly yet. Shall we look at the basics first?",
        actions=[
            {"type": "review_prerequisites", "label": "Review the basics"},
            {"type": "continue_anyway", "label": "Start right away"},
        ],
        features={
            "prereq_mastery": 0.3,
            "similar_performance": 0.56,
            "content_difficulty": 0.8,
            "recency": 0.07,
            "cognitive_load": 0.0,
            "sentiment": None,
        },
        contributions={
            "prereq_mastery": 1.14,
            "similar_performance": 0.51,
            "content_difficulty": 0.74,
            "recency": 0.03,
            "cognitive_load": 0.0,
            "sentiment": 0.0,
        },
        reasons=["Of 56 attempts at the skills this builds on, about 30 in 100 went well of late."],
        prediction_id=1234,
        predicted_at="2026-01-31T12:00:00Z",
    )
    struggle_probability: float | None
    confidence: float
    should_offer_help: bool
    help_message: str | None
    actions: list[HelpAction]
    features: StruggleFeatures
    contributions: dict[str, float]
    reasons: list[str]
    prediction_id: int
    predicted_at: Instant


class OutcomeIn(Wire):
    """What came of an attempt at content that was asked about. user_id: a service's token must name the person."""

    model_config = example(
        content_id="lesson_42", struggled=True, completion_time_seconds=3600, gave_up=False, user_id=42
    )
    content_id: Name
    struggled: bool
    completion_time_seconds: Seconds | None = None
    gave_up: bool = False
    user_id: UserId | None = None


class OutcomeOut(Told):
    """The outcome that counts: the first that was told."""

    success: bool
    message: str
    prediction_id: int
    struggled: bool
    recorded_at: Instant


class ChoiceIn(Wire):
    """What somebody chose of the help they were offered. user_id: a service's token must name the person."""

    model_config = example(prediction_id=1234, action="review_prerequisites", user_id=42)
    prediction_id: Id
    action: Action
    user_id: UserId | None = None


class ChoiceOut(Told):
    """The choice that counts: the first."""

    status: Literal["recorded", "already_recorded"]
    prediction_id: int
    action: Action
    accepted: bool
    answered_at: Instant
