"""Where people are stuck."""

from pydantic import Field

from tactful.api.schemas.wire import Instant, Told, example


class PlateauOut(Told):
    """One stretch of attempts without progress. mastery_level: 0..1; mastery_improvement: its change, -1..1.

    skill_name: what the catalogue calls the skill, its id where it is not there.

    A plateau that is not active was resolved by progress, or left when nobody tried any more.
    """

    model_config = example(
        plateau_id=456,
        topic="Calculus - Derivatives",
        skill_id="calc_derivatives",
        skill_name="Derivatives",
        days_on_topic=8,
        attempts=15,
        mastery_level=0.55,
        mastery_improvement=0.02,
        is_active=True,
        intervention_suggested="Study two worked examples of Calculus - Derivatives before the next attempt.",
        detected_at="2026-01-24T10:00:00Z",
        resolved=False,
        resolved_at=None,
        intervention_taken=False,
        updated_at="2026-01-31T10:00:00Z",
        reasons=["15 attempts so far.", "8 days on the topic."],
    )
    plateau_id: int
    topic: str
    skill_id: str
    skill_name: str
    days_on_topic: int
    attempts: int
    mastery_level: float
    mastery_improvement: float
    is_active: bool
    intervention_suggested: str | None
    detected_at: Instant
    resolved: bool
    resolved_at: Instant | None
    intervention_taken: bool
    updated_at: Instant
    reasons: list[str] = Field(default_factory=list)
