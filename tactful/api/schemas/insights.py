"""All that is believed about one person, in one answer."""

from tactful.api.schemas.plateaus import PlateauOut
from tactful.api.schemas.regressions import RegressionOut
from tactful.api.schemas.risk import RiskOut
from tactful.api.schemas.timing import TimingProfileOut
from tactful.api.schemas.wire import Instant, ShownId, Told, example, exemplary


class PriorityAction(Told):
    """Something that deserves attention. type: dropout_risk, learning_plateau, skill_regression, low_mood or
    good_moment."""

    type: str
    message: str
    action: str


class InsightsOut(Told):
    """Risk, plateaus, regressions, hours, and what to do first. timing_profile, is_good_time_now: null if unknown.

    total_insights: plateaus, regressions, one for a risk of medium or higher, and one for hours that are known.
    """

    model_config = example(
        user_id=42,
        dropout_risk=exemplary(RiskOut),
        active_plateaus=[exemplary(PlateauOut)],
        skill_regressions=[exemplary(RegressionOut)],
        timing_profile=exemplary(TimingProfileOut),
        is_good_time_now=True,
        total_insights=4,
        priority_actions=[
            {
                "type": "learning_plateau",
                "message": "Stuck on Calculus for 8 days",
                "action": "Study two worked examples of Calculus before the next attempt.",
            }
        ],
        generated_at="2026-01-31T12:00:00Z",
    )
    user_id: ShownId
    dropout_risk: RiskOut
    active_plateaus: list[PlateauOut]
    skill_regressions: list[RegressionOut]
    timing_profile: TimingProfileOut | None
    is_good_time_now: bool | None
    total_insights: int
    priority_actions: list[PriorityAction]
    generated_at: Instant
