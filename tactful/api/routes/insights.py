"""All that is believed about one person."""

from tactful.api.address import Address
from tactful.api.answers import again
from tactful.api.call import WITHOUT_WIDGETS, About, Caller
from tactful.api.routes import risk, timing
from tactful.api.schemas.insights import InsightsOut, PriorityAction
from tactful.api.schemas.plateaus import PlateauOut
from tactful.api.schemas.regressions import RegressionOut
from tactful.api.schemas.risk import RiskOut
from tactful.api.schemas.wire import shown


async def read_insights(
    call: Caller,
    user_id: About = None,
) -> InsightsOut:
    """The person's risk of leaving, what they are stuck on, what they are losing, their hours, and what to do first.

    What is not known is null or empty.
    """
    person = call.person(user_id)

    async def anew() -> InsightsOut:
        row = await call.engine.insights(call.organisation, person)
        known = row["dropout_risk"]
        unknown = RiskOut(risk_level="unknown", calculated_at=row["generated_at"])
        return InsightsOut(
            user_id=shown(person),
            dropout_risk=unknown if known is None else risk.told(known),
            active_plateaus=[PlateauOut(**each) for each in row["active_plateaus"]],
            skill_regressions=[RegressionOut(**each) for each in row["skill_regressions"]],
            timing_profile=None if row["timing_profile"] is None else timing.told(person, row["timing_profile"]),
            is_good_time_now=row["is_good_time_now"],
            total_insights=row["total_insights"],
            priority_actions=[PriorityAction(**each) for each in row["priority_actions"]],
            generated_at=row["generated_at"],
        )

    return await again(call, "insights", person, InsightsOut, anew)


ROUTES = (Address("GET", "/api/v1/predictive/insights", read_insights, "insights", WITHOUT_WIDGETS),)
