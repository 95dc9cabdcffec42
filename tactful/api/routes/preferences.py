"""How a person wants to be reached."""

from typing import Any

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, About, Call, Caller
from tactful.api.schemas.interventions import ConsentIn, ConsentOut, PreferencesIn, PreferencesOut
from tactful.api.schemas.wire import shown
from tactful.bootstrap.reaching import TIMES
from tactful.kernel.errors import Conflict


async def read_preferences(
    call: Caller,
    user_id: About = None,
) -> PreferencesOut:
    """The person's preferences, or what holds for people who never said anything."""
    person = call.person(user_id)
    return await _told(call, person, await call.engine.preferences(call.organisation, person))


async def change_preferences(call: Caller, body: PreferencesIn) -> PreferencesOut:
    """Change what is named in the body; everything else stays as it is."""
    person = call.person(body.user_id)
    changes = {name: getattr(body, name) for name in sorted(body.model_fields_set - {"user_id"})}
    return await _told(call, person, await call.engine.change_preferences(call.organisation, person, changes))


async def _told(call: Call, person: str, row: dict[str, Any]) -> PreferencesOut:
    times = {name: row[name].isoformat() if row[name] is not None else None for name in TIMES}
    return PreferencesOut(user_id=shown(person), **{**row, **times}, **await call.engine.choices(call.organisation))


async def read_consent(call: Caller, user_id: About = None) -> ConsentOut:
    """What the person said to being followed from page to page, and to being reached; null where nobody asked them."""
    person = call.person(user_id)
    return ConsentOut(user_id=shown(person), **await call.engine.consent(call.organisation, person))


async def change_consent(call: Caller, body: ConsentIn) -> ConsentOut:
    """Give or withdraw consent to what is named in the body; null takes back what was said.

    From then on nothing is stored, or decided, that was said no to. What was stored before stays until they are erased.
    """
    person = call.person(body.user_id)
    changes = {name: getattr(body, name) for name in sorted(body.model_fields_set - {"user_id"})}
    return ConsentOut(user_id=shown(person), **await call.engine.change_consent(call.organisation, person, changes))


ROUTES = (
    Address("GET", "/proactive/consent", read_consent, "preferences", SPEAKERS),
    Address("PUT", "/proactive/consent", change_consent, "preferences", SPEAKERS, raises=(Conflict,)),
    Address("GET", "/proactive/preferences", read_preferences, "preferences", SPEAKERS),
    Address("PUT", "/proactive/preferences", change_preferences, "preferences", SPEAKERS, raises=(Conflict,)),
)
