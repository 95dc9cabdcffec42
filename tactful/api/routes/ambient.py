"""Help where somebody is."""

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, Caller
from tactful.api.schemas.ambient import HelpCheckIn, HelpCheckOut, HelpResponseIn, HelpResponseOut
from tactful.facts.here import Asked
from tactful.kernel.errors import NotFound


async def check_inline_help(call: Caller, body: HelpCheckIn) -> HelpCheckOut:
    """Whether to help the person where they are, by what they do there and by what they are about to start.

    Help that is answered with `should_show` counts as shown: it has used up some of the person's attention. Where
    nothing is shown, `reason` says why.
    """
    person, here, did = call.person(body.user_id), body.current_context, body.user_behavior
    asked = Asked(
        call.organisation,
        person,
        here.page,
        here.topic or None,
        here.content_id or None,
        here.concept or None,
        did.time_on_section,
        did.scroll_count,
        did.mouse_hesitations,
    )
    return HelpCheckOut(**await call.engine.check_help(call.organisation, person, asked, checked=True))


async def answer_inline_help(call: Caller, body: HelpResponseIn) -> HelpResponseOut:
    """Record whether the person accepted or dismissed help they were shown. The first answer stands.

    What was dismissed is not offered again on the person's own day.
    """
    row = await call.engine.answer_inline_help(
        call.organisation, call.person(body.user_id), body.help_id, body.user_response
    )
    return HelpResponseOut(
        status="already_recorded" if row.get("repeated") else "recorded",
        help_id=row["id"],
        help_type=row["help_type"],
        user_response=row["user_response"],
        responded_at=row["responded_at"],
    )


ROUTES = (
    Address("POST", "/ambient/inline-help/check", check_inline_help, "ambient", SPEAKERS),
    Address("POST", "/ambient/inline-help/response", answer_inline_help, "ambient", SPEAKERS, raises=(NotFound,)),
)
