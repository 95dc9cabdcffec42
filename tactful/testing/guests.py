"""Somebody to be for a while, in a demo: a generated person whose best hour is now, to be linked to a chat.

What happens to them is the engine's own doing: hours learned from their past, a link with a one-time token, and, once
they have opened it, a request for outreach as any product makes one. Only their past is made up.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from tactful.bootstrap import Engine
from tactful.decide.settings import HOLDOUT
from tactful.facts.outreach import RE_ENGAGEMENT
from tactful.store.described.people import Person as Described
from tactful.testing.demo import ORGANISATION
from tactful.testing.people import Person, past

NAMES = ("ana", "ben", "cleo", "dara", "eli", "fay", "gus", "hana", "ivo", "june")
# Whose clocks together show every half an hour at any time: somewhere an hour of the day has just begun.
ZONES = (
    "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo", "Australia/Sydney", "Africa/Lagos",
    "Pacific/Marquesas", "America/St_Johns", "Asia/Kabul", "Australia/Adelaide", "America/Los_Angeles", "Asia/Dhaka",
    "Pacific/Honolulu", "Asia/Tokyo", "Pacific/Auckland",
)  # fmt: skip
# Hours of the day that are nobody's night.
WAKING = range(9, 19)
DAYS, AWAY = 45, timedelta(days=3)
# Worth more than all else there may be to say to somebody with such a past.
WORTH = 0.7
LOOKING = 0.5


class Guests:
    """Those whom visitors of a demo are."""

    def __init__(self, engine: Engine, channel: str) -> None:
        self._engine, self._channel = engine, channel
        self._following = set[asyncio.Task[None]]()

    async def begin(self) -> dict[str, str]:
        """Be somebody new: person, name, zone, hour (at which they are at their best, by their own clock), link.

        raises: BadInput where the channel is not set up.
        """
        person = await self._newcomer()
        profile = await self._engine.timing_profile(ORGANISATION, person.id)
        assert profile is not None
        begun = await self._engine.link_started(ORGANISATION, person.id, self._channel)
        task = asyncio.create_task(self._follow(person.id, begun["expires_at"]))
        self._following.add(task)
        task.add_done_callback(self._following.discard)
        hour, name = profile["optimal_study_time"].hour, _called(person.id)
        told = {"person": person.id, "name": name, "zone": person.zone, "hour": f"{hour:02}"}
        return told | {"link": begun["link"] or ""}

    async def close(self) -> None:
        """Follow nobody any longer."""
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)

    async def _newcomer(self) -> Person:
        """Somebody whom the engine has just heard of, with a past; not of those who are left alone for comparison."""
        now = self._engine.clock.now()
        zone = fresh_hour(now)
        for number, name in enumerate(_names()):
            if await self._engine.known(ORGANISATION, [name]):
                continue
            # Numbers behind those of the demo's other people: each number has a past of its own.
            person = Person(name, 10_000 + number, zone, "steady", now.astimezone(ZoneInfo(zone)).hour)
            events = [each for each in past(person, now=now, days=DAYS) if each.occurred_at < now - AWAY]
            await self._engine.accept(ORGANISATION, events)
            told = Described(name, name=_called(name), zone=zone)
            await self._engine.describe(ORGANISATION, [told])
            if (await self._engine.about(ORGANISATION, name))["bucket"] >= self._engine.settings[HOLDOUT] * 10_000:
                return person
        raise AssertionError("Names do not end.")

    async def _follow(self, person: str, until: datetime) -> None:
        """Once they have opened the link, ask for something to be said to them."""
        engine = self._engine
        while self._channel not in (await engine.person(ORGANISATION, person))["addresses"]:
            if engine.clock.now() > until:
                return
            await asyncio.sleep(LOOKING)
        await engine.request_outreach(
            ORGANISATION, person, RE_ENGAGEMENT, priority_score=WORTH, external_id=f"{person}-1", trigger="demo"
        )


def fresh_hour(now: datetime) -> str:
    """The zone in which an hour of the day began last; at least half of it is left.

    >>> from datetime import UTC
    >>> fresh_hour(datetime(2026, 3, 3, 9, 31, tzinfo=UTC))
    'Asia/Kolkata'
    """
    clocks = {zone: now.astimezone(ZoneInfo(zone)) for zone in ZONES}
    return min((zone for zone, at in clocks.items() if at.hour in WAKING), key=lambda zone: clocks[zone].minute)


def _names() -> Iterator[str]:
    """Ana, Ben and so on, and when all were there, with a number behind."""
    yield from NAMES
    for number in count(2):
        yield from (f"{name}-{number}" for name in NAMES)


def _called(person: str) -> str:
    return person.partition("-")[0].capitalize()
