"""When somebody is at their best, and whether now is a good time."""

from typing import Any

from tactful.api.address import Address
from tactful.api.answers import again
from tactful.api.call import WITHOUT_WIDGETS, About, Caller
from tactful.api.schemas.timing import TimingCheckIn, TimingCheckOut, TimingProfileOut
from tactful.api.schemas.wire import shown
from tactful.bootstrap.timing import CHECKED_AHEAD


async def read_timing_profile(
    call: Caller,
    user_id: About = None,
) -> TimingProfileOut:
    """At which hours and on which days the person is at their best, with every session that was counted."""
    person = call.person(user_id)

    async def anew() -> TimingProfileOut:
        row = await call.engine.timing_profile(call.organisation, person)
        return TimingProfileOut(user_id=shown(person), updated_at=call.at) if row is None else told(person, row)

    return await again(call, "timing", person, TimingProfileOut, anew)


def told(person: str, row: dict[str, Any]) -> TimingProfileOut:
    """A row of `Engine.timing_profile` in the product's shape."""
    known = {name: row[name] for name in TimingProfileOut.model_fields if name != "user_id" and row[name] is not None}
    return TimingProfileOut(user_id=shown(person), **known)


async def check_timing(call: Caller, body: TimingCheckIn) -> TimingCheckOut:
    """Whether it is a good time to write to the person, and the next good one if it is not.

    Presence and their own hours decide; it is never a good time in their quiet hours, by their own clock. An instant
    ahead is judged as if nothing happened until then, so what is proposed is told to be good when it is asked about.
    """
    answer = await call.engine.check_timing(
        call.organisation,
        call.person(body.user_id),
        call.instant(body.current_time, field="current_time", ahead=CHECKED_AHEAD),
        intervention_type=body.intervention_type,
        zone=body.zone,
    )
    return TimingCheckOut(**answer)


ROUTES = (
    Address("GET", "/api/v1/predictive/timing/profile", read_timing_profile, "timing", WITHOUT_WIDGETS),
    Address("POST", "/api/v1/predictive/timing/check", check_timing, "timing", WITHOUT_WIDGETS),
)
