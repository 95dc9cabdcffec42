"""What people do: events and presence beats."""

from collections.abc import Sequence
from datetime import datetime

from tactful.api.address import Address
from tactful.api.beacons import admitted
from tactful.api.call import SPEAKERS, WITHOUT_WIDGETS, Call, Caller
from tactful.api.schemas.events import (
    BeatIn,
    BeatsIn,
    BeatsOut,
    EventIn,
    EventsIn,
    EventsOut,
    PresenceIn,
    PresenceOut,
)  # fmt: skip
from tactful.facts.beats import Beat, Heard
from tactful.kernel.clock import plausible
from tactful.kernel.records import Event
from tactful.sense import lateness


async def send_events(call: Caller, body: EventsIn) -> EventsOut:
    """Record what people did. Each id counts once in an organisation, however often it is sent."""
    events = _events(call, body.events)
    fresh = await call.engine.accept(call.organisation, events, checked=True)
    accepted, duplicate, erased = (sum(one is kind for one in fresh) for kind in (True, False, None))
    return EventsOut(accepted=accepted, duplicate=duplicate, erased=erased)


async def update_presence(call: Caller, body: PresenceIn) -> PresenceOut:
    """Say where a person is now; send it every ten seconds or so while a page is open.

    A page that is left sends it as plain text with its token in the body, as `navigator.sendBeacon` does.
    """
    beat = _beat(call, body, body.sent_at, "")
    return PresenceOut(status=await call.engine.beat(call.organisation, beat, checked=True))


async def send_beats(call: Caller, body: BeatsIn) -> BeatsOut:
    """Say where a person was, with beats that were kept while their page was offline. Each counts its time once."""
    beats = [_beat(call, each, body.sent_at, f"beats.{number}.") for number, each in enumerate(body.beats)]
    statuses = await call.engine.beats(call.organisation, beats, checked=True)
    return BeatsOut(stored=statuses.count(Heard.OK), statuses=statuses)


def _beat(call: Call, told: BeatIn, sent_at: datetime | None, path: str) -> Beat:
    at = call.at
    if told.occurred_at is not None:
        at = lateness.when(told.occurred_at, sent_at, now=call.at, field=f"{path}occurred_at")
    return Beat(
        person=call.person(told.user_id, field=f"{path}user_id"),
        page=told.page,
        at=at,
        topic=told.topic or None,
        content_id=told.content_id or None,
        time_on_page=told.time_on_page,
        scroll_count=told.scroll_count,
        mouse_hesitations=told.mouse_hesitations,
        visit=told.visit_id or "",
        seq=told.seq,
        final=told.final,
    )


def _events(call: Call, told: Sequence[EventIn]) -> list[Event]:
    _check_times([one.occurred_at for one in told], call.at)
    people = _people(call, told)
    return [
        Event(
            one.id,
            people[one.user_id],
            one.kind,
            one.occurred_at,
            one.content_id,
            one.skill_id,
            one.topic,
            one.properties,
        )
        for one in told
    ]


def _people(call: Call, told: Sequence[EventIn]) -> dict[str | int | None, str]:
    """Whom each user_id stands for; asked once for each, where it comes first."""
    first: dict[str | int | None, int] = {}
    for number, one in enumerate(told):
        first.setdefault(one.user_id, number)
    return {named: call.person(named, field=f"events.{number}.user_id") for named, number in first.items()}


def _check_times(times: Sequence[datetime], now: datetime) -> None:
    """Where the first and the last instant are plausible, all are."""
    numbers = range(len(times))
    for number in (min(numbers, key=times.__getitem__), max(numbers, key=times.__getitem__)):
        plausible(times[number], now=now, field=f"events.{number}.occurred_at")


ROUTES = (
    Address("POST", "/ambient/presence/update", update_presence, "events", SPEAKERS, admit=admitted, plain=True),
    Address("POST", "/ambient/presence/beats", send_beats, "events", SPEAKERS, admit=admitted, plain=True),
    Address("POST", "/api/v1/events", send_events, "events", WITHOUT_WIDGETS),
)
