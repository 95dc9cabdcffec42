"""Who needs us, and what to do first."""

from typing import Literal

from tactful.api.schemas.insights import PriorityAction
from tactful.api.schemas.wire import Instant, ShownId, Told, example


class WhoOut(Told):
    """A person. display_name: their name, or their id where nobody told it."""

    user_id: ShownId
    display_name: str


class TopicOut(Told):
    """Something they speak of. weight: how often, where what was said 30 days before counts half."""

    topic: str
    weight: float
    last_at: Instant


class MoodForecastOut(Told):
    """How somebody is expected to sound in the next 14 days, beside their mood now: lower, steady or higher.

    lower, steady, higher: chance of each, 0 to 1; together 1. confidence: 0 to 1, by how much they wrote. version: of
    what was learned, null where nothing learned serves yet and the first rule speaks.
    """

    forecast: Literal["lower", "steady", "higher"]
    lower: float
    steady: float
    higher: float
    confidence: float
    reasons: list[str]
    version: int | None


class PatternsOut(Told):
    """What is known of how somebody is; null where it is not.

    churn_risk_score: 0 to 1, as it was last worked out, and its level; churn_probability: the calibrated chance to stay
    away, null before something learned serves, and churn_version: what told it. churn_confidence: 0 to 1, by how much
    is known. needs_re_engagement: whether that is high and
    sure enough to reach out. need: 0 to 1, the larger of such a risk and of a low mood. mood: -1 to 1, how their last
    messages sound, null two weeks after the last one; mood_slope: how it moves a day; mood_trend: improving, stable or
    declining; mood_forecast: null where no mood is known. Hours are local, 0 to 23; best_hours_version: of what is
    usual of people's hours, null before something learned serves.
    """

    churn_risk_score: float | None
    churn_probability: float | None
    churn_confidence: float | None
    churn_reasons: list[str]
    churn_version: int | None
    risk_level: str
    needs_re_engagement: bool
    need: float
    mood: float | None
    mood_slope: float | None
    mood_trend: str | None
    mood_forecast: MoodForecastOut | None
    average_sentiment: float | None
    last_sentiment: str | None
    average_quality: float | None
    last_quality: float | None
    total_interactions: int
    last_interaction_at: Instant | None
    preferred_topics: list[TopicOut]
    most_active_hours: list[int]
    best_hours: list[int]
    best_hours_version: int | None


class NextActionOut(PriorityAction):
    """What to do first. type: as of priority actions, or topic_follow_up. reasons: all that speaks for it."""

    reasons: list[str]


class NeedyOut(Told):
    """Somebody who needs us."""

    user: WhoOut
    patterns: PatternsOut
    next_best_action: NextActionOut | None


class NeedingOut(Told):
    """Who needs us most, the most first."""

    model_config = example(
        count=1,
        people=[
            {
                "user": {"user_id": 42, "display_name": "Ana"},
                "patterns": {
                    "churn_risk_score": 0.83,
                    "churn_probability": 0.71,
                    "churn_confidence": 0.64,
                    "churn_reasons": ["They come less often."],
                    "churn_version": 3,
                    "risk_level": "critical",
                    "needs_re_engagement": True,
                    "need": 0.83,
                    "mood": -0.41,
                    "mood_slope": -0.08,
                    "mood_trend": "declining",
                    "mood_forecast": {
                        "forecast": "lower",
                        "lower": 0.52,
                        "steady": 0.37,
                        "higher": 0.11,
                        "confidence": 0.73,
                        "reasons": ["Their mood moves by -0.08 a day; their last message lies -0.20 from it."],
                        "version": 2,
                    },
                    "average_sentiment": 0.12,
                    "last_sentiment": "negative",
                    "average_quality": 0.55,
                    "last_quality": 0.31,
                    "total_interactions": 27,
                    "last_interaction_at": "2026-01-31T08:00:00Z",
                    "preferred_topics": [{"topic": "Chain rule", "weight": 3.2, "last_at": "2026-01-30T18:00:00Z"}],
                    "most_active_hours": [19, 20, 8],
                    "best_hours": [19],
                    "best_hours_version": 1,
                },
                "next_best_action": {
                    "type": "dropout_risk",
                    "message": "The risk of leaving is critical. They come less often.",
                    "action": "Ask them personally what got in the way.",
                    "reasons": ["They come less often."],
                },
            }
        ],
    )
    count: int
    people: list[NeedyOut]
