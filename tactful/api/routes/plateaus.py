"""Where somebody is stuck."""

from typing import Annotated

from fastapi import Query

from tactful.api.address import Address
from tactful.api.answers import USUAL, again
from tactful.api.call import WITHOUT_WIDGETS, About, Caller
from tactful.api.schemas.plateaus import PlateauOut


async def list_plateaus(
    call: Caller,
    active_only: Annotated[bool, Query(description="Leave out what is over.")] = True,
    user_id: About = None,
    limit: Annotated[int, Query(ge=1, le=500, description="Rows at most.")] = USUAL,
) -> list[PlateauOut]:
    """The skills on which the person goes on trying without progress, with what to try next; those of now first.

    It knows every attempt that was counted: what changed since the last daily pass is looked at before the answer.
    """
    person = call.person(user_id)

    async def anew() -> list[PlateauOut]:
        rows = await call.engine.plateaus(call.organisation, person, active_only=active_only, limit=limit)
        return [PlateauOut(**row) for row in rows]

    usual = active_only and limit == USUAL
    return await (again(call, "plateaus", person, list[PlateauOut], anew) if usual else anew())


ROUTES = (Address("GET", "/api/v1/predictive/plateaus", list_plateaus, "plateaus", WITHOUT_WIDGETS),)
