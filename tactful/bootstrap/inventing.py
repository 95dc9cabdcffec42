"""Kinds and triggers that an organisation writes itself, as a file: checked, saved, tried on the past, put live."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tactful.bootstrap.owning import Owning
from tactful.bootstrap.reaching import IN_PROCESS
from tactful.decide.own import OWN_KINDS, kept, read
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.sense import limits
from tactful.sense.own import differences
from tactful.store.database import AsyncConnection
from tactful.store.decided import trials
from tactful.store.described import own
from tactful.store.described.own import KINDS, SETTINGS
from tactful.store.running import audit
from tactful.store.steps import run_async
from tactful.uses import own_kinds
from tactful.uses.own_kinds.checking import Checked
from tactful.uses.own_kinds.simulating import MOST_PEOPLE, MOST_STEPS, Trial

LONGEST_PAST = 60
# Versions of one answer.
LISTED = 50


class Inventing(Owning):
    """Own kinds of one organisation."""

    async def own_kinds(self, organisation: str) -> dict[str, Any]:
        """What is live of an organisation's own kinds, and every version of its file, newest first.

        live: the version, 0 for none, with its kinds and triggers (each with `on`) and what of it can be read no more
        (`broken`). versions: version, at, actor, note, live, changes (names of kinds and triggers that differ from the
        version before), and tried: what trying it out said last, None where nobody has. raises: BadInput, NotFound.
        """
        async with self._office(organisation) as connection:
            settings = await run_async(connection, own.version(organisation, SETTINGS))
            rows = await run_async(connection, own.history(organisation, KINDS, limit=LISTED, before=own.NEWEST))
            tried = await run_async(connection, trials.last(organisation, [row["version"] for row in rows]))
        text = settings["body"].get(OWN_KINDS, "")
        live = read(text)
        body = json.loads(text) if text else {}
        triggers = [
            {"name": name, **told, "on": name not in live.off, "broken": live.broken.get(name)}
            for name, told in body.get("triggers", {}).items()
        ]
        versions = [_version(row, live.version, tried.get(row["version"])) for row in rows]
        return {
            "live": live.version,
            "version": rows[0]["version"] if rows else 0,
            "kinds": [{"name": name, **told} for name, told in body.get("kinds", {}).items()],
            "triggers": triggers,
            "versions": versions,
        }

    async def own_kinds_file(self, organisation: str, version: int) -> dict[str, Any]:
        """One version as it was saved: version, at, actor, note, file. raises: BadInput, NotFound."""
        limits.whole(version, "version", 1, limits.LARGEST_COUNT)
        async with self._office(organisation) as connection:
            row = await _saved(connection, organisation, version)
        return {name: row[name] for name in ("version", "at", "actor", "note")} | {"file": row["body"]["file"]}

    async def check_own_kinds(self, organisation: str, file: str) -> dict[str, Any]:
        """What is wrong with a file (`faults`: line, field, problem), and the kinds and triggers it has. Keeps nothing.

        raises: BadInput, NotFound.
        """
        await self.require(organisation)
        try:
            found = own_kinds.check(file)
        except BadInput as error:
            line = error.detail.partition(":")[0].removeprefix("line ")
            fault = {"line": int(line) if line.isdecimal() else 1, "field": "file", "problem": error.detail}
            return {"fine": False, "faults": [fault], "kinds": [], "triggers": []}
        faults = [{"line": each.line, "field": each.field, "problem": each.problem} for each in found.faults]
        return {"fine": not faults, "faults": faults, "kinds": list(found.kinds), "triggers": list(found.triggers)}

    async def save_own_kinds(
        self,
        organisation: str,
        file: str,
        *,
        note: str = "",
        expected_version: int | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Keep a file as the next version; nobody is reached by it before it is put live.

        Answers the version that was written, or the one that stands where the file is the same. raises: BadInput naming
        line and field of each fault; NotFound; Conflict where somebody saved one meanwhile.
        """
        found = own_kinds.checked(file)
        changing = self._own_changing(organisation, KINDS, note=note, expected=expected_version)
        async with changing as (connection, before):
            if before["body"].get("file") == file:
                return _version(before, 0, None)
            after = {"file": file, "kinds": found.kinds, "triggers": found.triggers}
            change = own.Change(self.clock.now(), actor, note, after, _changes(before["body"], found))
            row = await run_async(connection, own.write(organisation, KINDS, before["version"] + 1, change))
            detail = {"version": row["version"], "names": sorted(row["changes"]), "note": note}
            await audit.write(connection, organisation=organisation, actor=actor, act="save own kinds", detail=detail)
        return _version(row, 0, None)

    async def try_own_kinds(
        self,
        organisation: str,
        *,
        version: int | None = None,
        file: str | None = None,
        days: int = 7,
        every_hours: int = 3,
        people: int = 500,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """What a version (the newest when left out), or a file that is not saved, would have done in the last `days`.

        Looks at up to `people` people, by lot, as they were known every so many hours. Answers since, until, people,
        everybody, triggers (see `uses.own_kinds.telling`), instead and words. What a version said is kept, without
        anybody's id. raises: BadInput naming the field; NotFound.
        """
        limits.whole(days, "days", 1, LONGEST_PAST)
        limits.whole(every_hours, "every_hours", 1, 24)
        limits.whole(people, "people", 1, MOST_PEOPLE)
        if days * 24 // every_hours > MOST_STEPS:
            problem = f"every_hours: that is more than {MOST_STEPS} looks; look less often."
            raise BadInput(problem, fields=["every_hours"])
        whose, now = await self.require(organisation), self.clock.now()
        if file is not None:
            found = own_kinds.checked(file)
            number, kinds, triggers = 0, found.kinds, found.triggers
        else:
            number, kinds, triggers = await self._one_saved(organisation, version)
        trial = Trial(whose, kept(kinds, triggers, version=number), now, days, every_hours, people)
        told = await asyncio.to_thread(own_kinds.simulate, self.database, self.rules, trial)
        if number:
            await self._keep_trial(organisation, number, told, now, actor)
        return {"version": number or None, **told}

    async def put_own_kinds_live(
        self,
        organisation: str,
        version: int,
        *,
        untried: bool = False,
        note: str = "",
        expected_version: int | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Decide by that version of the file from now on, in every process; 0: by none. Any earlier one will do.

        untried: live although nobody has tried it out, which is said in the audit log. expected_version: of the
        organisation's settings. Triggers that were switched off stay so. Answers as `change_settings`.
        raises: BadInput; NotFound; Conflict where it was not tried out, or can be read no more, or somebody changed
        something meanwhile.
        """
        limits.whole(version, "version", 0, limits.LARGEST_COUNT)
        changing = self._own_changing(organisation, SETTINGS, note=note, expected=expected_version)
        async with changing as (connection, before):
            off = read(before["body"].get(OWN_KINDS, "")).off
            text, tried = "", True
            if version:
                row = await _saved(connection, organisation, version)
                again = own_kinds.check(row["body"]["file"])
                if again.faults:
                    raise Conflict(f"Version {version} can be read no more: {again.faults[0]}", fields=["version"])
                tried = bool(await run_async(connection, trials.last(organisation, [version])))
                text = kept(again.kinds, again.triggers, version=version, off=off)
            if not tried and not untried:
                told = f"Version {version} was never tried out on the past; try it, or say that it goes live untried."
                raise Conflict(told, fields=["untried"])
            detail = {"version": version, "tried": tried, "note": note}
            return await self._decide_by(connection, organisation, before, text, "put own kinds live", detail, actor)

    async def take_own_kinds_back(
        self, organisation: str, *, note: str = "", actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Decide again by what was live before the last change of it. raises: BadInput, NotFound, Conflict."""
        async with self._own_changing(organisation, SETTINGS, note=note, expected=None) as (connection, before):
            changed = (await run_async(connection, own.last_changed(organisation, SETTINGS))).get(OWN_KINDS)
            if changed is None:
                raise Conflict("No kinds of your own were ever live.", fields=["version"])
            row = await run_async(connection, own.version(organisation, SETTINGS, upto=changed))
            text = row["changes"][OWN_KINDS][0] or ""
            detail = {"version": read(text).version, "note": note}
            return await self._decide_by(connection, organisation, before, text, "take own kinds back", detail, actor)

    async def switch_own_kind(
        self, organisation: str, name: str, on: bool, *, note: str = "", actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Switch one live trigger off, or on: off, it proposes nothing, and what waits because of it is withdrawn.

        raises: BadInput; NotFound where none of that name is live.
        """
        limits.name(name, "name")
        if not isinstance(on, bool):
            raise BadInput("on must be true or false.", fields=["on"])
        async with self._own_changing(organisation, SETTINGS, note=note, expected=None) as (connection, before):
            body = json.loads(before["body"].get(OWN_KINDS) or "{}")
            if name not in body.get("triggers", {}):
                raise NotFound(f"No trigger {name} of your own is live.", fields=["name"])
            off = {*body["off"]} - {name} if on else {*body["off"], name}
            text = kept(body["kinds"], body["triggers"], version=body["version"], off=off)
            act = "switch own kind " + ("on" if on else "off")
            return await self._decide_by(connection, organisation, before, text, act, {"name": name}, actor)

    async def _decide_by(
        self,
        connection: AsyncConnection,
        organisation: str,
        before: Mapping[str, Any],
        text: str,
        act: str,
        detail: Mapping[str, Any],
        actor: str,
    ) -> dict[str, Any]:
        """Write what is live among the settings, so that ticks, the ledger and the past know of it."""
        after = {name: value for name, value in before["body"].items() if name != OWN_KINDS}
        after |= {OWN_KINDS: text} if text else {}
        note = str(detail.get("note", ""))
        row = await self._own_write(connection, organisation, SETTINGS, before, after, actor=actor, note=note)
        if row["changes"]:
            await audit.write(connection, organisation=organisation, actor=actor, act=act, detail=dict(detail))
        return {"live": read(text).version, "settings_version": row["version"], "changed": bool(row["changes"])}

    async def _one_saved(self, organisation: str, version: int | None) -> tuple[int, dict[str, Any], dict[str, Any]]:
        if version is not None:
            limits.whole(version, "version", 1, limits.LARGEST_COUNT)
        async with self._office(organisation) as connection:
            row = await _saved(connection, organisation, version)
        found = own_kinds.checked(row["body"]["file"])
        return row["version"], found.kinds, found.triggers

    async def _keep_trial(
        self, organisation: str, version: int, told: Mapping[str, Any], at: datetime, actor: str
    ) -> None:
        """Without examples: who somebody is has no place in what stays."""
        rows = [{name: each for name, each in row.items() if name != "examples"} for row in told["triggers"]]
        result = json.loads(json.dumps({**told, "triggers": rows}, default=str))
        async with self.database.service() as connection:
            await run_async(connection, trials.write(organisation, version, result, at=at, actor=actor))
            detail = {"version": version, "days": told["days"], "people": told["people"]}
            await audit.write(connection, organisation=organisation, actor=actor, act="try own kinds", detail=detail)


async def _saved(connection: AsyncConnection, organisation: str, version: int | None) -> Mapping[str, Any]:
    """A version of the file, or the newest. raises: NotFound."""
    upto = own.NEWEST if version is None else version
    row = await run_async(connection, own.version(organisation, KINDS, upto=upto))
    if not row["version"] or version not in (None, row["version"]):
        raise NotFound(
            f"There is no version {version} of own kinds." if version else "None was saved.", fields=["version"]
        )
    return row


def _changes(before: Mapping[str, Any], found: Checked) -> dict[str, list[Any]]:
    """Kinds and triggers by name that are otherwise than before; what a file merely says otherwise changes none."""
    named = [
        {f"{part}.{name}": each for part in ("kinds", "triggers") for name, each in told.get(part, {}).items()}
        for told in (before, {"kinds": found.kinds, "triggers": found.triggers})
    ]
    return differences(*named)


def _version(row: Mapping[str, Any], live: int, tried: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("version", "at", "actor", "note")},
        "live": row["version"] == live,
        "changes": sorted(row["changes"]),
        "tried": None if tried is None else {"at": tried["at"], "actor": tried["actor"], **tried["result"]},
    }
