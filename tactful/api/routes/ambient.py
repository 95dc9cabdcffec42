"""Help where somebody is, and quick actions."""

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, Caller
from tactful.api.schemas.ambient import HelpCheckIn, HelpCheckOut, HelpResponseIn, HelpResponseOut
from tactful.api.schemas.quick_actions import QuickActionsIn, QuickActionsOut, QuickUsedIn, QuickUsedOut
from tactful.facts import quick
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


async def list_quick_actions(call: Caller, body: QuickActionsIn) -> QuickActionsOut:
    """What the person can do from here, best first: ours, those of the settings, and the page's own.

    Ordered by what is due, by page and concept, and by what the person and others choose here and at this time of the
    day. Asking changes nothing.
    """
    content = body.current_content
    asked = quick.Asked(
        call.organisation,
        call.person(body.user_id),
        body.current_page,
        content.current_concept or None,
        content.content_id or None,
        [quick.Action(each.id, each.label, "host", each.url, None, each.keywords) for each in body.actions],
    )
    found = await call.engine.quick_actions(asked)
    return QuickActionsOut.model_validate({"count": len(found), "actions": found})


async def use_quick_action(call: Caller, body: QuickUsedIn) -> QuickUsedOut:
    """Count that the person chose an action: it stands higher for them there, and a little for everybody."""
    used = quick.Used(call.organisation, call.person(body.user_id), body.action_id, body.current_page, call.at, body.id)
    fresh = await call.engine.use_quick_action(used)
    if fresh is None:
        return QuickUsedOut(status="erased", action_id=body.action_id)
    return QuickUsedOut(status="recorded" if fresh else "already_recorded", action_id=body.action_id)


ROUTES = (
    Address("POST", "/ambient/inline-help/check", check_inline_help, "ambient", SPEAKERS),
    Address("POST", "/ambient/inline-help/response", answer_inline_help, "ambient", SPEAKERS, raises=(NotFound,)),
    Address("POST", "/ambient/quick-actions", list_quick_actions, "ambient", SPEAKERS),
    Address("POST", "/ambient/quick-actions/used", use_quick_action, "ambient", SPEAKERS),
)
