"""Tokens for people's browsers: short-lived, for one person, good for what a page does."""

from tactful.api.address import Address
from tactful.api.auth import SERVICE
from tactful.api.call import About, Caller
from tactful.api.schemas.offices import TokensEndedOut, WidgetTokenIn, WidgetTokenOut
from tactful.api.schemas.wire import shown
from tactful.kernel.errors import Conflict, NotFound

MINTERS = frozenset({SERVICE})


async def make_widget_token(call: Caller, body: WidgetTokenIn) -> WidgetTokenOut:
    """A token for one person's browser, to be handed to a page that this person has signed in to."""
    person = str(body.user_id)
    row = await call.engine.widget_token(call.organisation, person, minutes=body.minutes, session_id=body.session_id)
    return WidgetTokenOut(user_id=shown(person), session_id=body.session_id, **row)


async def end_widget_tokens(call: Caller, user_id: About = None) -> TokensEndedOut:
    """Refuse every widget token somebody was given until now (other processes follow within a few seconds).

    Call it where somebody signs out of your product everywhere, or is shut out of it.
    """
    person = call.person(user_id)
    await call.engine.end_widget_tokens(call.organisation, person, actor=call.actor)
    return TokensEndedOut(user_id=shown(person))


ROUTES = (
    Address("POST", "/api/v1/tokens/widget", make_widget_token, "organisations", MINTERS, raises=(Conflict,)),
    Address("DELETE", "/api/v1/tokens/widget", end_widget_tokens, "organisations", MINTERS, raises=(NotFound,)),
)
