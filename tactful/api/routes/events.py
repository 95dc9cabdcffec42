"""What people do: events and presence beats."""

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, Call, Caller
from tactful.api.schemas.events import EventIn, EventsIn, EventsOut, PresenceIn, PresenceOut
from tactful.kernel.clock import plausible
from tactful.kernel.records import Beat, Event


async def send_events(call: Caller, body: EventsIn) -> EventsOut:
    """Record what people did. Each id counts once in an organisation, however often it is sent."""
    organisation = call.organisation
    rows = [(organisation, _event(call, event, number)) for number, event in enumerate(body.events)]
    fresh = await call.engine.events.submit(rows)
    accepted = sum(fresh)
    return EventsOut(accepted=accepted, duplicate=len(rows) - accepted)


async def update_presence(call: Caller, body: PresenceIn) -> PresenceOut:
    """Say where a person is now; send it every ten seconds or so while a page is open."""
    beat = Beat(
        person=call.person(body.user_id),
        page=body.page,
        at=call.at,
        topic=body.topic or None,
        content_id=body.content_id or None,
        time_on_page=body.time_on_page,
        scroll_count=body.scroll_count,
        mouse_hesitations=body.mouse_hesitations,
    )
    await call.engine.presence.submit([(call.organisation, beat)])
    return PresenceOut()


def _event(call: Call, told: EventIn, number: int) -> Event:
    return Event(
        told.id,
        call.person(told.user_id, field=f"events.{number}.user_id"),
        told.kind,
        plausible(told.occurred_at, now=call.at, field=f"events.{number}.occurred_at"),
        told.content_id,
        told.skill_id,
        told.topic,
        told.properties,
    )


ROUTES = (
    Address("POST", "/ambient/presence/update", update_presence, "events", SPEAKERS),
    Address("POST", "/api/v1/events", send_events, "events", SPEAKERS),
)
