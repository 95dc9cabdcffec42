"""Reaching people: what they see and answer, how they want to be reached, and stopping at once."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from tactful.bootstrap.deciding import Deciding
from tactful.bootstrap.running import named
from tactful.bootstrap.settings import SNOOZE_MINUTES
from tactful.deliver import CHANNELS, FETCHED, PROGRAMS
from tactful.kernel.errors import BadInput, NotFound
from tactful.kernel.records import Response
from tactful.sense import limits
from tactful.store.database import Identity
from tactful.store.decided import inbox, pauses
from tactful.store.described import people, preferences
from tactful.store.described.people import Person
from tactful.store.running import audit

CHANNEL_NAMES = tuple(channel.name for channel in CHANNELS)
TIMES = ("quiet_hours_start", "quiet_hours_end")
# Notifications a day that somebody may allow.
MOST_PER_DAY = 100
MODES = ("pause", "shadow")
IN_PROCESS = "in process"


class Reaching(Deciding):
    """Interventions, preferences, pauses."""

    async def interventions(
        self,
        organisation: str,
        person: str,
        *,
        evaluate: bool = False,
        at: datetime | None = None,
        checked: bool = False,
    ) -> list[dict[str, Any]]:
        """What is decided and due for the person, most important first; each is marked as shown once.

        evaluate: decide about this person first. checked: the way in has held names and the time to what can be.

        raises: BadInput naming what cannot be.
        """
        if at is None or not checked:
            at = self.instant(at)
        if not checked:
            named(organisation, person)
        if evaluate:
            # Somebody we never heard of: there is nothing to decide about.
            with suppress(NotFound):
                await self.ask(organisation, person, at)
        asked = [inbox.Asked(organisation, person, at)]
        (rows,) = await self.looking.submit(asked)
        if any(row["state"] == "planned" for row in rows):
            # Every guard rail is asked again, the words are found, and only then is it shown.
            await self.showing.submit([(organisation, person)])
            (rows,) = await self.looking.submit(asked)
        return [row for row in rows if row["state"] == "shown"]

    async def answer(
        self, organisation: str, person: str, intervention_id: int, response: str, *, at: datetime | None = None
    ) -> dict[str, Any]:
        """Record what the person did with an intervention. Answers the answer that counts.

        response: one of `kernel.records.Response`. The first one stands and is told again when another comes; one
        that was snoozed comes back after `api.snooze_minutes` and may then be answered.

        raises: BadInput; NotFound when there is no such intervention of theirs.
        """
        if response not in list(Response):
            known = ", ".join(Response)
            raise BadInput(f"response: {response} is none; known are {known}.", fields=["response"])
        named(organisation, person)
        limits.whole(intervention_id, "intervention_id", 1, limits.LARGEST_ID)
        at = self.instant(at)
        snoozed = response == Response.SNOOZED
        minutes = await self._setting(organisation, SNOOZE_MINUTES) if snoozed else self.settings[SNOOZE_MINUTES]
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            snooze = timedelta(minutes=minutes)
            row = await inbox.answer(connection, intervention_id, str(response), at=at, snooze=snooze)
        if row is None:
            raise NotFound("There is no such intervention for this person.")
        return row

    async def preferences(self, organisation: str, person: str) -> dict[str, Any]:
        """How the person wants to be reached, or what holds for people who never said anything. raises: BadInput."""
        named(organisation, person)
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            said = await preferences.read(connection)
        return said or preferences.of_defaults((await self.governed(organisation)).defaults)

    async def choices(self, organisation: str) -> dict[str, list[str]]:
        """What people may switch off one by one: intervention_types that are switched on for them, and channels.

        raises: BadInput.
        """
        channels = [*FETCHED, *sorted(self.outside.keys() - PROGRAMS)]
        return {"intervention_types": (await self.governed(organisation)).switched_on, "channels": channels}

    async def change_preferences(self, organisation: str, person: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change what is named; everything else stays as it is. Answers all preferences.

        changes: by the names that `preferences` answers; times as `datetime.time` or like 22:00, in whole minutes,
        null for none.

        raises: BadInput naming the field; Conflict for somebody who was erased.
        """
        named(organisation, person)
        wanted = self._fitting(changes, list((await self.governed(organisation)).kinds))
        # Before anything is written: whoever is refused does not come into being by that.
        _whole_window(await self.preferences(organisation, person) | wanted)
        await self._due_again(organisation, person)
        unsaid = preferences.of_defaults((await self.governed(organisation)).defaults)
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            await preferences.lock(connection)
            before = await preferences.read(connection) or unsaid
            after = before | wanted
            # Once more: the other end may just have been taken away.
            _whole_window(after)
            await preferences.write(connection, after)
            await preferences.note(connection, before, after, at=self.clock.now())
        # Once more: a tick that looked at them in between did not see what they have just said.
        await self._due_again(organisation, person)
        return after

    async def _due_again(self, organisation: str, person: str) -> None:
        async with self.database.service() as connection:
            await people.write(connection, organisation, [Person(person)], now=self.clock.now(), back=False)

    def _fitting(self, changes: Mapping[str, Any], kinds: Sequence[str]) -> dict[str, Any]:
        if not isinstance(changes, Mapping):
            raise BadInput("changes must map names to values.", fields=["changes"])
        all_known(changes, "the preferences", preferences.COLUMNS)
        wanted = dict(changes)
        for field in TIMES:
            if wanted.get(field) is not None:
                wanted[field] = limits.minute(wanted[field], field)
        _known_names(wanted, kinds)
        if "max_notifications_per_day" in wanted:
            limits.whole(wanted["max_notifications_per_day"], "max_notifications_per_day", 0, MOST_PER_DAY)
        if not isinstance(wanted.get("dnd_enabled", False), bool):
            raise BadInput("dnd_enabled must be true or false.", fields=["dnd_enabled"])
        return wanted

    async def pauses(self, organisation: str) -> list[dict[str, Any]]:
        """Everything that is paused now, oldest first. raises: NotFound."""
        async with self._office(organisation) as connection:
            return await pauses.standing(connection)

    async def pause(
        self,
        organisation: str,
        *,
        scope: str = "organisation",
        name: str = "",
        mode: str = "pause",
        actor: str = IN_PROCESS,
        reason: str = "",
    ) -> dict[str, Any]:
        """Stop reaching people at once. Twice is one pause.

        scope: organisation, kind or channel; name: of the kind or channel. mode: pause, or shadow: decide and
        record, send nothing.

        raises: BadInput naming the field; NotFound when there is no such organisation.
        """
        await self._one_of(organisation, scope, name, mode)
        limits.text(reason, "reason")
        async with self._office(organisation) as connection:
            row = await pauses.pause(connection, scope=scope, name=name, mode=mode, reason=reason, actor=actor)
            await audit.write(
                connection, actor=actor, act=mode, detail={"scope": scope, "name": name, "reason": reason}
            )
        return row

    async def resume(
        self,
        organisation: str,
        *,
        scope: str = "organisation",
        name: str = "",
        mode: str = "pause",
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """End a pause. raises: BadInput naming the field; NotFound when nothing is paused there."""
        await self._one_of(organisation, scope, name, mode)
        async with self._office(organisation) as connection:
            if not await pauses.resume(connection, scope=scope, name=name, mode=mode):
                raise NotFound("Nothing is paused there.")
            await audit.write(connection, actor=actor, act=f"end {mode}", detail={"scope": scope, "name": name})
        return {"scope": scope, "name": name, "mode": mode, "ended": True}

    async def _one_of(self, organisation: str, scope: str, name: str, mode: str) -> None:
        kinds = list((await self.governed(organisation)).kinds)
        known = {"organisation": [""], "kind": kinds, "channel": list(CHANNEL_NAMES)}
        if scope not in known:
            raise BadInput(f"scope: {scope} is not known; known are {', '.join(known)}.", fields=["scope"])
        if mode not in MODES:
            raise BadInput(f"mode: {mode} is not known; known are {', '.join(MODES)}.", fields=["mode"])
        if name in known[scope]:
            return
        if scope == "organisation":
            raise BadInput("name: a pause of the organisation has none; leave it out.", fields=["name"])
        raise BadInput(f"name: say which {scope}; known are {', '.join(known[scope])}.", fields=["name"])


def _whole_window(wanted: Mapping[str, Any]) -> None:
    if (wanted["quiet_hours_start"] is None) != (wanted["quiet_hours_end"] is None):
        raise BadInput("Quiet hours need a start and an end, or neither.", fields=list(TIMES))


def _known_names(wanted: dict[str, Any], kinds: Sequence[str]) -> None:
    for field, known in (("disabled_intervention_types", kinds), ("disabled_channels", CHANNEL_NAMES)):
        if field in wanted:
            all_known(wanted[field], field, known)
            wanted[field] = sorted(set(wanted[field]))
    if wanted.get("preferred_channel") is not None:
        all_known([wanted["preferred_channel"]], "preferred_channel", CHANNEL_NAMES)


def all_known(names: Any, field: str, known: Iterable[str]) -> None:
    """Nothing, where all of these names are known. raises: BadInput."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise BadInput(f"{field} must be a list of names.", fields=[field])
    strange = [name for name in names if name not in known]
    if strange:
        raise BadInput(f"{field}: {strange[0]} is not known; known are {', '.join(known)}.", fields=[field])
