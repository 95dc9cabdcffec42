"""What people are losing."""

from pydantic import Field

from tactful.api.schemas.wire import Instant, Told, example


class RegressionOut(Told):
    """One skill that was learned and is being lost. Mastery: the chance of a right answer, 0..1.

    urgency: low, medium, high or critical. One that is not active ended when they practised again (user_reviewed),
    or because it is no longer believed.
    """

    model_config = example(
        regression_id=789,
        skill_id="algebra_factoring",
        skill_name="Algebraic Factoring",
        peak_mastery=0.90,
        current_mastery=0.65,
        regression_amount=0.25,
        days_since_practice=45,
        last_practiced_at="2025-12-15T10:00:00Z",
        predicted_mastery_in_week=0.62,
        urgency="high",
        reminder_sent=False,
        reminder_sent_at=None,
        user_reviewed=False,
        reviewed_at=None,
        detected_at="2026-01-30T10:00:00Z",
        is_active=True,
        updated_at="2026-01-30T10:00:00Z",
        reasons=["Not practised for 45 days."],
    )
    regression_id: int
    skill_id: str
    skill_name: str
    peak_mastery: float
    current_mastery: float
    regression_amount: float
    days_since_practice: int
    last_practiced_at: Instant
    predicted_mastery_in_week: float | None
    urgency: str
    reminder_sent: bool
    reminder_sent_at: Instant | None
    user_reviewed: bool
    reviewed_at: Instant | None
    detected_at: Instant
    is_active: bool
    updated_at: Instant
    reasons: list[str] = Field(default_factory=list)
