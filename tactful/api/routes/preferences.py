"""How a person wants to be reached."""

from datetime import time
from typing import Annotated, Any

from fastapi import Query

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, Call, Caller
from tactful.api.schemas.interventions import PreferencesIn, PreferencesOut
from tactful.api.schemas.wire import Name, shown
from tactful.decide.kinds import KINDS
from tactful.kernel.errors import BadInput
from tactful.store import people, preferences
from tactful.store.people import Person

CHANNELS = ("in_app",)
TIMES = ("quiet_hours_start", "quiet_hours_end")


async def read_preferences(
    call: Caller,
    user_id: Annotated[Name | None, Query(description="Whom this is about; for a service's token.")] = None,
) -> PreferencesOut:
    """The person's preferences, or what holds for people who never said anything."""
    identity = call.identity(user_id)
    async with call.engine.database.acting_as(identity) as connection:
        row = await preferences.read(connection)
    return _told(identity.person or "", row or preferences.of_defaults(call.engine.rules.defaults))


async def change_preferences(call: Caller, body: PreferencesIn) -> PreferencesOut:
    """Change what is named in the body; everything else stays as it is."""
    identity = call.identity(body.user_id)
    changes = _changes(body)
    await _known(call, identity.person or "")
    async with call.engine.database.acting_as(identity) as connection:
        await preferences.lock(connection)
        before = await preferences.read(connection) or preferences.of_defaults(call.engine.rules.defaults)
        after = before | changes
        if (after["quiet_hours_start"] is None) != (after["quiet_hours_end"] is None):
            raise BadInput("Quiet hours need a start and an end, or neither.", fields=list(TIMES))
        await preferences.write(connection, after)
    # Once more: a tick that looked at them in between did not see what they have just said.
    await _known(call, identity.person or "")
    return _told(identity.person or "", after)


async def _known(call: Call, person: str) -> None:
    async with call.engine.database.service() as connection:
        await people.write(connection, call.organisation, [Person(person)], now=call.at)


def _changes(body: PreferencesIn) -> dict[str, Any]:
    named = body.model_fields_set - {"user_id"}
    changes = {name: getattr(body, name) for name in sorted(named)}
    for name in TIMES:
        if changes.get(name) is not None:
            changes[name] = time.fromisoformat(changes[name])
    _all_known(changes, "disabled_intervention_types", [kind.name for kind in KINDS])
    _all_known(changes, "disabled_channels", CHANNELS)
    return changes


def _all_known(changes: dict[str, Any], field: str, known: Any) -> None:
    if field not in changes:
        return
    changes[field] = sorted(set(changes[field]))
    strange = [name for name in changes[field] if name not in known]
    if strange:
        raise BadInput(f"{field}: {strange[0]} is not known; known are {', '.join(known)}.", fields=[field])


def _told(person: str, row: dict[str, Any]) -> PreferencesOut:
    times = {name: row[name].isoformat() if row[name] is not None else None for name in TIMES}
    return PreferencesOut(user_id=shown(person), **{**row, **times})


ROUTES = (
    Address("GET", "/proactive/preferences", read_preferences, "preferences", SPEAKERS),
    Address("PUT", "/proactive/preferences", change_preferences, "preferences", SPEAKERS),
)
