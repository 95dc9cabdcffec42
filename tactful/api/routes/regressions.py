"""What somebody is losing."""

from typing import Annotated

from fastapi import Query

from tactful.api.address import Address
from tactful.api.answers import USUAL, again
from tactful.api.call import WITHOUT_WIDGETS, About, Caller
from tactful.api.schemas.regressions import RegressionOut


async def list_regressions(
    call: Caller,
    active_only: Annotated[bool, Query(description="Leave out what is over.")] = True,
    user_id: About = None,
    limit: Annotated[int, Query(ge=1, le=500, description="Rows at most.")] = USUAL,
) -> list[RegressionOut]:
    """The skills the person once knew and is losing, with what is left in a week; what lost most comes first.

    It knows every answer that was counted: the person is looked at before the answer.
    """
    person = call.person(user_id)

    async def anew() -> list[RegressionOut]:
        rows = await call.engine.regressions(call.organisation, person, active_only=active_only, limit=limit)
        return [RegressionOut(**row) for row in rows]

    usual = active_only and limit == USUAL
    return await (again(call, "regressions", person, list[RegressionOut], anew) if usual else anew())


ROUTES = (Address("GET", "/api/v1/predictive/regressions", list_regressions, "regressions", WITHOUT_WIDGETS),)
