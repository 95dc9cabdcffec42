"""Dropout risk: one person's, and a list of people."""

from pydantic import Field

from tactful.api.schemas.wire import Instant, ShownId, Told, example

# How the place of a page is written.
PLACE = r"^[A-Za-z0-9_=-]+$"


class ReengagementIntervention(Told):
    """One thing that may bring a person back."""

    type: str
    title: str
    message: str
    action: str


class Strategy(Told):
    """What to do about the risk."""

    urgency: str
    interventions: list[ReengagementIntervention]


class RiskOut(Told):
    """One person's risk of leaving. risk_score: 0..1, null when there is nothing to judge by.

    confidence: how much data stands behind it, 0..1. probability: calibrated, null until learned. contributions:
    what each factor adds to the odds of leaving, in log-odds.
    """

    model_config = example(
        risk_score=0.68,
        risk_level="high",
        risk_factors=["declining_engagement", "broken_streak"],
        session_frequency_trend=-1.0,
        avg_days_between_sessions=1.9,
        sentiment_trend_7d=None,
        days_since_last_completion=None,
        performance_trend=0.0,
        longest_streak=28,
        current_streak=0,
        reengagement_strategy={
            "urgency": "high",
            "interventions": [
                {
                    "type": "fresh_start",
                    "title": "A new count starts with one",
                    "message": "Your earlier run still counts as yours. Today can be day one of the next.",
                    "action": "start",
                }
            ],
        },
        calculated_at="2026-01-31T12:00:00Z",
        confidence=0.55,
        probability=None,
        contributions={"declining_engagement": 1.69, "infrequent_sessions": 0.61, "broken_streak": 0.68},
        reasons=["No sessions in the last seven days, 7 in the seven days two weeks earlier."],
    )
    risk_score: float | None = None
    risk_level: str
    risk_factors: list[str] = Field(default_factory=list)
    session_frequency_trend: float | None = None
    avg_days_between_sessions: float | None = None
    sentiment_trend_7d: float | None = None
    days_since_last_completion: int | None = None
    performance_trend: float | None = None
    longest_streak: int | None = None
    current_streak: int | None = None
    reengagement_strategy: Strategy | None = None
    calculated_at: Instant
    confidence: float = 0.0
    probability: float | None = None
    contributions: dict[str, float] = Field(default_factory=dict)
    reasons: list[str] = Field(default_factory=list)


class AtRisk(Told):
    """One person of the list."""

    user_id: ShownId
    name: str | None
    risk_score: float | None
    risk_level: str
    risk_factors: list[str]
    reasons: list[str]
    confidence: float
    last_seen_at: Instant | None
    calculated_at: Instant


class AtRiskOut(Told):
    """People at risk, highest first. next: give it as `after` for the next page; null at the end."""

    count: int
    people: list[AtRisk]
    next: str | None


class DecisionOut(Told):
    """What was chosen among the candidates, best first. verdicts: for each, bit n set where guard rail n forbids.

    result: acted, deferred, silent, shadow or lost; of live sessions also suggested, and control (left alone on
    purpose). propensity: the probability of choosing so.
    """

    result: str
    chosen: str | None
    propensity: float
    draw: float
    kinds: list[str]
    triggers: list[str]
    priorities: list[int]
    expected: list[float]
    verdicts: list[int]


class ExplainedOut(Told):
    """Why somebody was or was not reached, line by line. stored: the ledger holds a row of that very moment.

    It is about a person (user_id) or about a live session (session_id); the other one is null.
    """

    id: int | None
    user_id: ShownId | None
    session_id: ShownId | None = None
    at: Instant
    stored: bool
    words: list[str]
    decision: DecisionOut | None
